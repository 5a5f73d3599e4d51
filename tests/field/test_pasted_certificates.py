"""Certificates as people paste them: met with python3-saml, passport-saml, better-auth and Terraform's documents."""

from __future__ import annotations

import base64

import pytest

from sso.saml.pasted.certificate_problems import CertificateProblem
from sso.saml.pasted.certificates import CertificateRefused, read_certificates
from tests.field.filling import text_of
from tests.saml.certificate_forms import certificate, der_of, pem_of, rsa_key
from tests.saml.pasted.good_certificate import BARE, DER, PEM, SHA256

OTHER = certificate(rsa_key(number=1), subject="Other")
TRUSTED = base64.encodebytes(DER + b"\x30\x0a\x30\x08\x06\x06\x2b\x06\x01\x05\x05\x07").decode()
LINES = [BARE[at : at + 64] for at in range(0, len(BARE), 64)]


@pytest.mark.parametrize("file", ["pasted-1-bare.txt", "pasted-2-armour.txt", "pasted-3-element.txt"])
def test_a_line_end_may_be_a_character_reference(file: str) -> None:
    (found,) = read_certificates(text_of("certificate-with-character-references", file))
    assert found.subject == "CN=idp new active"


@pytest.mark.parametrize(
    "end", ["&#13;\n", "&#xD;", "&#xA;", "&#10;", "&#013;", "&#32;", "&nbsp;", "<br>", "<br/>\r\n", "<BR />"]
)
def test_whatever_a_page_ends_its_lines_with(end: str) -> None:
    for pasted in (
        end.join(LINES),
        f"-----BEGIN CERTIFICATE-----{end}{end.join(LINES)}{end}-----END CERTIFICATE-----",
    ):
        (found,) = read_certificates(pasted)
        assert found.sha256 == SHA256


@pytest.mark.parametrize(
    "pasted",
    [
        f"<ds:X509Certificate>{BARE}</ds:X509Certificate>",
        f'<KeyInfo xmlns="urn:x"><X509Data><X509Certificate>{BARE}</X509Certificate></X509Data></KeyInfo>',
        f"&lt;ds:X509Certificate&gt;{BARE}&lt;/ds:X509Certificate&gt;",
        base64.b64encode(PEM.encode()).decode(),
        base64.encodebytes(PEM.encode()).decode(),
        f"-----BEGIN TRUSTED CERTIFICATE-----\n{TRUSTED}-----END TRUSTED CERTIFICATE-----\n",
    ],
)
def test_what_holds_one_certificate_is_opened(pasted: str) -> None:
    (found,) = read_certificates(pasted)
    assert found.sha256 == SHA256


@pytest.mark.parametrize("between", ["", "\n", "\n\n"])
def test_several_in_a_row_are_all_read(between: str) -> None:
    bare = base64.b64encode(der_of(OTHER)).decode()
    for pasted in (
        between.join([PEM.strip(), pem_of(OTHER)]),
        between.join([BARE, bare]),
        between.join([bare, BARE]),
    ):
        assert {found.subject for found in read_certificates(pasted)} == {
            "CN=OneLogin Account,O=Acme",
            "CN=Other,O=Acme",
        }


def test_two_current_ones_are_both_taken() -> None:
    found = read_certificates(text_of("two-certificates-at-once", "pasted.pem"))
    assert [each.subject for each in found] == ["CN=idp old expired", "CN=idp new active"]


@pytest.mark.parametrize(
    ("pasted", "problem"),
    [
        ("https://idp.acme.example/certificate.pem", CertificateProblem.WEB_ADDRESS),
        (base64.b64encode(b"-----BEGIN RSA PRIVATE KEY-----\nMIIE").decode(), CertificateProblem.PRIVATE_KEY),
        ("&lt;html&gt;&lt;body&gt;", CertificateProblem.HTML),
        (f"{BARE}AA==A", CertificateProblem.NOT_A_CERTIFICATE),
        ("&#65;&#66;", CertificateProblem.NOT_A_CERTIFICATE),
        (
            "-----BEGIN TRUSTED CERTIFICATE-----\nMIIC\n-----END TRUSTED CERTIFICATE-----",
            CertificateProblem.TRUNCATED,
        ),
    ],
)
def test_what_is_none_is_named(pasted: str, problem: CertificateProblem) -> None:
    with pytest.raises(CertificateRefused) as refused:
        read_certificates(pasted)
    assert refused.value.problem is problem
