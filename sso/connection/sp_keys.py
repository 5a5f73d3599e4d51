"""The key pair of a connection, which identity providers encrypt assertions to. Stored sealed."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from accounts.sealing import seal, unseal
from sso.models import Connection, ServiceProviderKey

_LIFETIME = timedelta(days=3650)


def create_sp_key(connection: Connection) -> ServiceProviderKey:
    """Create and store an RSA key of 2048 bits with a self-signed certificate for a connection."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"JustCall SSO {connection.public_id}")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + _LIFETIME)
        .sign(key, hashes.SHA256())
    )
    private_pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return connection.sp_keys.create(
        certificate_pem=certificate.public_bytes(serialization.Encoding.PEM).decode("ascii"),
        sealed_private_key=seal(private_pem),
    )


def private_key_pem(key: ServiceProviderKey) -> bytes:
    """The private key in PEM. Never log or show it. Raises CannotUnseal."""
    return unseal(key.sealed_private_key)
