"""Metadata: what is read of an identity provider's, and what ours says."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import onelogin.saml2
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from sso.saml.names import BINDING_POST, MD, ds
from sso.saml.pasted.certificates import read_certificate
from sso.saml.pasted.metadata import (
    MetadataProblem,
    MetadataRefused,
    read_idp_metadata,
)
from sso.saml.sp_metadata import service_provider_metadata
from tests.saml.certificate_forms import bare_base64_of, der_of, pem_of, private_key_of, rsa_key
from tests.saml.fetching import FETCHING, fetching
from tests.saml.metadata_files import (
    ENTITY_ID,
    OTHER,
    POST_URL,
    REDIRECT_URL,
    SIGNING,
    WHOLE,
    entities,
    entity,
    key,
    service,
)


def encrypted_key() -> str:
    """A KeyDescriptor with a key that is encrypted to somebody, named by a certificate."""
    return (
        '<KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><EncryptedKey>'
        f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{bare_base64_of(OTHER)}</ds:X509Certificate></ds:X509Data>"
        "</ds:KeyInfo></EncryptedKey></ds:KeyInfo></KeyDescriptor>"
    )


def federation(*parts: str) -> bytes:
    """FederationMetadata.xml: a descriptor for WS-Federation, and others behind it."""
    protocol = "http://docs.oasis-open.org/wsfed/federation/200706"
    role = f'<RoleDescriptor protocolSupportEnumeration="{protocol}">{key(bare_base64_of(OTHER))}</RoleDescriptor>'
    return f'<EntityDescriptor xmlns="{MD}" entityID="{ENTITY_ID}">{role}{"".join(parts)}</EntityDescriptor>'.encode()


def test_it_takes_the_saml_part_of_federation_metadata() -> None:
    saml = WHOLE[WHOLE.index("<IDPSSO") : WHOLE.index("</EntityDescriptor>")]
    assert read_idp_metadata(federation(saml)).signing_keys == ((der_of(SIGNING),),)


def test_it_takes_no_certificate_of_whom_a_key_is_encrypted_to() -> None:
    metadata = read_idp_metadata(entity(encrypted_key(), key(bare_base64_of(SIGNING)), service()).encode())
    assert metadata.signing_keys == ((der_of(SIGNING),),)


UNTIL = "2026-01-31T12:00:00"


@pytest.mark.parametrize(
    ("valid_until", "hour"),
    [(f"{UNTIL}Z", 12), (f" {UNTIL}.5Z ", 12), (f"{UNTIL}+02:00", 10), (UNTIL, 12), ("2026-01-31", 0)],
)
def test_it_says_until_when_metadata_are_valid(valid_until: str, hour: int) -> None:
    document = WHOLE.replace(
        "<EntityDescriptor ", f'<EntityDescriptor cacheDuration="PT1S" validUntil="{valid_until}" '
    )
    found = read_idp_metadata(document.encode()).valid_until
    assert found is not None
    assert found.replace(microsecond=0) == datetime(2026, 1, 31, hour, tzinfo=UTC)
    assert found.tzinfo is UTC


@pytest.mark.parametrize("valid_until", ["", "soon", "0001-01-01T00:00:00+14:00", "2026-13-01T00:00:00Z"])
def test_an_end_that_is_no_time_is_none(valid_until: str) -> None:
    document = WHOLE.replace("<EntityDescriptor ", f'<EntityDescriptor validUntil="{valid_until}" ')
    assert read_idp_metadata(document.encode()).valid_until is None


def test_the_earliest_end_of_all_around_it_counts() -> None:
    end = ' validUntil="{}-01-01T00:00:00Z" '
    inner = entities(WHOLE.replace("<IDPSSODescriptor ", "<IDPSSODescriptor" + end.format(2032)))
    document = f'<EntitiesDescriptor xmlns="{MD}"{end.format(2031)}>{inner.decode()}</EntitiesDescriptor>'
    assert read_idp_metadata(document.encode()).valid_until == datetime(2031, 1, 1, tzinfo=UTC)
    earlier = document.replace(end.format(2031), "").replace(end.format(2032), " ")
    earlier = earlier.replace("<EntityDescriptor ", "<EntityDescriptor" + end.format(2030))
    assert read_idp_metadata(earlier.encode()).valid_until == datetime(2030, 1, 1, tzinfo=UTC)


def test_the_end_of_the_descriptor_itself_counts() -> None:
    document = WHOLE.replace("<IDPSSODescriptor ", '<IDPSSODescriptor validUntil="2031-01-01T00:00:00Z" ')
    assert read_idp_metadata(document.encode()).valid_until == datetime(2031, 1, 1, tzinfo=UTC)


def test_an_end_without_a_zone_is_in_utc_wherever_the_service_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Etc/GMT+5")
    time.tzset()
    try:
        document = WHOLE.replace("<EntityDescriptor ", f'<EntityDescriptor validUntil="{UNTIL}" ')
        assert read_idp_metadata(document.encode()).valid_until == datetime(2026, 1, 31, 12, tzinfo=UTC)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_an_escaped_ampersand_of_an_address_is_read_once() -> None:
    document = entity(key(bare_base64_of(SIGNING)), service(location="https://idp.example/sso?a=1&amp;lt=2"))
    assert read_idp_metadata(document.encode()).sso_url == "https://idp.example/sso?a=1&lt=2"


def test_metadata_that_speak_of_a_private_key_are_read() -> None:
    document = WHOLE.replace("><", "><!-- Its PRIVATE KEY is in the HSM. --><", 1)
    assert read_idp_metadata(document.encode()).entity_id == ENTITY_ID


def test_whether_it_takes_redirects_is_read() -> None:
    assert read_idp_metadata(WHOLE.encode()).takes_redirect
    post_only = entity(key(bare_base64_of(SIGNING)), service(f" {BINDING_POST} ", POST_URL)).encode()
    assert not read_idp_metadata(post_only).takes_redirect


def test_of_several_descriptors_the_one_for_saml_2_is_taken() -> None:
    one = "<IDPSSODescriptor " + 'protocolSupportEnumeration="urn:mace:shibboleth:1.0"/>'
    document = WHOLE.replace("<IDPSSODescriptor ", f"{one}<IDPSSODescriptor ", 1)
    assert read_idp_metadata(document.encode()).sso_url == REDIRECT_URL
    unnamed = WHOLE.replace('protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"', "")
    assert read_idp_metadata(unnamed.encode()).sso_url == REDIRECT_URL
    old = WHOLE.replace("SAML:2.0:protocol", "SAML:1.1:protocol").replace(ENTITY_ID, "urn:old")
    assert read_idp_metadata(entities(old, WHOLE)).entity_id == ENTITY_ID


@pytest.mark.parametrize("around", [" ", "\n  ", "\u00a0", "\u200b"])
def test_blanks_around_an_entity_id_are_no_part_of_it(around: str) -> None:
    document = WHOLE.replace(ENTITY_ID, f"{around}{ENTITY_ID}{around}")
    assert read_idp_metadata(document.encode()).entity_id == ENTITY_ID


@pytest.mark.parametrize("use", [' use="Signing"', ' use=" signing "', ' use=""'])
def test_the_use_of_a_key_is_read_leniently(use: str) -> None:
    metadata = read_idp_metadata(entity(key(bare_base64_of(SIGNING), use=use), service()).encode())
    assert metadata.signing_keys == ((der_of(SIGNING),),)


def test_it_reads_issuer_sso_url_and_certificate() -> None:
    metadata = read_idp_metadata(f'<?xml version="1.0"?>\n{WHOLE}\n'.encode())
    assert metadata.entity_id == ENTITY_ID
    assert metadata.sso_url == REDIRECT_URL
    assert metadata.signing_keys == ((der_of(SIGNING),),)
    assert read_certificate(metadata.signing_keys[0][0]).pem == pem_of(SIGNING)


@pytest.mark.parametrize(
    ("services", "expected"),
    [
        (service(BINDING_POST, POST_URL), POST_URL),
        (
            service("urn:oasis:names:tc:SAML:2.0:bindings:SOAP", "https://soap.example") + service(),
            REDIRECT_URL,
        ),
        (service() + service(location="https://second.example"), REDIRECT_URL),
        (service(location=" ") + service(BINDING_POST, f" {POST_URL} "), POST_URL),
    ],
)
def test_it_prefers_the_redirect_address(services: str, expected: str) -> None:
    assert read_idp_metadata(entity(key(bare_base64_of(SIGNING)), services).encode()).sso_url == expected


@pytest.mark.parametrize(
    "keys",
    [
        key(pem_of(SIGNING).split("-----")[2], use=""),
        key(bare_base64_of(OTHER), use=' use="encryption"') + key(bare_base64_of(SIGNING)),
        key(bare_base64_of(SIGNING)) + key(bare_base64_of(SIGNING)),
    ],
)
def test_it_takes_each_signing_certificate_once_and_no_other(keys: str) -> None:
    assert read_idp_metadata(entity(keys, service()).encode()).signing_keys == ((der_of(SIGNING),),)


def test_it_keeps_both_certificates_of_a_rollover_in_their_order() -> None:
    keys = key(bare_base64_of(OTHER)) + key(bare_base64_of(SIGNING))
    assert read_idp_metadata(entity(keys, service()).encode()).signing_keys == (
        (der_of(OTHER),),
        (der_of(SIGNING),),
    )


def test_it_keeps_a_chain_together() -> None:
    element = "</ds:X509Certificate><ds:X509Certificate>"
    chain = key(bare_base64_of(OTHER) + element + bare_base64_of(SIGNING))
    assert read_idp_metadata(entity(chain, service()).encode()).signing_keys == (
        (der_of(OTHER), der_of(SIGNING)),
    )


def test_a_key_without_a_certificate_is_none() -> None:
    empty = '<KeyDescriptor use="signing"/>'
    metadata = read_idp_metadata(entity(empty, key(bare_base64_of(SIGNING)), service()).encode())
    assert metadata.signing_keys == ((der_of(SIGNING),),)


def test_a_certificate_that_is_no_base64_is_left_for_the_reader_of_certificates_to_name() -> None:
    for text in ("?!", "é", ""):
        assert read_idp_metadata(entity(key(text), service()).encode()).signing_keys == ((text.encode(),),)


def test_it_finds_the_one_identity_provider_among_entities() -> None:
    ours = entity(entity_id="https://sp.example", role="SPSSODescriptor")
    assert read_idp_metadata(entities(ours, WHOLE)).entity_id == ENTITY_ID


def test_it_reads_past_a_byte_order_mark_comments_and_a_style_sheet() -> None:
    data = b"\xef\xbb\xbf<?xml-stylesheet href='a.xsl'?><!-- mine -->" + WHOLE.encode()
    assert read_idp_metadata(data).entity_id == ENTITY_ID


@pytest.mark.parametrize(
    "data",
    [
        WHOLE.encode("utf-16"),
        b"\xfe\xff" + f"{WHOLE}\n".encode("utf-16-be"),
        b"\r\n\t" + f'<?xml version="1.0" encoding="UTF-8"?>{WHOLE}\n\n'.encode(),
        WHOLE.replace("><", "><!-- \u0410 --><", 1).encode("utf-16-le"),
        WHOLE.replace("><", "><!-- \u0410 --><", 1).encode("utf-16-be"),
        f"<?xml version='1.0' encoding='utf-16'?>\n{WHOLE}".encode(),
        f"<?xml version='1.0' encoding='utf-8'?>{WHOLE}".encode("utf-16"),
        f"\n<?xml version='1.0' encoding='iso-8859-1'?><!-- Société -->{WHOLE}".encode("iso-8859-1").strip(),
        f"\n <?xml version='1.0' encoding='iso-8859-1'?><!-- Société -->{WHOLE}".encode("iso-8859-1"),
        WHOLE.encode() + b"\n\x00",
        b"\xef\xbb\xbf\n <?xml version='1.0'?>" + WHOLE.encode(),
        WHOLE.replace("<", "&lt;").replace('"', "&quot;").encode(),
        f"This XML file does not appear to have any style information associated with it.\n{WHOLE}".encode(),
    ],
    ids=[
        "UTF-16",
        "UTF-16, big end first, with a newline",
        "blank lines around it",
        "UTF-16 without a mark",
        "UTF-16, big end first, without a mark",
        "UTF-8 that calls itself UTF-16",
        "UTF-16 that calls itself UTF-8",
        "Latin-1",
        "Latin-1 behind blanks",
        "a null at its end",
        "a mark, then blanks",
        "the source of a page",
        "as a browser shows it",
    ],
)
def test_it_reads_every_spelling_of_a_file(data: bytes) -> None:
    assert read_idp_metadata(data).entity_id == ENTITY_ID


@pytest.mark.parametrize("cut_by", ["<!-- -->", "<?p?>"])
def test_a_comment_does_not_cut_the_certificate_in_two(cut_by: str) -> None:
    body = bare_base64_of(SIGNING)
    cut = key(f"{body[:100]}{cut_by}{body[100:]}")
    assert read_idp_metadata(entity(cut, service()).encode()).signing_keys == ((der_of(SIGNING),),)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", MetadataProblem.EMPTY),
        (b" \r\n", MetadataProblem.EMPTY),
        (b" " * 1024 * 1024, MetadataProblem.EMPTY),
        (b" " * (1024 * 1024 + 1), MetadataProblem.TOO_LARGE),
        (b"\xff\xfe", MetadataProblem.EMPTY),
        (b"hello", MetadataProblem.NOT_XML),
        (b"hello \xff", MetadataProblem.NOT_XML),
        (pem_of(SIGNING).encode(), MetadataProblem.CERTIFICATE),
        (pem_of(SIGNING)[:300].encode(), MetadataProblem.CERTIFICATE),
        (der_of(SIGNING), MetadataProblem.CERTIFICATE),
        (bare_base64_of(SIGNING).encode(), MetadataProblem.CERTIFICATE),
        (pem_of(SIGNING).ljust(65 * 1024).encode() + b".", MetadataProblem.CERTIFICATE),
        (private_key_of(rsa_key()), MetadataProblem.PRIVATE_KEY),
        (private_key_of(rsa_key(), Encoding.DER), MetadataProblem.PRIVATE_KEY),
        (b"%PDF-1.7", MetadataProblem.DOCUMENT),
        (b"PK\x03\x04", MetadataProblem.DOCUMENT),
        (b"{\\rtf1}", MetadataProblem.DOCUMENT),
        (b"\x1f\x8b\x08", MetadataProblem.DOCUMENT),
        (b"\xd0\xcf\x11\xe0\xa1", MetadataProblem.DOCUMENT),
        (b"https://idp.example/metadata\n", MetadataProblem.WEB_ADDRESS),
        (b"[InternetShortcut]\r\nURL=https://idp.example/", MetadataProblem.WEB_ADDRESS),
        (b'{"issuer": 1}', MetadataProblem.OPENID),
        ('[{"issuer": 1}]'.encode("utf-16"), MetadataProblem.OPENID),
        (b"{issuer}", MetadataProblem.NOT_XML),
        (f"see {WHOLE}".encode(), MetadataProblem.NOT_XML),
        (
            f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x>{WHOLE}'.encode("utf-16") + b"\n",
            MetadataProblem.FORBIDDEN_XML,
        ),
        (b"<a>" * 300 + b"</a>" * 300, MetadataProblem.NOT_XML),
        (WHOLE.encode()[:-5], MetadataProblem.NOT_XML),
        (b"<!DOCTYPE html><html><p>Sign in</p></html>", MetadataProblem.HTML),
        (b"\xef\xbb\xbf\n<html lang='en'>", MetadataProblem.HTML),
        ("<!-- a --><!doctype HTML><p>Sign in".encode("utf-16"), MetadataProblem.HTML),
        (b"<div>Sign in</div>", MetadataProblem.HTML),
        (b"<h:html xmlns:h='http://www.w3.org/1999/xhtml'/>", MetadataProblem.HTML),
        (b'<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol"/>', MetadataProblem.MESSAGE),
        (
            b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + WHOLE.encode(),
            MetadataProblem.FORBIDDEN_XML,
        ),
        # Even one that no parser could read.
        (b"<!DOCTYPE x [<!ELEMENT <]><x/>", MetadataProblem.FORBIDDEN_XML),
        (
            f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x>{WHOLE}'.encode("utf-16"),
            MetadataProblem.FORBIDDEN_XML,
        ),
        (b"<Response/>", MetadataProblem.NOT_METADATA),
        (entity(role="SPSSODescriptor").encode(), MetadataProblem.SERVICE_PROVIDER),
        (entities(entity(role="SPSSODescriptor")), MetadataProblem.SERVICE_PROVIDER),
        (entity(role="AttributeAuthorityDescriptor").encode(), MetadataProblem.NO_IDP),
        (entity(role="RoleDescriptor").encode(), MetadataProblem.NO_IDP),
        (federation(), MetadataProblem.WS_FEDERATION),
        (WHOLE.replace("SAML:2.0:protocol", "SAML:1.1:protocol").encode(), MetadataProblem.SAML_1),
        (entities(), MetadataProblem.NO_IDP),
        (entities(WHOLE, WHOLE), MetadataProblem.SEVERAL_ENTITIES),
        (entity(key("AAAA"), service(), entity_id="  ").encode(), MetadataProblem.NO_ENTITY_ID),
        (entity(key("AAAA")).encode(), MetadataProblem.NO_SSO_URL),
        (entity(key("AAAA"), service(location=" ")).encode(), MetadataProblem.NO_SSO_URL),
        (entity(key("AAAA"), service(BINDING_POST, "")).encode(), MetadataProblem.NO_SSO_URL),
        (
            entity(key("AAAA"), service("urn:oasis:names:tc:SAML:2.0:bindings:SOAP")).encode(),
            MetadataProblem.OTHER_BINDINGS,
        ),
        (entity(key("AAAA", use=' use="Encryption "'), service()).encode(), MetadataProblem.NO_CERTIFICATE),
        (entity(encrypted_key(), service()).encode(), MetadataProblem.NO_CERTIFICATE),
        (entity(service()).encode(), MetadataProblem.NO_CERTIFICATE),
        (entity(key("AAAA", use=' use="encryption"'), service()).encode(), MetadataProblem.NO_CERTIFICATE),
    ],
)
def test_it_names_what_it_refuses(data: bytes, problem: MetadataProblem) -> None:
    with pytest.raises(MetadataRefused) as refused:
        read_idp_metadata(data)
    assert refused.value.problem is problem
    assert problem.sentence


@pytest.mark.parametrize(("dtd", "content"), FETCHING)
def test_a_dtd_the_parser_meets_makes_it_fetch_nothing(dtd: str, content: str, tmp_path: Path) -> None:
    document = f'<?xml version="1.0" encoding="UTF-16"?>{fetching(dtd, content, tmp_path)}'
    # The second is no whole UTF-16, so that the parser reads it as it is.
    for data in (document.encode("utf-16"), document.encode("utf-16") + b"\n"):
        with pytest.raises(MetadataRefused) as refused:
            read_idp_metadata(data)
        assert refused.value.problem is MetadataProblem.FORBIDDEN_XML


@given(st.binary() | st.text().map(str.encode) | st.text(alphabet="<>/!?= 'a:x", min_size=3).map(str.encode))
def test_it_never_raises_anything_else(data: bytes) -> None:
    with pytest.raises(MetadataRefused):
        read_idp_metadata(data)


@pytest.mark.parametrize(
    "piece",
    [
        "<!-- ",
        "<!---->",
        "<?a>",
        " ",
        "This XML file does not appear to have any style information ",
        "{ ",
        "&lt;",
        "&#9999",
        "<?xml ",
        "MI",
    ],
)
def test_it_refuses_a_tedious_file_at_once(piece: str) -> None:
    started = time.process_time()
    for text in (piece * (1024 * 1024 // len(piece)), "This XML file does not appear " + piece * 100_000):
        with pytest.raises(MetadataRefused):
            read_idp_metadata(text.encode()[: 1024 * 1024])
    assert time.process_time() - started < 4


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_a_changed_byte_is_read_or_refused_and_never_an_error(place: int, value: int) -> None:
    changed = bytearray(WHOLE.encode())
    changed[place] = value
    try:
        metadata = read_idp_metadata(bytes(changed))
    except MetadataRefused:
        return
    assert metadata.entity_id
    assert metadata.sso_url
    assert metadata.signing_keys


def test_ours_names_entity_id_and_acs_url() -> None:
    root = etree.fromstring(
        service_provider_metadata("https://sp.example/m/", "https://sp.example/acs/?a=1&b=2", "")
    )
    assert root.get("entityID") == "https://sp.example/m/"
    descriptor = root[0]
    assert descriptor.tag == f"{{{MD}}}SPSSODescriptor"
    assert descriptor.get("AuthnRequestsSigned") == "false"
    assert descriptor.get("WantAssertionsSigned") == "true"
    assert (
        descriptor.findtext(f"{{{MD}}}NameIDFormat")
        == "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
    )
    (acs,) = descriptor.findall(f"{{{MD}}}AssertionConsumerService")
    assert dict(acs.items()) == {
        "Binding": BINDING_POST,
        "Location": "https://sp.example/acs/?a=1&b=2",
        "index": "0",
        "isDefault": "true",
    }
    assert descriptor.find(f"{{{MD}}}KeyDescriptor") is None


def test_ours_offers_our_certificate_for_encryption_only() -> None:
    root = etree.fromstring(
        service_provider_metadata("https://sp.example", "https://sp.example/acs/", pem_of(SIGNING))
    )
    (descriptor,) = root.iter(f"{{{MD}}}KeyDescriptor")
    assert descriptor.get("use") == "encryption"
    (element,) = descriptor.iter(ds("X509Certificate"))
    assert element.text == bare_base64_of(SIGNING)


def test_ours_is_a_file_people_can_read(nobodys_prefixes: None) -> None:
    ours = service_provider_metadata("https://sp.example", "https://sp.example/acs/", pem_of(SIGNING))
    lines = ours.decode().splitlines()
    assert lines[0] == "<?xml version='1.0' encoding='UTF-8'?>"
    assert lines[1].startswith("<md:EntityDescriptor ")
    assert lines[2].startswith("  <md:SPSSODescriptor ")
    assert any(line.strip().startswith("<ds:X509Certificate>") for line in lines)


@pytest.mark.parametrize("certificate_pem", [pem_of(SIGNING), ""], ids=["with a key", "without"])
def test_ours_is_valid_by_the_schema_of_the_standard(certificate_pem: str) -> None:
    schemas = Path(onelogin.saml2.__file__).parent / "schemas"
    schema = etree.XMLSchema(etree.parse(str(schemas / "saml-schema-metadata-2.0.xsd")))
    ours = service_provider_metadata("https://sp.example", "https://sp.example/acs/", certificate_pem)
    schema.assertValid(etree.fromstring(ours))


def test_ours_pasted_as_the_identity_providers_is_named() -> None:
    ours = service_provider_metadata("https://sp.example", "https://sp.example/acs/", pem_of(SIGNING))
    with pytest.raises(MetadataRefused) as refused:
        read_idp_metadata(ours)
    assert refused.value.problem is MetadataProblem.SERVICE_PROVIDER
    for own_site, problem in (
        ("https://sp.example", MetadataProblem.OUR_OWN),
        ("https://sp.exam", MetadataProblem.SERVICE_PROVIDER),
    ):
        with pytest.raises(MetadataRefused) as told:
            read_idp_metadata(ours.replace(b'"https://sp.example"', b'"https://sp.example/m/"'), own_site)
        assert told.value.problem is problem


def test_every_problem_has_a_sentence() -> None:
    assert all(problem.sentence for problem in MetadataProblem)
