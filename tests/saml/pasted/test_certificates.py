"""The certificate an admin pastes or uploads."""

from __future__ import annotations

import base64
import contextlib
import time
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa, x25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs7,
    pkcs12,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from sso.saml.pasted.certificate_formats import MAX_BYTES
from sso.saml.pasted.certificates import (
    CertificateProblem,
    CertificateRefused,
    read_certificate,
    read_certificates,
)
from tests.saml.certificate_forms import (
    NOW,
    bare_base64_of,
    certificate,
    certified,
    der_of,
    dsa_key,
    ec_key,
    ed25519_key,
    named,
    pem_of,
    private_key_of,
    rsa_key,
    signing_request,
)

GOOD = certificate()
PEM = pem_of(GOOD)
BARE = bare_base64_of(GOOD)
DER = der_of(GOOD)
SHA256 = GOOD.fingerprint(hashes.SHA256()).hex()


def problem_of(pasted: bytes | str) -> CertificateProblem:
    with pytest.raises(CertificateRefused) as refused:
        read_certificate(pasted)
    return refused.value.problem


PASTED = {
    "PEM": PEM,
    "PEM as bytes": PEM.encode(),
    "CRLF": PEM.replace("\n", "\r\n"),
    "old Mac line ends": PEM.replace("\n", "\r"),
    "tabs": PEM.replace("\n", "\n\t"),
    "indented": "\n".join("      " + line + "  " for line in PEM.splitlines()),
    "blank lines": PEM.replace("\n", "\n\n"),
    "one line": PEM.replace("\n", " "),
    "without armour": BARE,
    "without armour, padding lost": BARE.rstrip("="),
    "without armour, padding doubled": BARE.rstrip("=") + "====",
    "without armour, wrapped": "\n".join(BARE[i : i + 60] for i in range(0, len(BARE), 60)),
    "without its first line": PEM.split("\n", 1)[1],
    "without its last line": PEM.rsplit("-----END", 1)[0],
    "URL-safe base64": BARE.replace("+", "-").replace("/", "_"),
    "percent-encoded": PEM.replace("\n", "%0D%0A")
    .replace("+", "%2B")
    .replace("/", "%2F")
    .replace("=", "%3D"),
    "literal backslash n": PEM.replace("\n", "\\n"),
    "a JSON string": '"' + PEM.replace("\n", "\\r\\n").replace("/", "\\/") + '",',
    "e-mail quoting": "".join(f"> {line}\n" for line in PEM.splitlines()),
    "no-break spaces": PEM.replace("\n", "\u00a0\n"),
    "a byte order mark": "\ufeff" + PEM,
    "a byte order mark in the file": b"\xef\xbb\xbf" + PEM.encode(),
    "UTF-16 of Notepad": PEM.encode("utf-16"),
    "UTF-16, big end first": b"\xfe\xff" + PEM.encode("utf-16-be"),
    "zero-width spaces": PEM.replace("\n", "\u200b\n"),
    "dashes of a word processor": PEM.replace("-----", "\u2014\u2014-"),
    "en dashes": PEM.replace("--", "\u2013"),
    "horizontal bars": PEM.replace("--", "\u2015"),
    "typographic hyphens": PEM.replace("-", "\u2010"),
    "no-break hyphens": PEM.replace("-", "\u2011"),
    "figure dashes": PEM.replace("-", "\u2012"),
    "bag text": "Bag Attributes\n    friendlyName: OneLogin\nsubject=/O=Acme\nissuer=/O=Acme\n" + PEM,
    "a line whose second byte is one of a length in DER": ("\u00c0 saisir\n" + PEM).encode(),
    "rules above and below": "=" * 40 + "\n" + "-" * 70 + "\n" + PEM + "-" * 70,
    "text after it": PEM + "\nSHA1 fingerprint: AA:BB\n",
    "an element of metadata": f"<ds:X509Certificate>{BARE}</ds:X509Certificate>",
    "X509 label": PEM.replace("CERTIFICATE", "X509 CERTIFICATE"),
    "twice the same": PEM + PEM,
    "as much as is read": PEM.ljust(64 * 1024),
    "DER": DER,
    "DER with a newline": DER + b"\r\n",
    "PKCS 7": pkcs7.serialize_certificates([GOOD], Encoding.PEM),
    "PKCS 7 by its newer name": pkcs7.serialize_certificates([GOOD], Encoding.PEM).replace(b"PKCS7", b"CMS"),
    "PKCS 7 in DER": pkcs7.serialize_certificates([GOOD], Encoding.DER),
}


@pytest.mark.parametrize("pasted", PASTED.values(), ids=PASTED.keys())
def test_it_reads_every_form_people_paste(pasted: bytes | str) -> None:
    assert read_certificate(pasted).sha256 == SHA256


def test_it_says_what_people_compare() -> None:
    info = read_certificate(PEM.replace("\n", "\r\n"))
    assert info.pem == PEM
    assert info.subject == "CN=OneLogin Account,O=Acme"
    assert info.issuer == "CN=OneLogin Account,O=Acme"
    assert int(info.serial, 16) == GOOD.serial_number
    assert info.key == "RSA 2048"
    assert info.not_before == GOOD.not_valid_before_utc
    assert info.not_after == GOOD.not_valid_after_utc
    assert info.sha1 == GOOD.fingerprint(hashes.SHA1()).hex()
    assert info.sha1_colons == GOOD.fingerprint(hashes.SHA1()).hex(":").upper()
    assert info.sha256_colons == GOOD.fingerprint(hashes.SHA256()).hex(":").upper()


@pytest.mark.parametrize(
    ("curve", "name"), [("secp256r1", "P-256"), ("secp384r1", "P-384"), ("secp521r1", "P-521")]
)
def test_it_takes_the_usual_elliptic_curves(curve: str, name: str) -> None:
    assert read_certificate(pem_of(certificate(ec_key(curve)))).key == f"EC {name}"


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
    assert problem_of(_on_an_unknown_curve("somebody")) is CertificateProblem.UNSUPPORTED_KEY


def _on_an_unknown_curve(subject: str) -> bytes:
    """The DER of a certificate whose curve is named by an OID nobody knows."""
    return der_of(certificate(ec_key(), subject=subject)).replace(
        b"\x2a\x86\x48\xce\x3d\x03\x01\x07", b"\x2a\x86\x48\xce\x3d\x03\x01\x7f"
    )


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


ROOT_KEY, MIDDLE_KEY, LEAF_KEY = rsa_key(number=3), rsa_key(number=4), rsa_key(number=5)
ROOT = certificate(ROOT_KEY, subject="root")
MIDDLE = certificate(MIDDLE_KEY, subject="middle", issuer="root", issuer_key=ROOT_KEY)
LEAF = certificate(LEAF_KEY, subject="leaf", issuer="middle", issuer_key=MIDDLE_KEY)


@pytest.mark.parametrize(
    "chain", [[LEAF, MIDDLE, ROOT], [ROOT, LEAF, MIDDLE], [MIDDLE, LEAF], [LEAF, MIDDLE, LEAF]]
)
def test_it_picks_the_leaf_of_a_chain(chain: list[x509.Certificate]) -> None:
    info = read_certificate("\n".join(pem_of(link) for link in chain))
    assert info.sha256 == LEAF.fingerprint(hashes.SHA256()).hex()
    assert read_certificate(b"".join(der_of(link) for link in chain)).sha256 == info.sha256


@pytest.mark.parametrize(
    "chain", [[LEAF, ROOT], [LEAF, MIDDLE, GOOD]], ids=["a gap", "a stranger among them"]
)
def test_it_refuses_a_chain_that_names_no_signing_certificate(chain: list[x509.Certificate]) -> None:
    assert problem_of("".join(pem_of(link) for link in chain)) is CertificateProblem.SEVERAL


def test_a_key_of_the_right_name_that_did_not_sign_is_a_stranger() -> None:
    namesake = certificate(rsa_key(number=6), subject="middle")
    assert problem_of(pem_of(LEAF) + pem_of(namesake)) is CertificateProblem.SEVERAL


def test_a_key_that_cannot_sign_is_a_stranger() -> None:
    exchange = x25519.X25519PrivateKey.generate().public_key()
    issuer = certified(exchange, subject="middle", issuer="root", issuer_key=ROOT_KEY)
    assert problem_of(pem_of(LEAF) + pem_of(issuer)) is CertificateProblem.SEVERAL
    assert problem_of(der_of(LEAF) + _on_an_unknown_curve("middle")) is CertificateProblem.SEVERAL


def _rsa(modulus_bits: int, exponent: int) -> x509.Certificate:
    """A certificate for a public key of these numbers, whoever could sign with it."""
    numbers = rsa.RSAPublicNumbers(exponent, (1 << modulus_bits) - 1)
    return certified(numbers.public_key(), subject="costly", issuer="root", issuer_key=ROOT_KEY)


def _with_exponent(key: rsa.RSAPrivateKey, exponent: int) -> rsa.RSAPrivateKey:
    of = key.private_numbers()
    d = pow(exponent, -1, (of.p - 1) * (of.q - 1))
    return rsa.RSAPrivateNumbers(
        of.p,
        of.q,
        d,
        rsa.rsa_crt_dmp1(d, of.p),
        rsa.rsa_crt_dmq1(d, of.q),
        of.iqmp,
        rsa.RSAPublicNumbers(exponent, of.public_numbers.n),
    ).private_key()


def test_it_refuses_keys_that_take_long_to_verify_with() -> None:
    assert read_certificate(der_of(_rsa(8192, 65537))).key == "RSA 8192"
    assert problem_of(der_of(_rsa(8193, 65537))) is CertificateProblem.UNSUPPORTED_KEY
    assert read_certificate(der_of(_rsa(2048, 2**32 - 1))).key == "RSA 2048"
    assert problem_of(der_of(_rsa(2048, 2**32 + 1))) is CertificateProblem.UNSUPPORTED_KEY


@pytest.mark.parametrize(("exponent", "is_chain"), [(4294967291, True), (4294967311, False)])
def test_no_chain_is_looked_at_with_a_key_that_takes_long(exponent: int, is_chain: bool) -> None:
    key = _with_exponent(MIDDLE_KEY, exponent)
    issuer = certificate(key, subject="slow")
    pasted = pem_of(certificate(LEAF_KEY, subject="leaf", issuer="slow", issuer_key=key)) + pem_of(issuer)
    if is_chain:
        assert read_certificate(pasted).subject == "CN=leaf,O=Acme"
    else:
        assert problem_of(pasted) is CertificateProblem.SEVERAL


def test_a_signature_of_a_kind_nobody_knows_makes_no_chain() -> None:
    sha256_with_rsa = bytes.fromhex("2a864886f70d01010b")
    odd = der_of(LEAF).replace(sha256_with_rsa, sha256_with_rsa[:-1] + b"\x7f")
    assert problem_of(odd + der_of(MIDDLE)) is CertificateProblem.SEVERAL


def test_it_does_not_sort_a_whole_trust_store() -> None:
    key = ec_key()
    chain = [certificate(key, subject=f"{number}", issuer=f"{number + 1}") for number in range(11)]
    assert read_certificate("".join(map(pem_of, chain[:10]))).subject == "CN=0,O=Acme"
    assert problem_of("".join(map(pem_of, chain))) is CertificateProblem.SEVERAL


def shas_of(*certificates: x509.Certificate) -> tuple[str, ...]:
    return tuple(each.fingerprint(hashes.SHA256()).hex() for each in certificates)


def read_several(*certificates: x509.Certificate) -> tuple[str, ...]:
    """The fingerprints of what is taken of a paste, the same whether it is PEM or DER."""
    taken = tuple(info.sha256 for info in read_certificates("\n".join(map(pem_of, certificates))))
    assert taken == tuple(info.sha256 for info in read_certificates(b"".join(map(der_of, certificates))))
    return taken


def several_problem_of(*certificates: x509.Certificate) -> CertificateProblem:
    with pytest.raises(CertificateRefused) as refused:
        read_certificates("".join(map(pem_of, certificates)))
    return refused.value.problem


STRANGER = certificate(rsa_key(number=2), subject="another")
RENEWED = certificate(not_after=NOW)
SIBLING = certificate(rsa_key(number=7), subject="sibling", issuer="middle", issuer_key=MIDDLE_KEY)
COUSIN = certificate(rsa_key(number=7), subject="cousin", issuer="elsewhere", issuer_key=ROOT_KEY)


@pytest.mark.parametrize(
    ("pasted", "taken"),
    [
        ([GOOD], [GOOD]),
        ([GOOD, STRANGER], [GOOD, STRANGER]),
        ([STRANGER, GOOD, STRANGER], [STRANGER, GOOD]),
        # Renewed with the key it had: each is self-signed, and each verifies with the other's key.
        ([GOOD, RENEWED], [GOOD, RENEWED]),
        ([LEAF, MIDDLE, ROOT], [LEAF]),
        ([MIDDLE, LEAF, SIBLING], [LEAF, SIBLING]),
        ([LEAF, SIBLING], [LEAF, SIBLING]),
        ([LEAF, COUSIN], [LEAF, COUSIN]),
    ],
)
def test_it_takes_every_signing_certificate_and_none_of_its_chain(
    pasted: list[x509.Certificate], taken: list[x509.Certificate]
) -> None:
    assert read_several(*pasted) == shas_of(*taken)


def _with_constraints(number: int, *, is_authority: bool) -> x509.Certificate:
    key = rsa_key(number=number)
    return (
        x509.CertificateBuilder()
        .subject_name(named("constrained"))
        .issuer_name(named("constrained"))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )


def test_an_authority_is_not_trusted_beside_a_certificate_that_it_may_have_issued() -> None:
    authority = _with_constraints(8, is_authority=True)
    # Its self-signed certificate says so of itself: many identity providers' do.
    assert read_several(authority, GOOD) == shas_of(authority, GOOD)
    assert several_problem_of(authority, LEAF) is CertificateProblem.SEVERAL
    assert several_problem_of(LEAF, authority) is CertificateProblem.SEVERAL
    assert (
        several_problem_of(certificate(rsa_key(number=6), subject="middle"), LEAF)
        is CertificateProblem.SEVERAL
    )
    other = _with_constraints(8, is_authority=False)
    assert read_several(other, LEAF) == shas_of(other, LEAF)


def test_an_extension_that_cannot_be_read_may_say_that_it_is_an_authority() -> None:
    readable = _with_constraints(8, is_authority=False)
    # The sequence of the basic constraints becomes a set.
    begin = bytes.fromhex("0603551d13 0101ff 0402")
    broken = der_of(readable).replace(begin + b"\x30", begin + b"\x31")
    assert broken != der_of(readable)
    assert len(read_certificates(broken)) == 1
    with pytest.raises(CertificateRefused) as refused:
        read_certificates(broken + der_of(LEAF))
    assert refused.value.problem is CertificateProblem.SEVERAL


def test_of_several_one_that_cannot_be_used_is_named_and_none_is_taken() -> None:
    assert several_problem_of(GOOD, certificate(rsa_key(1024))) is CertificateProblem.WEAK_RSA


def test_a_circle_of_certificates_names_no_signing_one() -> None:
    one_key, other_key = rsa_key(number=6), rsa_key(number=7)
    one = certificate(one_key, subject="one", issuer="other", issuer_key=other_key)
    other = certificate(other_key, subject="other", issuer="one", issuer_key=one_key)
    assert several_problem_of(one, other) is CertificateProblem.SEVERAL


def test_ten_certificates_are_taken_and_no_more() -> None:
    several = [certificate(ec_key(), subject=f"{number}") for number in range(11)]
    assert len(read_several(*several[:10])) == 10
    assert several_problem_of(*several) is CertificateProblem.SEVERAL


def test_every_certificate_of_a_fragment_of_markup_is_read() -> None:
    element = "<ds:X509Certificate>{}</ds:X509Certificate>"
    markup = "".join(element.format(bare_base64_of(each)) for each in (GOOD, STRANGER))
    taken = read_certificates(f"<KeyInfo>{markup}</KeyInfo>")
    assert tuple(info.sha256 for info in taken) == shas_of(GOOD, STRANGER)


def test_every_problem_has_its_sentence() -> None:
    assert all(problem.sentence for problem in CertificateProblem)


BLANKS = st.text(alphabet=" \t\r\n\u00a0\u200b\ufeff", max_size=4)


@settings(max_examples=80)
@given(st.lists(BLANKS, min_size=8, max_size=8), st.integers(1, 90), st.booleans())
def test_it_reads_the_same_certificate_whatever_the_whitespace(
    blanks: list[str], width: int, armour: bool
) -> None:
    lines = [BARE[i : i + width] for i in range(0, len(BARE), width)]
    if armour:
        lines = ["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----"]
    pasted = "".join(line + blanks[number % 8] + "\n" for number, line in enumerate(lines))
    assert read_certificate(blanks[0] + pasted).sha256 == SHA256


@settings(max_examples=300)
@given(
    st.one_of(
        st.binary(max_size=300), st.text(max_size=300), st.binary(max_size=200).map(lambda b: b"\x30\x82" + b)
    )
)
def test_it_never_raises_anything_else(pasted: bytes | str) -> None:
    with pytest.raises(CertificateRefused):
        read_certificate(pasted)


@settings(max_examples=300)
@given(st.integers(0, len(DER) - 1), st.integers(0, 255))
def test_a_changed_byte_is_read_or_refused_and_never_an_error(place: int, value: int) -> None:
    changed = DER[:place] + bytes([value]) + DER[place + 1 :]
    # Whether it still reads is the library's affair; that nothing else is raised is ours.
    with contextlib.suppress(CertificateRefused):
        assert read_certificate(changed).sha256 != SHA256 or changed == DER
    with contextlib.suppress(CertificateRefused):
        assert len(read_certificates(changed + der_of(LEAF))) in (1, 2)


TEDIOUS = [
    "-",
    "\u2014",
    "-- ",
    "--BEGIN ",
    "-----BEGIN CERTIFICATE-----",
    "--END ",
    "<X509Certificate ",
    "A=",
    "%41",
]


@pytest.mark.parametrize("piece", TEDIOUS)
def test_it_refuses_a_tedious_paste_at_once(piece: str) -> None:
    started = time.process_time()
    with pytest.raises(CertificateRefused):
        read_certificate(piece * (MAX_BYTES // len(piece)))
    assert time.process_time() - started < 2
