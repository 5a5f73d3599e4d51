"""Encrypts secrets in the database with keys that are not in it."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class CannotUnseal(Exception):
    """None of KEY_ENCRYPTION_KEYS decrypts this secret. The key it was sealed with has been removed."""


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.KEY_ENCRYPTION_KEYS])


def seal(secret: bytes) -> str:
    """Encrypt with the first of KEY_ENCRYPTION_KEYS (Fernet: AES-128-CBC with HMAC-SHA-256)."""
    return _box().encrypt(secret).decode("ascii")


def unseal(sealed: str) -> bytes:
    """Decrypt with the one of KEY_ENCRYPTION_KEYS that fits. Raises CannotUnseal if none does."""
    try:
        return _box().decrypt(sealed.encode("ascii"))
    except InvalidToken as error:
        raise CannotUnseal from error


def is_sealed_with_first_key(sealed: str) -> bool:
    """Whether the first of KEY_ENCRYPTION_KEYS decrypts this secret."""
    try:
        Fernet(settings.KEY_ENCRYPTION_KEYS[0]).decrypt(sealed.encode("ascii"))
    except InvalidToken:
        return False
    return True


def reseal(sealed: str) -> str:
    """Encrypt again with the first of KEY_ENCRYPTION_KEYS. Raises CannotUnseal."""
    return seal(unseal(sealed))
