"""The certificate an admin pastes or uploads."""

from __future__ import annotations

import base64
import contextlib
import json
import time

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    pkcs7,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from sso.saml.pasted.certificate_formats import MAX_BYTES
from sso.saml.pasted.certificates import (
    CertificateRefused,
    read_certificate,
    read_certificates,
)
from tests.saml.certificate_forms import (
    bare_base64_of,
    certificate,
    der_of,
    ec_key,
    pem_of,
)
from tests.saml.metadata_files import key
from tests.saml.pasted.good_certificate import BARE, DER, GOOD, LEAF, PEM, SHA256

BARE_LINES = PEM.split("\n", 1)[1].rsplit("-----END", 1)[0].strip()
OTHER = bare_base64_of(LEAF)


DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015"


def trusted() -> str:
    """The certificate with what `openssl x509 -trustout` adds: trusted for signing in to servers."""
    added = bytes.fromhex("300c 300a 06082b06010505070301".replace(" ", ""))
    body = base64.encodebytes(DER + added).decode()
    return f"-----BEGIN TRUSTED CERTIFICATE-----\n{body}-----END TRUSTED CERTIFICATE-----\n"


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
    "an element of metadata as text of a page": f"&lt;ds:X509Certificate&gt;{BARE}&lt;/ds:X509Certificate&gt;",
    "an element with armour in it": f"<X509Certificate>{PEM}</X509Certificate>",
    "an element with CDATA": f"<X509Certificate><![CDATA[{BARE}]]></X509Certificate>",
    "a KeyDescriptor": key(BARE),
    "a KeyDescriptor without use": key(BARE, use=""),
    "the KeyDescriptors for encryption and for signing": key(OTHER, use=' use="encryption"') + key(BARE),
    "the KeyDescriptors for signing and for encryption": key(BARE) + key(OTHER, use=" use='encryption'"),
    "a web page's part": f"<pre>{PEM}</pre>",
    "base64 of PEM": base64.b64encode(PEM.encode()).decode(),
    "base64 of PEM, wrapped": base64.encodebytes(PEM.encode()).decode(),
    "base64 of base64": base64.b64encode(BARE.encode()).decode(),
    "base64 of an element": base64.b64encode(f"<X509Certificate>{BARE}</X509Certificate>".encode()).decode(),
    "base64 of PEM in armour": PEM.replace(BARE_LINES, base64.encodebytes(PEM.encode()).decode()),
    "base64 of text around PEM": base64.b64encode(b"Bag Attributes\n" + PEM.encode()).decode(),
    "trusted by OpenSSL": trusted(),
    **{
        f"trusted by OpenSSL, with {ord(dash):x} for dashes": trusted().replace("-----", dash * 5)
        for dash in DASHES
    },
    "zero-width spaces in the file": PEM.replace("\n", "\u200b\n").encode(),
    "the words of OpenSSL around it": f"Certificate:\n    Signature Algorithm: sha256WithRSAEncryption\n{PEM}",
    "words of Latin-1 around it": "friendlyName: Société\n".encode("latin-1") + PEM.encode(),
    "a setting": f"idp_cert={BARE}",
    "a setting in quotes": f'idp_cert = "{BARE}"',
    "a setting of YAML": f"  x509cert: {BARE}",
    "a setting of YAML in lines": "x509cert: >\n  " + BARE_LINES.replace("\n", "\n  "),
    "a key set in JSON": json.dumps({"keys": [{"kty": "RSA", "x5c": [BARE]}]}),
    "a sentence before it": f"The certificate, as of 2026: {BARE}",
    "strings put together": " +\n".join(f'"{line}"' for line in PEM.splitlines()),
    "X509 label": PEM.replace("CERTIFICATE", "X509 CERTIFICATE"),
    "twice the same": PEM + PEM,
    "as much as is read": PEM.ljust(64 * 1024),
    "DER": DER,
    "DER with a newline": DER + b"\r\n",
    "PKCS 7": pkcs7.serialize_certificates([GOOD], Encoding.PEM),
    "PKCS 7 by its newer name": pkcs7.serialize_certificates([GOOD], Encoding.PEM).replace(b"PKCS7", b"CMS"),
    "PKCS 7 in DER": pkcs7.serialize_certificates([GOOD], Encoding.DER),
}

# How a line ends when it is copied from the source of a page, of XML, of a spreadsheet.
LINE_ENDS = [
    "&#13;",
    "&#13;&#10;",
    "&#xD;",
    "&#xd;",
    "&#x0D;&#x0A;",
    "&#10;",
    "&#xA;",
    "&amp;#13;",
    "&#13",
    "<br>",
    "<br/>",
    "<br />",
    "<BR>",
    "&lt;br&gt;",
    "_x000D_",
    "&nbsp;",
]


@pytest.mark.parametrize("end", LINE_ENDS)
@pytest.mark.parametrize("around", ["{}", "<ds:X509Certificate>{}</ds:X509Certificate>"])
@pytest.mark.parametrize("pasted", [PEM, BARE_LINES], ids=["with armour", "without"])
def test_it_reads_whatever_stands_for_a_line_end(pasted: str, around: str, end: str) -> None:
    for ended in (f"{end}\n", end) if end != "&#13" else (f"{end}\n",):
        assert read_certificate(around.format(pasted.strip().replace("\n", ended))).sha256 == SHA256


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
    "&#13;",
    "&#" + "9" * 30,
    "&amp;",
    "<br",
    "<br ",
    '"+',
    '" ',
    '"d" ',
    '"kty"',
    "MI",
    "MI ",
    "a=MI",
    "a = ",
    "AA:",
    "<KeyDescriptor ",
    "<KeyDescriptor use ",
    "<KeyDescriptor use='encryption'>",
    "<X509Certificate>",
    "Signature Algorithm",
    "TUlJ",
]


@pytest.mark.parametrize("piece", TEDIOUS)
def test_it_refuses_a_tedious_paste_at_once(piece: str) -> None:
    started = time.process_time()
    with pytest.raises(CertificateRefused):
        read_certificate(piece * (MAX_BYTES // len(piece)))
    assert time.process_time() - started < 2
