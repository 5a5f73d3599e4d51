"""Signature wrapping: a signed original moved aside, a forged one where a reader looks (XSW 1 to 8, and their kin)."""

from __future__ import annotations

import copy
from typing import Any

from lxml import etree

from sso.refusals import Refusal
from tests.saml.corpus.kinds import WRAPPING
from tests.saml.corpus.recipe import DOES_NOT_COVER, Recipe, bad, varied
from tests.saml.messages import DS, SAML, SAMLP
from tests.saml.moves import WRAPPINGS, Move, assertion_of, child, evil


def _wrapped(variant: str, then: Move, **how: Any) -> Recipe:
    why = (then.__doc__ or "").partition(": ")
    said = (why[2] or why[0]).strip()
    options = {"proof": DOES_NOT_COVER} | how
    return bad(
        Refusal.UNEXPECTED_STRUCTURE, variant, WRAPPING, said[0].upper() + said[1:], then=then, **options
    )


def _bare(root: etree._Element) -> etree._Element:
    original = copy.deepcopy(assertion_of(root))
    original.remove(child(original, "ds:Signature"))
    return original


def evil_last(root: etree._Element) -> etree._Element:
    """An evil assertion after the signed one."""
    root.append(evil(assertion_of(root)))
    return root


def evil_with_the_same_id_first(root: etree._Element) -> etree._Element:
    """An evil assertion with the ID of the signed one before it."""
    assertion_of(root).addprevious(evil(assertion_of(root), keep_id=True))
    return root


def evil_with_the_same_id_last(root: etree._Element) -> etree._Element:
    """An evil assertion with the ID of the signed one after it."""
    root.append(evil(assertion_of(root), keep_id=True))
    return root


def evil_with_a_copy_of_the_signature(root: etree._Element) -> etree._Element:
    """Two assertions with one and the same signature."""
    assertion_of(root).addprevious(evil(assertion_of(root), keep_id=True, keep_signature=True))
    return root


def original_in(path: str, namespace: str, name: str) -> Move:
    """The evil assertion keeps the signature; the original is hidden in a new element at a path."""

    def move(root: etree._Element) -> etree._Element:
        original = assertion_of(root)
        bare = _bare(root)
        root.replace(original, evil(original, keep_signature=True))
        etree.SubElement(child(root, path), f"{{{namespace}}}{name}", nsmap={"x": namespace}).append(bare)
        return root

    move.__doc__ = (
        f"The original inside {name} of {path.rpartition(':')[2]}, the evil assertion with its signature."
    )
    return move


def original_as_sibling_of_status(root: etree._Element) -> etree._Element:
    """The original before the Status, the evil assertion with its signature in its place."""
    original = assertion_of(root)
    bare = _bare(root)
    root.replace(original, evil(original, keep_signature=True))
    child(root, "samlp:Status").addprevious(bare)
    return root


def original_in_extensions(root: etree._Element) -> etree._Element:
    """The signed original in Extensions, an evil assertion in its place."""
    original = assertion_of(root)
    root.replace(original, evil(original))
    extensions = etree.Element(f"{{{SAMLP}}}Extensions")
    extensions.append(original)
    child(root, "samlp:Status").addprevious(extensions)
    return root


def original_in_confirmation_data(root: etree._Element) -> etree._Element:
    """The signed original inside the SubjectConfirmationData of an evil one."""
    original = assertion_of(root)
    twin = evil(original)
    root.replace(original, twin)
    child(twin, "saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData").append(original)
    return root


def original_in_attribute_value(root: etree._Element) -> etree._Element:
    """The signed original inside an AttributeValue of an evil one."""
    original = assertion_of(root)
    twin = evil(original)
    root.replace(original, twin)
    child(twin, "saml:AttributeStatement/saml:Attribute/saml:AttributeValue").append(original)
    return root


def original_in_status_message(root: etree._Element) -> etree._Element:
    """The signed original inside a StatusMessage."""
    original = assertion_of(root)
    root.replace(original, evil(original))
    etree.SubElement(child(root, "samlp:Status"), f"{{{SAMLP}}}StatusMessage").append(original)
    return root


def evil_in_status_detail(root: etree._Element) -> etree._Element:
    """An unsigned assertion in a StatusDetail, before the signed one."""
    detail = etree.SubElement(child(root, "samlp:Status"), f"{{{SAMLP}}}StatusDetail")
    detail.append(evil(assertion_of(root)))
    return root


def evil_in_key_info(root: etree._Element) -> etree._Element:
    """An unsigned assertion in the KeyInfo, which no signature covers."""
    child(root, "saml:Assertion/ds:Signature/ds:KeyInfo").append(evil(assertion_of(root)))
    return root


def response_in_response(root: etree._Element) -> etree._Element:
    """A signed Response inside an evil one."""
    outer = copy.deepcopy(root)
    outer.set("ID", "evil-response")
    outer.remove(child(outer, "ds:Signature"))
    outer.replace(assertion_of(outer), evil(assertion_of(outer)))
    outer.append(root)
    return outer


def response_in_assertion(root: etree._Element) -> etree._Element:
    """A signed Response inside the Advice of an evil assertion."""
    outer = copy.deepcopy(root)
    outer.set("ID", "evil-response")
    outer.remove(child(outer, "ds:Signature"))
    outer.replace(assertion_of(outer), evil(assertion_of(outer)))
    etree.SubElement(assertion_of(outer), f"{{{SAML}}}Advice").append(root)
    return outer


def signature_stays_response_renamed(root: etree._Element) -> etree._Element:
    """The signed Response moved into the KeyInfo of its own signature."""
    outer = copy.deepcopy(root)
    outer.set("ID", "evil-response")
    outer.replace(assertion_of(outer), evil(assertion_of(outer)))
    original = copy.deepcopy(root)
    original.remove(child(original, "ds:Signature"))
    child(outer, "ds:Signature/ds:KeyInfo").append(original)
    return outer


def signature_moved_to_the_response(root: etree._Element) -> etree._Element:
    """The signature of the assertion moved to the Response, which it does not speak of."""
    signature = child(root, "saml:Assertion/ds:Signature")
    child(root, "saml:Issuer").addnext(signature)
    root.replace(assertion_of(root), evil(assertion_of(root)))
    return root


def assertion_of_another_namespace(root: etree._Element) -> etree._Element:
    """An evil assertion in a namespace that only looks like SAML's, before the signed one."""
    twin = evil(assertion_of(root))
    for node in twin.iter():
        node.tag = str(node.tag).replace(SAML, SAML + "/")
    assertion_of(root).addprevious(twin)
    return root


def object_in_key_info(root: etree._Element) -> etree._Element:
    """The original in an Object inside the KeyInfo, the evil assertion with its signature."""
    original = assertion_of(root)
    bare = _bare(root)
    root.replace(original, evil(original, keep_signature=True))
    etree.SubElement(child(root, "saml:Assertion/ds:Signature/ds:KeyInfo"), f"{{{DS}}}Object").append(bare)
    return root


_ON_ASSERTIONS = (
    evil_last,
    evil_with_the_same_id_first,
    evil_with_the_same_id_last,
    evil_with_a_copy_of_the_signature,
    original_as_sibling_of_status,
    original_in_extensions,
    original_in_confirmation_data,
    original_in_attribute_value,
    original_in_status_message,
    signature_moved_to_the_response,
    object_in_key_info,
    evil_in_status_detail,
    evil_in_key_info,
    assertion_of_another_namespace,
)

RECIPES = (
    *(_wrapped(name, move, sign=what) for name, (what, move) in WRAPPINGS.items()),
    *(_wrapped(move.__name__, move) for move in _ON_ASSERTIONS),
    _wrapped("original_in_object_of_the_assertion", original_in("saml:Assertion", DS, "Object")),
    _wrapped("original_in_advice_of_the_evil_one", original_in("saml:Assertion", SAML, "Advice")),
    _wrapped("original_in_subject", original_in("saml:Assertion/saml:Subject", SAML, "SubjectConfirmation")),
    _wrapped("original_in_conditions", original_in("saml:Assertion/saml:Conditions", SAML, "Condition")),
    _wrapped("response_in_response", response_in_response, sign="response"),
    _wrapped("response_in_advice", response_in_assertion, sign="response"),
    _wrapped("response_in_its_key_info", signature_stays_response_renamed, sign="response"),
    *(varied(_wrapped("evil_first", WRAPPINGS["xsw3_evil_first"][1]), ("both", "response"))),
    *(varied(_wrapped("evil_after", evil_last), ("both", "response"))),
    *(varied(_wrapped("nested_response", WRAPPINGS["nested_response"][1]), ("both", "assertion"))),
)
