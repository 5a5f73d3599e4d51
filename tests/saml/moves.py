"""Moves an attacker makes with a signed document. Each takes the Response and gives the one to send.

The evil assertion says MALLORY; the signed one is somewhere else, or the signature is.
"""

from __future__ import annotations

import copy
from collections.abc import Callable

from lxml import etree

from tests.saml.messages import DS, SAML, SAMLP

MALLORY = "mallory@acme.example"
Move = Callable[[etree._Element], etree._Element]


def child(element: etree._Element, path: str) -> etree._Element:
    """The one element at a path with saml:, samlp: and ds: prefixes."""
    found = element.find(path, {"saml": SAML, "samlp": SAMLP, "ds": DS})
    assert found is not None, path
    return found


def drop(path: str) -> Move:
    """A move that takes the element at a path away."""

    def move(root: etree._Element) -> etree._Element:
        node = child(root, path)
        parent = node.getparent()
        assert parent is not None
        parent.remove(node)
        return root

    return move


def set_text(path: str, text: str) -> Move:
    """A move that changes the text of the element at a path."""

    def move(root: etree._Element) -> etree._Element:
        child(root, path).text = text
        return root

    return move


def set_attribute(path: str, name: str, value: str) -> Move:
    """A move that changes an attribute of the element at a path ("." is the Response)."""

    def move(root: etree._Element) -> etree._Element:
        (root if path == "." else child(root, path)).set(name, value)
        return root

    return move


def assertion_of(root: etree._Element) -> etree._Element:
    return child(root, "saml:Assertion")


def evil(assertion: etree._Element, *, keep_id: bool = False, keep_signature: bool = False) -> etree._Element:
    """A copy that names somebody else."""
    twin = copy.deepcopy(assertion)
    twin.tail = None
    if not keep_id:
        twin.set("ID", "evil")
    child(twin, "saml:Subject/saml:NameID").text = MALLORY
    for value in twin.iterfind(f".//{{{SAML}}}AttributeValue"):
        if "@" in (value.text or ""):
            value.text = MALLORY
    signature = twin.find(f"{{{DS}}}Signature")
    if signature is not None and not keep_signature:
        twin.remove(signature)
    return twin


def _wrap_response_in_object(root: etree._Element) -> etree._Element:
    """XSW1: the signed Response goes into an Object of its own signature, an evil one takes its place."""
    new = copy.deepcopy(root)
    new.set("ID", "evil-response")
    signature = child(new, "ds:Signature")
    new.replace(assertion_of(new), evil(assertion_of(new)))
    original = copy.deepcopy(root)
    original.remove(child(original, "ds:Signature"))
    etree.SubElement(signature, f"{{{DS}}}Object").append(original)
    return new


def _response_before_signature(root: etree._Element) -> etree._Element:
    """XSW2: the signed Response stands before a detached signature."""
    new = copy.deepcopy(root)
    new.set("ID", "evil-response")
    new.replace(assertion_of(new), evil(assertion_of(new)))
    original = copy.deepcopy(root)
    original.remove(child(original, "ds:Signature"))
    child(new, "ds:Signature").addprevious(original)
    return new


def _evil_assertion_first(root: etree._Element) -> etree._Element:
    """XSW3: an evil assertion before the signed one."""
    assertion_of(root).addprevious(evil(assertion_of(root)))
    return root


def _signed_assertion_in_evil(root: etree._Element) -> etree._Element:
    """XSW4: the signed assertion as a child of the evil one."""
    original = assertion_of(root)
    wrapper = evil(original)
    root.replace(original, wrapper)
    wrapper.append(original)
    return root


def _evil_keeps_signature(root: etree._Element) -> etree._Element:
    """XSW5: the evil assertion carries the signature, the original follows without one."""
    original = assertion_of(root)
    twin = evil(original, keep_signature=True)
    bare = copy.deepcopy(original)
    bare.remove(child(bare, "ds:Signature"))
    root.replace(original, twin)
    root.append(bare)
    return root


def _original_in_signature_of_evil(root: etree._Element) -> etree._Element:
    """XSW6: the original inside the signature of the evil assertion."""
    original = assertion_of(root)
    twin = evil(original, keep_signature=True)
    bare = copy.deepcopy(original)
    bare.remove(child(bare, "ds:Signature"))
    root.replace(original, twin)
    child(twin, "ds:Signature").append(bare)
    return root


def _extensions_hold_evil(root: etree._Element) -> etree._Element:
    """XSW7: Extensions hold an evil assertion."""
    extensions = etree.Element(f"{{{SAMLP}}}Extensions")
    extensions.append(evil(assertion_of(root)))
    child(root, "samlp:Status").addprevious(extensions)
    return root


def _object_holds_original(root: etree._Element) -> etree._Element:
    """XSW8: an Object in the signature holds the original."""
    original = assertion_of(root)
    twin = evil(original, keep_signature=True)
    bare = copy.deepcopy(original)
    bare.remove(child(bare, "ds:Signature"))
    etree.SubElement(child(twin, "ds:Signature"), f"{{{DS}}}Object").append(bare)
    root.replace(original, twin)
    return root


def _key_info_holds_original(root: etree._Element) -> etree._Element:
    """The original inside the KeyInfo of the evil assertion's signature."""
    original = assertion_of(root)
    twin = evil(original, keep_signature=True)
    bare = copy.deepcopy(original)
    bare.remove(child(bare, "ds:Signature"))
    child(twin, "ds:Signature/ds:KeyInfo").append(bare)
    root.replace(original, twin)
    return root


def _key_info_holds_signature(root: etree._Element) -> etree._Element:
    """A second signature inside the KeyInfo of the first."""
    signature = child(root, "saml:Assertion/ds:Signature")
    child(signature, "ds:KeyInfo").append(copy.deepcopy(signature))
    return root


def _status_detail_holds_original(root: etree._Element) -> etree._Element:
    """The signed original in a StatusDetail, an evil assertion in its place."""
    original = assertion_of(root)
    root.replace(original, evil(original))
    etree.SubElement(child(root, "samlp:Status"), f"{{{SAMLP}}}StatusDetail").append(original)
    return root


def _advice_holds_original(root: etree._Element) -> etree._Element:
    """The signed original in the Advice of an evil one."""
    original = assertion_of(root)
    twin = evil(original)
    root.replace(original, twin)
    etree.SubElement(twin, f"{{{SAML}}}Advice").append(original)
    return root


def _nested_response(root: etree._Element) -> etree._Element:
    """The Response once more inside itself."""
    root.append(copy.deepcopy(root))
    return root


def _cloned_id(root: etree._Element) -> etree._Element:
    """The Response takes the ID of the assertion."""
    root.set("ID", assertion_of(root).get("ID", ""))
    return root


def _two_signatures(root: etree._Element) -> etree._Element:
    """The signature twice."""
    signature = child(root, "saml:Assertion/ds:Signature")
    signature.addnext(copy.deepcopy(signature))
    return root


def _signature_at_the_end(root: etree._Element) -> etree._Element:
    """The signature as the last child."""
    assertion_of(root).append(child(root, "saml:Assertion/ds:Signature"))
    return root


def _loose_text(root: etree._Element) -> etree._Element:
    """Text beside the assertion."""
    child(root, "samlp:Status").tail = "hello"
    return root


def _no_status(root: etree._Element) -> etree._Element:
    """A Response without Status."""
    root.remove(child(root, "samlp:Status"))
    return root


def _no_id(root: etree._Element) -> etree._Element:
    """A signed assertion without ID."""
    del assertion_of(root).attrib["ID"]
    return root


# A signed original moved aside, or an ID twice. name → (what is signed, the move)
WRAPPINGS: dict[str, tuple[str, Move]] = {
    "xsw1_response_in_object": ("response", _wrap_response_in_object),
    "xsw2_response_before_signature": ("response", _response_before_signature),
    "xsw3_evil_first": ("assertion", _evil_assertion_first),
    "xsw4_signed_in_evil": ("assertion", _signed_assertion_in_evil),
    "xsw5_evil_keeps_signature": ("assertion", _evil_keeps_signature),
    "xsw6_original_in_signature": ("assertion", _original_in_signature_of_evil),
    "xsw7_extensions": ("assertion", _extensions_hold_evil),
    "xsw8_object": ("assertion", _object_holds_original),
    "key_info_holds_original": ("assertion", _key_info_holds_original),
    "status_detail_holds_original": ("assertion", _status_detail_holds_original),
    "advice_holds_original": ("assertion", _advice_holds_original),
    "nested_response": ("response", _nested_response),
}

# Elements where they do not belong. name → (what is signed, the move)
MISPLACEMENTS: dict[str, tuple[str, Move]] = {
    "key_info_holds_signature": ("assertion", _key_info_holds_signature),
    "cloned_id": ("assertion", _cloned_id),
    "two_signatures": ("assertion", _two_signatures),
    "signature_at_the_end": ("assertion", _signature_at_the_end),
    "loose_text": ("assertion", _loose_text),
    "no_status": ("assertion", _no_status),
    "no_id": ("assertion", _no_id),
}
