"""The shape of a message: everything the schemas allow that we know, and not one attribute more."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from lxml import etree

from sso.refusals import Refusal, Refused
from sso.report_words.words import in_words
from sso.saml.grammar import Slot
from sso.saml.shape import require_known_children, require_known_shape
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
        if etree.QName(node).localname in ("KeyInfo", "StatusDetail", "AttributeValue"):
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
    ".//ds:DigestMethod", ".//ds:DigestValue", ".//ec:InclusiveNamespaces",
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
    assert _refused(root) == "CipherReference before CipherValue in CipherData"


def test_a_key_in_a_key_description_is_matched_as_anywhere() -> None:
    root = etree.fromstring(ENCRYPTED)
    _at(".//ds:KeyInfo/xenc:EncryptedKey/xenc:CipherData", "xenc:CipherReference")(root)
    assert _refused(root) == "CipherReference in CipherData"


@pytest.mark.parametrize("path", [".", "saml:Assertion", "saml:Assertion/ds:Signature"])
@pytest.mark.parametrize("bad", ["a' b", "a') or id('b", "a:b", "#a", "a%", "a b", "", "é"])
def test_an_id_has_only_characters_that_do_no_harm(path: str, bad: str) -> None:
    root = etree.fromstring(FULL)
    node = _one(root, path)
    node.set("Id" if "Signature" in path else "ID", bad)
    assert "ID" in _refused(root)


@pytest.mark.parametrize("path", [".", "saml:Assertion", "saml:Assertion/ds:Signature"])
@pytest.mark.parametrize("other", ["1a", "-", ".a_", "7" * 256])
def test_an_id_may_begin_with_what_no_name_begins_with(path: str, other: str) -> None:
    root = etree.fromstring(FULL)
    _one(root, path).set("Id" if "Signature" in path else "ID", other)
    require_known_shape(root)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("urn:uuid:8f3c", "the ID urn:…, which contains “:”"),
        ("8f 3c", "the ID 8f 3c, which contains “U+0020”"),
        ("8f\u200b3c", "the ID 8f\u200b3c, which contains “U+200B”"),
        ("é", "the ID é, which contains “é”"),
        ("7" * 257, "an ID of 257 characters"),
        ("", "Signature without ID"),
    ],
)
def test_what_is_wrong_with_an_id_is_named(bad: str, said: str) -> None:
    root = etree.fromstring(FULL)
    _one(root, "saml:Assertion/ds:Signature").set("Id", bad)
    assert _refused(root) == said


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ("<a/><b/><c/>", ""),
        ("<b/>", "A without a / d"),
        ("<a/>", "A without b"),
        ("<c/>", "A without a / d, A without b"),
        ("<a/><a/><b/>", "2 × a / d in A"),
        ("<b/><a/>", "b before a in A"),
        ("<a/><x/><b/>", "x before b in A"),
        ("<a/><b/><x/>", "x in A"),
        ("<x/><y/>", "x in A, y in A, A without a / d, A without b"),
        ("<x/><b/>", "x before b in A, A without a / d"),
        ("<x/><x/><x/><x/><x/><a/><b/>", ", ".join(["x before a in A"] * 4)),
    ],
)
def test_what_is_there_is_named_and_what_differs(xml: str, said: str) -> None:
    slots = (Slot(frozenset("ad"), 1, 1), Slot(frozenset("b"), 1, 1), Slot(frozenset("c"), 0, 1))
    try:
        require_known_children(etree.fromstring(f"<A>{xml}</A>"), slots)
        found = ""
    except Refused as refused:
        found = in_words(refused.received)
    assert found == said


def test_extensions_are_named_with_what_they_stand_before() -> None:
    root = etree.fromstring(FULL)
    _one(root, "samlp:Status").addprevious(etree.Element(f"{{{NAMESPACES['samlp']}}}Extensions"))
    assert _refused(root) == "Extensions before Status in Response"


def _with_value(content: str, name: str = "address") -> etree._Element:
    """FULL, with a value of this content in an attribute of this name."""
    root = etree.fromstring(FULL)
    value = f'<AttributeValue xmlns="{NAMESPACES["saml"]}">{content}</AttributeValue>'
    attribute = _one(root, ".//saml:Attribute")
    attribute.set("Name", name)
    attribute.append(etree.fromstring(value))
    return root


@pytest.mark.parametrize(
    "content",
    [
        '<x xmlns="urn:x"><y/>text</x>',
        'text <x xmlns=""/> and text',
        '<x xmlns="urn:x" ID="1"/><y xmlns="urn:y" ID="1" AssertionID="a b" xml:id="one"/>',
        '<x xmlns="urn:x" unknown="a" xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion" s:Name="b"/>',
    ],
)
def test_a_value_that_nobody_reads_may_have_any_foreign_structure(content: str) -> None:
    require_known_shape(_with_value(content))


@pytest.mark.parametrize(
    "element",
    ["saml:Assertion", "saml:NameID", "samlp:Response", "ds:Signature", "ds:X509Data", "ds:KeyName", "dsig11:PublicKey",
     "xenc:EncryptedData", "xenc:EncryptedKey", "xenc11:MGF"],
)  # fmt: skip
@pytest.mark.parametrize("depth", ["", "<y/>", "<y><z>"])
def test_a_structured_value_holds_nothing_of_saml_signatures_or_encryption(element: str, depth: str) -> None:
    prefix, _, name = element.partition(":")
    inner = f'<i:{name} xmlns:i="{NAMESPACES[prefix]}"/>'
    content = {"": f"{inner}<x xmlns=''/>", "<y/>": f"<x xmlns=''/>{inner}"}.get(
        depth, f"<x xmlns=''><y>{inner}</y></x>"
    )
    assert _refused(_with_value(content)) == f"{name} in AttributeValue"


def test_a_retrieval_method_in_a_structured_value_is_refused_though_it_stays_in_the_message() -> None:
    content = f'<x xmlns=""><d:RetrievalMethod xmlns:d="{NAMESPACES["ds"]}" URI="#_a"/></x>'
    assert _refused(_with_value(content)) == "RetrievalMethod in AttributeValue"


@pytest.mark.parametrize("name", ["ID", "Id", "AssertionID", "xml:id"])
@pytest.mark.parametrize("taken", ["_r", "_a", "s1"])
def test_no_element_in_a_structured_value_has_an_id_of_ours(name: str, taken: str) -> None:
    content = f'<x xmlns="urn:x"><y {name}="{taken}"/></x>'
    assert _refused(_with_value(content)) == "the same ID twice"
    # Wherever it stands: here, ours comes later.
    root = _with_value(content.replace(taken, "_late"))
    last = _one(root, "saml:Assertion")
    last.set("ID", "_late")
    assert _refused(root) == "the same ID twice"


def test_an_id_of_ours_behind_a_foreign_one_is_found() -> None:
    root = etree.fromstring(FULL)
    _one(root, ".//samlp:StatusDetail/x:any").set("ID", "_a")
    assert _refused(root) == "the same ID twice"


@pytest.mark.parametrize("name", ["email", "firstName", "lastName", "urn:oid:2.5.4.42"])
def test_a_structured_value_of_an_attribute_that_is_read_is_a_cause_of_its_own(name: str) -> None:
    with pytest.raises(Refused) as caught:
        require_known_shape(_with_value("nora<x xmlns='urn:x'/>", name))
    assert caught.value.refusal is Refusal.STRUCTURED_ATTRIBUTE
    assert in_words(caught.value.expected) == f"{name} as plain text"
    assert in_words(caught.value.received) == f"the attribute {name} has a structured value, with x in it"


@pytest.mark.parametrize(
    ("path", "name"),
    [(".//saml:Subject", "EncryptedID"), (".//saml:AttributeStatement", "EncryptedAttribute")],
)
def test_an_encrypted_part_is_a_cause_of_its_own(path: str, name: str) -> None:
    root = etree.fromstring(FULL)
    etree.SubElement(_one(root, path), f"{{{NAMESPACES['saml']}}}{name}")
    with pytest.raises(Refused) as caught:
        require_known_shape(root)
    assert caught.value.refusal is Refusal.ENCRYPTED_PART
    assert in_words(caught.value.expected) == "a NameID and attributes that are not encrypted by themselves"
    assert in_words(caught.value.received) == f"{name} in {path.rpartition(':')[2]}"


def test_an_opened_assertion_has_no_id_of_the_response_around_it() -> None:
    assertion = _one(etree.fromstring(FULL), "saml:Assertion")
    require_known_shape(assertion, around=etree.fromstring('<x xmlns="urn:x" ID="_b"/>'))
    around = etree.fromstring(ENCRYPTED)
    for signature in around.findall(f"{{{NAMESPACES['ds']}}}Signature"):
        around.remove(signature)
    require_known_shape(assertion, around=around)
    around.set("ID", "_a")
    with pytest.raises(Refused):
        require_known_shape(assertion, around=around)


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
