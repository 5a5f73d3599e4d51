"""A good certificate in the forms of its file, a chain, and what is wrong with any other paste."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import hashes

from sso.saml.pasted.certificates import (
    CertificateProblem,
    CertificateRefused,
    read_certificate,
)
from tests.saml.certificate_forms import (
    bare_base64_of,
    certificate,
    der_of,
    ec_key,
    pem_of,
    rsa_key,
)

GOOD = certificate()
PEM = pem_of(GOOD)
BARE = bare_base64_of(GOOD)
DER = der_of(GOOD)
SHA256 = GOOD.fingerprint(hashes.SHA256()).hex()
ROOT_KEY, MIDDLE_KEY, LEAF_KEY = rsa_key(number=3), rsa_key(number=4), rsa_key(number=5)
ROOT = certificate(ROOT_KEY, subject="root")
MIDDLE = certificate(MIDDLE_KEY, subject="middle", issuer="root", issuer_key=ROOT_KEY)
LEAF = certificate(LEAF_KEY, subject="leaf", issuer="middle", issuer_key=MIDDLE_KEY)


def problem_of(pasted: bytes | str) -> CertificateProblem:
    with pytest.raises(CertificateRefused) as refused:
        read_certificate(pasted)
    return refused.value.problem


def on_an_unknown_curve(subject: str) -> bytes:
    """The DER of a certificate whose curve is named by an OID nobody knows."""
    return der_of(certificate(ec_key(), subject=subject)).replace(
        b"\x2a\x86\x48\xce\x3d\x03\x01\x07", b"\x2a\x86\x48\xce\x3d\x03\x01\x7f"
    )
