"""What is no certificate that can be used is named for what it is."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs7,
    pkcs12,
)

from sso.saml.pasted.certificates import (
    CertificateProblem,
    CertificateRefused,
    read_certificate,
)
from tests.saml.certificate_forms import (
    NOW,
    certificate,
    der_of,
    dsa_key,
    ec_key,
    ed25519_key,
    pem_of,
    private_key_of,
    rsa_key,
    signing_request,
)
from tests.saml.metadata_files import key
from tests.saml.pasted.good_certificate import BARE, DER, GOOD, PEM, SHA256, on_an_unknown_curve, problem_of

KEY = rsa_key()
PRIVATE_KEYS = {
    "PKCS 8": private_key_of(KEY),
    "PKCS 1": private_key_of(KEY, form=PrivateFormat.TraditionalOpenSSL),
    "encrypted": private_key_of(KEY, password=b"secret"),
    "SEC 1": private_key_of(ec_key(), form=PrivateFormat.TraditionalOpenSSL),
    "OpenSSH": private_key_of(KEY, form=PrivateFormat.OpenSSH),
    "PKCS 8 in DER": private_key_of(KEY, Encoding.DER),
    "PKCS 1 in DER": private_key_of(KEY, Encoding.DER, PrivateFormat.TraditionalOpenSSL),
    "encrypted in DER": private_key_of(KEY, Encoding.DER, password=b"secret"),
    "EC in DER": private_key_of(ec_key(), Encoding.DER),
    "SEC 1 in DER": private_key_of(ec_key(), Encoding.DER, PrivateFormat.TraditionalOpenSSL),
    "half of one, without armour": base64.b64encode(private_key_of(KEY, Encoding.DER))[:400],
    "PKCS 12": pkcs12.serialize_key_and_certificates(b"x", KEY, GOOD, None, NoEncryption()),
    "PuTTY": "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none",
    "with its certificate": PEM.encode() + private_key_of(KEY),
    "half of one": private_key_of(KEY)[:300],
    "in base64 once more": base64.b64encode(private_key_of(KEY)),
    "with character references": private_key_of(KEY).replace(b" ", b"&#32;"),
    "JSON": '{"kty":"RSA","n":"u1SU1","d" : "X4cTteJY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJoVH-HLLKD9"}',
    ".NET": "<RSAKeyValue><Modulus>u1SU</Modulus><InverseQ>q4</InverseQ><D>X4c</D></RSAKeyValue>",
}


@pytest.mark.parametrize("pasted", PRIVATE_KEYS.values(), ids=PRIVATE_KEYS.keys())
def test_it_refuses_a_private_key_and_repeats_none_of_it(pasted: bytes | str) -> None:
    with pytest.raises(CertificateRefused) as refused:
        read_certificate(pasted)
    assert refused.value.problem is CertificateProblem.PRIVATE_KEY
    assert str(refused.value) == "private_key"
    assert refused.value.__cause__ is None


PUBLIC_KEY = KEY.public_key()
METADATA = f"<EntityDescriptor><X509Certificate>{BARE}</X509Certificate></EntityDescriptor>"
REFUSED: dict[str, tuple[bytes | str, CertificateProblem]] = {
    "nothing": ("", CertificateProblem.EMPTY),
    "blanks": (" \r\n\t\u00a0\ufeff", CertificateProblem.EMPTY),
    "an empty file": (b"", CertificateProblem.EMPTY),
    "too much": (PEM.ljust(64 * 1024 + 1), CertificateProblem.TOO_LARGE),
    "a request": (signing_request(KEY), CertificateProblem.CSR),
    "a request of Windows": (
        signing_request(KEY).replace(b"CERTIFICATE REQUEST", b"NEW CERTIFICATE REQUEST"),
        CertificateProblem.CSR,
    ),
    "a request in DER": (signing_request(KEY, Encoding.DER), CertificateProblem.CSR),
    "a public key": (
        PUBLIC_KEY.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        CertificateProblem.PUBLIC_KEY,
    ),
    "a public key as PKCS 1": (
        PUBLIC_KEY.public_bytes(Encoding.PEM, PublicFormat.PKCS1),
        CertificateProblem.PUBLIC_KEY,
    ),
    "a public key of SSH 2": (
        "---- BEGIN SSH2 PUBLIC KEY ----\nAAAAB3NzaC1yc2EAAAADAQAB\n---- END SSH2 PUBLIC KEY ----",
        CertificateProblem.PUBLIC_KEY,
    ),
    "a small public key in DER": (
        ec_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        CertificateProblem.PUBLIC_KEY,
    ),
    "a public key in DER": (
        PUBLIC_KEY.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        CertificateProblem.PUBLIC_KEY,
    ),
    "an SSH key": (
        PUBLIC_KEY.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH),
        CertificateProblem.PUBLIC_KEY,
    ),
    "an SSH key on a curve": (
        ec_key().public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH),
        CertificateProblem.PUBLIC_KEY,
    ),
    "a public key in JSON": (json.dumps({"kty": "RSA", "n": BARE[:60]}), CertificateProblem.PUBLIC_KEY),
    "a public key of XML": (
        "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>u1SU</ds:Modulus></ds:RSAKeyValue></ds:KeyValue>",
        CertificateProblem.PUBLIC_KEY,
    ),
    "an MD5 fingerprint": ("MD5 Fingerprint: " + ":".join(["AB"] * 16), CertificateProblem.FINGERPRINT),
    "a fingerprint under its name": ("Thumbprint\n" + "ab" * 20, CertificateProblem.FINGERPRINT),
    "what OpenSSL says of it": (
        "Certificate:\n    Data:\n        Version: 3 (0x2)\n    Signature Algorithm: sha256WithRSAEncryption\n",
        CertificateProblem.DESCRIPTION,
    ),
    "an address": ("https://idp.example/certificate.pem", CertificateProblem.WEB_ADDRESS),
    "an address in base64 of nothing": ("http://idp.example/MII", CertificateProblem.WEB_ADDRESS),
    "the KeyDescriptor for encryption": (
        key(BARE, use=' use="encryption"'),
        CertificateProblem.FOR_ENCRYPTION,
    ),
    "a response": (
        f"<samlp:Response><ds:X509Certificate>{BARE}</ds:X509Certificate></samlp:Response>",
        CertificateProblem.MESSAGE,
    ),
    "a response in base64": (
        base64.b64encode(
            f"<samlp:Response><X509Certificate>{BARE}</X509Certificate></samlp:Response>".encode()
        ),
        CertificateProblem.MESSAGE,
    ),
    "a signature": (
        f"<ds:Signature><ds:SignatureValue>AA==</ds:SignatureValue><ds:X509Certificate>{BARE}</ds:X509Certificate>",
        CertificateProblem.MESSAGE,
    ),
    "a key that is encrypted to somebody": (
        f"<ds:KeyInfo><xenc:EncryptedKey><X509Certificate>{BARE}</X509Certificate></xenc:EncryptedKey></ds:KeyInfo>",
        CertificateProblem.MESSAGE,
    ),
    "a trusted one that is cut off": (
        PEM.replace("CERTIFICATE", "TRUSTED CERTIFICATE")[:500],
        CertificateProblem.TRUNCATED,
    ),
    "base64 of half of one": (base64.b64encode(PEM[:500].encode()), CertificateProblem.TRUNCATED),
    "a SHA-1 fingerprint": (read_certificate(PEM).sha1_colons, CertificateProblem.FINGERPRINT),
    "a SHA-256 fingerprint": ("SHA256 Fingerprint=" + SHA256, CertificateProblem.FINGERPRINT),
    "metadata": (METADATA, CertificateProblem.METADATA),
    "a web page": ("<!DOCTYPE html><html><body>Sign in</body></html>", CertificateProblem.HTML),
    "other markup": ("<certificate/>", CertificateProblem.NOT_A_CERTIFICATE),
    "half of one": (PEM[:500], CertificateProblem.TRUNCATED),
    "half of one with its last line": (
        PEM[:499] + "\n-----END CERTIFICATE-----\n",
        CertificateProblem.TRUNCATED,
    ),
    "the armour alone": (
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----",
        CertificateProblem.TRUNCATED,
    ),
    "half of one, without armour": (BARE[:401], CertificateProblem.TRUNCATED),
    "half of one in DER": (DER[:300], CertificateProblem.TRUNCATED),
    "half of a short one in DER": (der_of(certificate(ed25519_key()))[:90], CertificateProblem.TRUNCATED),
    "the beginning of a small one in DER": (b"\x30\x81\xf0\x30\x81\xa3", CertificateProblem.TRUNCATED),
    "the beginning of a trust store in DER": (b"\x30\x83\x01\x86\xa0\x06\x09", CertificateProblem.TRUNCATED),
    "words": ("the certificate of OneLogin", CertificateProblem.NOT_A_CERTIFICATE),
    "one word": ("certificate", CertificateProblem.NOT_A_CERTIFICATE),
    "base64 of something else": (
        base64.b64encode(b"hello" * 20).decode(),
        CertificateProblem.NOT_A_CERTIFICATE,
    ),
    "base64 with one digit too many": ("AAAAA", CertificateProblem.NOT_A_CERTIFICATE),
    "other armour": (PEM.replace("CERTIFICATE", "X509 CRL"), CertificateProblem.NOT_A_CERTIFICATE),
    "an image": (b"\x89PNG\r\n\x1a\n\x00\xff", CertificateProblem.NOT_A_CERTIFICATE),
    "DER of an unheard-of length": (
        base64.b64encode(b"\x30\x84\x01\x01\x01\x01"),
        CertificateProblem.NOT_A_CERTIFICATE,
    ),
    "DER that begins with a set": (
        base64.b64encode(b"\x31\x82\x04\x01\x30").decode(),
        CertificateProblem.NOT_A_CERTIFICATE,
    ),
    "one byte of DER": (base64.b64encode(b"\x30").decode(), CertificateProblem.NOT_A_CERTIFICATE),
    "an empty sequence": (base64.b64encode(b"\x30\x00").decode(), CertificateProblem.NOT_A_CERTIFICATE),
    "PKCS 7 without a certificate": (
        # SignedData of version 1 with four empty sets, as RFC 2315 9.1 allows.
        bytes.fromhex(
            "302306092a864886f70d010702a016301402010131003009 06072a8648ce3d0201 3100".replace(" ", "")
        ),
        CertificateProblem.NOT_A_CERTIFICATE,
    ),
    "PKCS 7 with an empty set of certificates": (
        base64.b64encode(
            bytes.fromhex("302506092a864886f70d010702a01830160201013100300b06092a864886f70d010701a0003100")
        ),
        CertificateProblem.NOT_A_CERTIFICATE,
    ),
    "RSA 1024": (pem_of(certificate(rsa_key(1024))), CertificateProblem.WEAK_RSA),
    "DSA": (pem_of(certificate(dsa_key())), CertificateProblem.UNSUPPORTED_KEY),
    "Ed25519": (pem_of(certificate(ed25519_key())), CertificateProblem.UNSUPPORTED_KEY),
    "an odd curve": (pem_of(certificate(ec_key("secp256k1"))), CertificateProblem.UNSUPPORTED_KEY),
    "two strangers": (
        PEM + pem_of(certificate(rsa_key(number=2), subject="another")),
        CertificateProblem.SEVERAL,
    ),
    "two of the same key": (PEM + pem_of(certificate(not_after=NOW)), CertificateProblem.SEVERAL),
}


@pytest.mark.parametrize(("pasted", "problem"), REFUSED.values(), ids=REFUSED.keys())
def test_it_names_what_it_refuses(pasted: bytes | str, problem: CertificateProblem) -> None:
    assert problem_of(pasted) is problem


def test_it_refuses_a_key_that_cannot_be_read() -> None:
    assert problem_of(on_an_unknown_curve("somebody")) is CertificateProblem.UNSUPPORTED_KEY


VERSION_3 = bytes.fromhex("a003020102")
UNHEARD_OF = {
    "a certificate of version 5": DER.replace(VERSION_3, VERSION_3[:-1] + b"\x04"),
    "PKCS 7 with a certificate of version 5": pkcs7.serialize_certificates([GOOD], Encoding.DER).replace(
        VERSION_3, VERSION_3[:-1] + b"\x04"
    ),
    "PKCS 7 of unsigned data": bytes.fromhex("300f06092a864886f70d010701a0020400"),
    "a request of version 8": signing_request(KEY, Encoding.DER).replace(b"\x02\x01\x00", b"\x02\x01\x07", 1),
    "a public key of no known kind": PUBLIC_KEY.public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    ).replace(b"\xf7\x0d\x01\x01\x01", b"\xf7\x0d\x01\x01\x7f"),
}


@pytest.mark.parametrize("der", UNHEARD_OF.values(), ids=UNHEARD_OF.keys())
def test_it_refuses_what_the_library_has_never_heard_of(der: bytes) -> None:
    assert problem_of(der) is CertificateProblem.NOT_A_CERTIFICATE


def test_it_refuses_a_certificate_whose_subject_cannot_be_read() -> None:
    broken = DER.replace(b"\x06\x03\x55\x04\x03\x0c", b"\x06\x03\x55\x04\x03\x03")
    assert broken != DER
    assert problem_of(broken) is CertificateProblem.NOT_A_CERTIFICATE


def test_every_problem_has_its_sentence() -> None:
    assert all(problem.sentence for problem in CertificateProblem)
