"""What a stored connection expects of a response, as the pure core takes it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

from accounts.sealing import CannotUnseal
from sso.connection.sp_keys import private_key_pem
from sso.models import Connection, IdpCertificate
from sso.saml.pasted.certificates import IdpCertificateInfo
from sso.saml.types import ConnectionConfig, PinnedCertificate

logger = logging.getLogger(__name__)


def config_of(connection: Connection, *, with_keys: bool = True) -> ConnectionConfig:
    """The configuration that responses are checked against.

    Our private keys are a statement and an unsealing: only what is encrypted needs them.
    """
    usable = list(_usable_keys(connection)) if with_keys else []
    return replace(
        config_for_requests(connection),
        certificates=tuple(pinned(row) for row in connection.certificates.all()),
        decryption_keys=tuple(private_key for private_key, _ in usable),
        own_certificates=tuple(certificate for _, certificate in usable),
    )


def config_for_requests(connection: Connection) -> ConnectionConfig:
    """The configuration that requests are written by: no certificate and no key, so no response is accepted by it."""
    return ConnectionConfig(
        entity_id=connection.entity_id,
        acs_url=connection.acs_url,
        idp_entity_id=connection.idp_entity_id,
        sso_url=connection.sso_url,
        certificates=(),
        allow_idp_initiated=connection.allow_idp_initiated,
        allow_sha1=connection.allow_sha1,
    )


def pinned(certificate: IdpCertificate | IdpCertificateInfo) -> PinnedCertificate:
    """The certificate in the form that the core verifies signatures with."""
    return PinnedCertificate(
        certificate.pem, certificate.sha256, certificate.not_before, certificate.not_after
    )


def _usable_keys(connection: Connection) -> Iterator[tuple[bytes, str]]:
    """The private key and the certificate (PEM) of each key pair that can still be unsealed."""
    for key in connection.sp_keys.all():
        try:
            yield private_key_pem(key), key.certificate_pem
        except CannotUnseal:
            # Sign-in without encryption still works. The operator must restore the key it was sealed with.
            logger.error(
                "A service provider key cannot be unsealed", extra={"connection": connection.public_id}
            )
