"""Several certificates in one paste: a chain names its signing certificate, others are taken one by one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa, x25519
from cryptography.x509.oid import NameOID

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
    ec_key,
    named,
    pem_of,
    rsa_key,
)
from tests.saml.pasted.good_certificate import (
    GOOD,
    LEAF,
    LEAF_KEY,
    MIDDLE,
    MIDDLE_KEY,
    ROOT,
    ROOT_KEY,
    on_an_unknown_curve,
    problem_of,
)


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
    assert problem_of(der_of(LEAF) + on_an_unknown_curve("middle")) is CertificateProblem.SEVERAL


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
    names = [
        x509.DNSName("idp.exampl"),
        x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "name")])),
    ]
    return (
        x509.CertificateBuilder()
        .subject_name(named("constrained"))
        .issuer_name(named("constrained"))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier(b"key"), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
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


# What cryptography raises about each: a set for the sequence of the basic constraints (ValueError), two extensions of a
# kind (DuplicateExtension), a kind of name it does not read (UnsupportedGeneralNameType), a text for bits (TypeError).
UNREADABLE_EXTENSIONS = {
    "not as the standard says": ("0603551d13 0101ff 0402 30", "0603551d13 0101ff 0402 31"),
    "twice the same": ("0603551d0e", "0603551d13"),
    "a name of an unknown kind": ("820a 6964702e6578616d706c", "a30a 6964702e6578616d706c"),
    "a name of another type": ("0603550403 0c04 6e616d65", "0603550403 0304 006e616d"),
}


@pytest.mark.parametrize(
    ("readable", "broken"), UNREADABLE_EXTENSIONS.values(), ids=UNREADABLE_EXTENSIONS.keys()
)
def test_an_extension_that_cannot_be_read_may_say_that_it_is_an_authority(readable: str, broken: str) -> None:
    whole = der_of(_with_constraints(8, is_authority=False))
    assert whole.count(bytes.fromhex(readable)) == 1
    changed = whole.replace(bytes.fromhex(readable), bytes.fromhex(broken))
    assert len(read_certificates(changed)) == 1
    with pytest.raises(CertificateRefused) as refused:
        read_certificates(changed + der_of(LEAF))
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


@pytest.mark.parametrize(
    "pasted",
    [
        pem_of(GOOD).strip() + pem_of(STRANGER),
        bare_base64_of(GOOD) + bare_base64_of(STRANGER),
        bare_base64_of(GOOD) + "\n\n" + bare_base64_of(STRANGER),
        bare_base64_of(GOOD) + "," + bare_base64_of(STRANGER),
        f'{{"x5c": ["{bare_base64_of(GOOD)}", "{bare_base64_of(STRANGER)}"]}}',
        f"old_cert={bare_base64_of(GOOD)}\nnew_cert={bare_base64_of(STRANGER)}",
        f"- {pem_of(GOOD)}- {pem_of(STRANGER)}",
        pem_of(GOOD).strip() + "&#13;" + pem_of(STRANGER),
    ],
    ids=["one rule of dashes", "glued", "two blocks", "a comma", "JSON", "settings", "YAML", "a reference"],
)
def test_none_of_several_is_lost_whatever_stands_between_them(pasted: str) -> None:
    assert tuple(info.sha256 for info in read_certificates(pasted)) == shas_of(GOOD, STRANGER)


@pytest.mark.parametrize("between", ["", "\n", "&#13;", "<br>"])
def test_leaf_and_issuer_glued_together_are_a_chain(between: str) -> None:
    for one, other in ((LEAF, MIDDLE), (MIDDLE, LEAF)):
        assert read_certificate(pem_of(one).strip() + between + pem_of(other)).subject == "CN=leaf,O=Acme"
        glued = bare_base64_of(one) + between + bare_base64_of(other)
        assert read_certificate(glued).subject == "CN=leaf,O=Acme"
