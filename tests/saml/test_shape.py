"""The shape of a message: everything the schemas allow that we know, and not one attribute more."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from lxml import etree

from sso.refusals import Refusal, Refused
from sso.report_words.words import in_words
from sso.saml.shape import require_known_shape
from tests.saml.whole_messages import ENCRYPTED, FULL, NAMESPACES


def _refused(root: etree._Element) -> str:
    with pytest.raises(Refused) as caught:
        require_known_shape(root)
    assert caught.value.refusal is Refusal.UNEXPECTED_STRUCTURE
    return in_words(caught.value.received)


def _one(root: etree._Element, path: str) -> etree._Element:
    found = root.find(path, NAMESPACES)
    assert found is not None, path
    return found


@pytest.mark.parametrize("message", [FULL, ENCRYPTED], ids=["full", "encrypted"])
def test_everything_the_schemas_allow_of_a_sign_in_is_allowed(message: str) -> None:
    require_known_shape(etree.fromstring(message))


def test_a_second_statement_and_confirmation_are_allowed() -> None:
    root = etree.fromstring(FULL)
    for path in (".//saml:SubjectConfirmation", ".//saml:AuthnStatement", ".//saml:AudienceRestriction"):
        node = _one(root, path)
        node.addnext(copy.deepcopy(node))
    require_known_shape(root)


PLACES = sorted({str(node.tag) for text in (FULL, ENCRYPTED) for node in etree.fromstring(text).iter()})


def _nodes(tag: str) -> list[etree._Element]:
    return [node for text in (FULL, ENCRYPTED) for node in etree.fromstring(text).iter(tag)]


def _is_read(node: etree._Element) -> bool:
    """Whether it stands outside of what nobody reads."""
    inside = [etree.QName(parent).localname for parent in node.iterancestors()]
    return "StatusDetail" not in inside and (
        "KeyInfo" not in inside or "EncryptedKey" in inside[: inside.index("KeyInfo")]
    )


@pytest.mark.parametrize("tag", PLACES)
@pytest.mark.parametrize(
    "name",
    [
        "unknown",
        "AttributeName",
        "{urn:oasis:names:tc:SAML:2.0:assertion}Name",
        "{http://www.w3.org/2000/09/xmldsig#}URI",
    ],
)
def test_no_element_takes_an_attribute_it_does_not_have(tag: str, name: str) -> None:
    for node in filter(_is_read, _nodes(tag)):
        node.set(name, "v")
        assert f"{etree.QName(name).localname} at " in _refused(node.getroottree().getroot())


@pytest.mark.parametrize("name", ["{urn:x}y", "{http://www.w3.org/XML/1998/namespace}base"])
def test_attributes_of_other_namespaces_stay_where_the_schemas_let_them_in(name: str) -> None:
    for place, is_open in (
        ("saml:Assertion/saml:Subject", False),
        (".//saml:Attribute", True),
        ("samlp:Status", False),
    ):
        root = etree.fromstring(FULL)
        _one(root, place).set(name, "v")
        if is_open:
            require_known_shape(root)
        else:
            assert " at " in _refused(root)


@pytest.mark.parametrize(
    "path", [".//saml:NameID", ".//saml:Audience", ".//ds:DigestValue", ".//samlp:StatusMessage"]
)
def test_a_text_has_no_children(path: str) -> None:
    root = etree.fromstring(FULL)
    etree.SubElement(_one(root, path), "{urn:x}y")
    assert _refused(root).startswith("y in ")


@pytest.mark.parametrize("tag", PLACES)
def test_nothing_stands_where_nothing_belongs(tag: str) -> None:
    for node in filter(_is_read, _nodes(tag)):
        if etree.QName(node).localname in ("KeyInfo", "StatusDetail"):
            continue
        for position in {0, len(node)}:
            other = copy.deepcopy(node.getroottree().getroot())
            twin = next(b for a, b in zip(node.getroottree().iter(), other.iter(), strict=True) if a is node)
            twin.insert(position, etree.Element("{urn:x}y"))
            _refused(other)


NEEDED = [
    "samlp:Status", "samlp:Status/samlp:StatusCode", "saml:Assertion/saml:Issuer",
    ".//saml:AudienceRestriction/saml:Audience", ".//saml:AuthnContext",
    "ds:Signature/ds:SignedInfo", "ds:Signature/ds:SignatureValue",
    ".//ds:CanonicalizationMethod", ".//ds:SignatureMethod", ".//ds:Reference", ".//ds:Transforms",
    ".//ds:Transform", ".//ds:DigestMethod", ".//ds:DigestValue",
]  # fmt: skip


@pytest.mark.parametrize("path", NEEDED)
def test_what_is_needed_must_be_there(path: str) -> None:
    root = etree.fromstring(FULL)
    node = _one(root, path)
    parent = node.getparent()
    assert parent is not None
    for like in parent.findall(str(node.tag)):
        parent.remove(like)
    assert " without " in _refused(root)


@pytest.mark.parametrize(
    "path", ["xenc:EncryptedData", ".//xenc:CipherData", ".//xenc:EncryptedKey/xenc:CipherData"]
)
def test_what_an_encrypted_assertion_needs_must_be_there(path: str) -> None:
    root = etree.fromstring(ENCRYPTED)
    node = _one(_one(root, "saml:EncryptedAssertion"), path)
    node.getparent().remove(node)  # type: ignore[union-attr]
    assert " without " in _refused(root)


# Elements of which one is enough; those of which there may be some; those of which there may be many.
ONCE = [
    "saml:Issuer", "ds:Signature", "samlp:Status", "saml:Assertion", ".//samlp:StatusCode/samlp:StatusCode",
    ".//samlp:StatusMessage", ".//samlp:StatusDetail", "saml:Assertion/saml:Issuer", "saml:Assertion/ds:Signature",
    ".//saml:Subject", ".//saml:Conditions", ".//saml:Subject/saml:NameID",
    ".//saml:SubjectConfirmation/saml:NameID", ".//saml:SubjectConfirmationData", ".//saml:SubjectLocality",
    ".//saml:AuthnContext", ".//saml:AuthnContextClassRef", ".//saml:AuthnContextDeclRef",
    ".//saml:AttributeValue/saml:NameID", ".//ds:SignedInfo", ".//ds:SignatureValue", "ds:Signature/ds:KeyInfo",
    ".//ds:CanonicalizationMethod", ".//ds:SignatureMethod", ".//ds:Reference", ".//ds:Transforms",
    ".//ds:DigestMethod", ".//ds:DigestValue", ".//ds:Transform", ".//ec:InclusiveNamespaces",
    ".//ds:Transform/ec:InclusiveNamespaces",
]  # fmt: skip
ONCE_ENCRYPTED = [
    "saml:EncryptedAssertion", ".//xenc:EncryptedData", "saml:EncryptedAssertion/xenc:EncryptedKey",
    ".//xenc:EncryptedData/xenc:EncryptionMethod", ".//xenc:EncryptedData/ds:KeyInfo",
    ".//xenc:EncryptedData/xenc:CipherData", ".//xenc:CipherValue", ".//xenc:EncryptedKey/xenc:EncryptionMethod",
    ".//xenc:EncryptedKey/ds:KeyInfo", ".//xenc:EncryptedKey/xenc:CipherData", ".//xenc:ReferenceList",
    ".//xenc:CarriedKeyName",
]  # fmt: skip
SOME = {
    ".//saml:SubjectConfirmation": 8, ".//saml:AuthnStatement": 8, ".//saml:AudienceRestriction": 8,
    ".//saml:Audience": 64, ".//saml:ProxyRestriction/saml:Audience": 64, ".//saml:AuthenticatingAuthority": 8,
    ".//saml:AttributeValue": 4000, ".//saml:Attribute": 4000,
}  # fmt: skip
SOME_ENCRYPTED = {".//xenc:DataReference": 8, ".//xenc:KeySize": 4}


def _bare(node: etree._Element) -> etree._Element:
    """A copy without IDs, so that only its being there can be wrong."""
    twin = copy.deepcopy(node)
    for inner in twin.iter():
        for name in ("ID", "Id"):
            inner.attrib.pop(name, "")
    return twin


@pytest.mark.parametrize("path", [*ONCE, *ONCE_ENCRYPTED])
def test_of_most_there_is_at_most_one(path: str) -> None:
    root = etree.fromstring(FULL if path in ONCE else ENCRYPTED)
    node = _one(root, path)
    node.addnext(_bare(node))
    _refused(root)


@pytest.mark.parametrize("path", [*SOME, *SOME_ENCRYPTED])
def test_of_others_there_may_be_some_and_no_more(path: str) -> None:
    root = etree.fromstring(FULL if path in SOME else ENCRYPTED)
    most = (SOME | SOME_ENCRYPTED)[path]
    node = _one(root, path)
    parent = node.getparent()
    assert parent is not None
    # Its run has other elements too: statements of two kinds share their eight.
    kinds = {
        "AuthnStatement": 2,
        "AudienceRestriction": 3,
        "Attribute": 3,
        "AttributeValue": 2,
        "Audience": 2,
    }
    already = kinds.get(etree.QName(node).localname, 1) if "Proxy" not in path else 1
    for _ in range(most - already):
        node.addnext(_bare(node))
    require_known_shape(root)
    node.addnext(_bare(node))
    assert " in " in _refused(root)


def _at(path: str, element: str) -> Callable[[etree._Element], None]:
    def put(root: etree._Element) -> None:
        prefix, _, name = element.partition(":")
        etree.SubElement(_one(root, path), f"{{{NAMESPACES[prefix]}}}{name}")

    return put


@pytest.mark.parametrize("path", [".//samlp:StatusDetail/x:any", "ds:Signature/ds:KeyInfo"])
@pytest.mark.parametrize(
    "element",
    [
        "saml:Assertion", "saml:EncryptedAssertion", "samlp:Response", "samlp:StatusDetail", "ds:Signature",
        "ds:SignedInfo", "ds:Object", "ds:Manifest", "ds:Reference", "ds:Transforms", "ds:SPKIData",
        "ds:RetrievalMethod", "dsig11:KeyInfoReference", "xenc:CipherReference", "xenc:EncryptedData",
        "xenc:AgreementMethod", "xenc11:DerivedKey",
    ],
)  # fmt: skip
def test_what_nobody_reads_holds_nothing_that_somebody_might(path: str, element: str) -> None:
    root = etree.fromstring(FULL)
    _at(path, element)(root)
    assert element.partition(":")[2] in _refused(root)


def test_it_is_looked_at_to_its_ground() -> None:
    root = etree.fromstring(FULL)
    _at(".//samlp:StatusDetail/x:any/x:more", "saml:Assertion")(root)
    assert _refused(root) == "Assertion in StatusDetail"


@pytest.mark.parametrize("uri", ["http://169.254.169.254/", "file:///etc/passwd", "", "k#"])
def test_no_key_is_fetched_from_anywhere(uri: str) -> None:
    root = etree.fromstring(ENCRYPTED)
    _one(root, ".//ds:RetrievalMethod").set("URI", uri)
    assert _refused(root) == "RetrievalMethod in KeyInfo"


def test_no_ciphertext_is_fetched_from_anywhere() -> None:
    root = etree.fromstring(ENCRYPTED)
    value = _one(root, ".//xenc:EncryptedData/xenc:CipherData/xenc:CipherValue")
    value.addprevious(
        etree.Element(f"{{{NAMESPACES['xenc']}}}CipherReference", URI="http://169.254.169.254/")
    )
    assert _refused(root) == "CipherReference in CipherData"


def test_a_key_in_a_key_description_is_matched_as_anywhere() -> None:
    root = etree.fromstring(ENCRYPTED)
    _at(".//ds:KeyInfo/xenc:EncryptedKey/xenc:CipherData", "xenc:CipherReference")(root)
    assert _refused(root) == "CipherReference in CipherData"


@pytest.mark.parametrize("path", [".", "saml:Assertion", "saml:Assertion/ds:Signature"])
@pytest.mark.parametrize("bad", ["a' b", "a') or id('b", "1a", "a b", "", "é"])
def test_an_id_is_a_name(path: str, bad: str) -> None:
    root = etree.fromstring(FULL)
    node = _one(root, path)
    node.set("Id" if "Signature" in path else "ID", bad)
    assert "ID" in _refused(root)


@pytest.mark.parametrize("path", [".", "saml:Assertion"])
def test_what_can_be_signed_has_an_id(path: str) -> None:
    root = etree.fromstring(FULL)
    del _one(root, path).attrib["ID"]
    assert _refused(root).endswith("without ID")


@pytest.mark.parametrize(
    "name", ["ID", "id", "AssertionID", "{urn:x}Id", "{http://www.w3.org/XML/1998/namespace}id"]
)
def test_no_id_is_there_twice_whatever_its_name(name: str) -> None:
    root = etree.fromstring(FULL)
    _one(root, ".//samlp:StatusDetail/x:any").set(name, "_a")
    assert _refused(root) == "the same ID twice"


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("samlp:Status", "tail"),
        ("samlp:Status", "text"),
        (".//saml:AttributeValue/saml:NameID", "tail"),
        (".", "text"),
    ],
)
def test_no_text_stands_between_elements(path: str, where: str) -> None:
    root = etree.fromstring(FULL)
    setattr(_one(root, path), where, "loose")
    assert _refused(root).startswith("loose text in ")


def test_a_prefix_list_is_short() -> None:
    root = etree.fromstring(FULL)
    listed = _one(root, ".//ec:InclusiveNamespaces")
    listed.set("PrefixList", "p " * 64)
    require_known_shape(root)
    listed.set("PrefixList", "p " * 65)
    assert _refused(root) == "too many inclusive prefixes"
