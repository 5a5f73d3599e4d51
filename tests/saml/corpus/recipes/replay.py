"""A message that was used before, in the same dress or in another one. `after` names the honest case that came first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lxml import etree

from sso.refusals import Refusal
from tests.saml.corpus.dialects import declared_on_top
from tests.saml.corpus.kinds import REPLAY
from tests.saml.corpus.recipe import LF60, Recipe, bad
from tests.saml.corpus.recipes import onelogin, traits, vendors
from tests.saml.corpus.signing import Signing
from tests.saml.moves import Move, drop, set_attribute

_HONEST = {recipe.path: recipe for recipe in (*onelogin.RECIPES, *vendors.RECIPES, *traits.RECIPES)}


def _again(variant: str, why: str, honest: str, **changes: Any) -> Recipe:
    """An honest case once more, with these changes. Its IDs stay those of the honest one."""
    first = _HONEST[f"good/{honest}"]
    ids = {"response_id": first.message.response_id, "assertion_id": first.message.assertion_id}
    says = ids | first.says | changes.pop("says", {})
    described = bad(Refusal.REPLAYED, variant, REPLAY, why)
    return replace(
        first,
        path=described.path,
        kind=REPLAY,
        why=why,
        after=first.path,
        signs_in=None,
        refused=described.refused,
        says=says,
        **changes,
    )


def _new_envelope(root: etree._Element) -> etree._Element:
    return set_attribute(".", "IssueInstant", "2026-03-12T09:00:30Z")(set_attribute(".", "ID", "fresh")(root))


_THEN: dict[str, tuple[str, str, Move]] = {
    "new_unsigned_envelope": (
        "The same assertion in a new, unsigned Response.",
        "onelogin/old_app_assertion_signed",
        _new_envelope,
    ),
    "key_info_removed": (
        "The same assertion without its KeyInfo, which no signature covers.",
        "onelogin/old_app_assertion_signed",
        drop("saml:Assertion/ds:Signature/ds:KeyInfo"),
    ),
    "response_signature_removed": (
        "The outer one of two signatures taken away.",
        "onelogin/old_app_both_signed",
        drop("ds:Signature"),
    ),
    "destination_removed": (
        "The Destination of the unsigned Response taken away.",
        "onelogin/old_app_assertion_signed",
        lambda root: (root.attrib.pop("Destination"), root)[1],
    ),
}

RECIPES = (
    _again("same_again", "The very same message.", "onelogin/old_app_response_signed"),
    _again("same_again_both_signed", "The very same message, both signed.", "onelogin/old_app_both_signed"),
    _again("same_again_ecdsa", "The very same message under an EC key.", "keys/ec_p256"),
    _again("same_again_encrypted", "The very same ciphertext.", "onelogin/encrypted_aes256_cbc"),
    _again(
        "other_line_breaks",
        "The same message, its base64 broken into other lines.",
        "onelogin/old_app_response_signed",
        wrap=LF60,
    ),
    _again(
        "blanks_inside_a_tag",
        "The same message with blanks where canonical XML has none.",
        "onelogin/old_app_both_signed",
        write=lambda xml: xml.replace(b"<saml:Subject>", b"<saml:Subject  >"),
    ),
    _again(
        "signed_again_by_another_key",
        "The same assertion ID, signed again with the next certificate's key.",
        "onelogin/certificate_not_yet_rolled_over",
        signing=Signing(key="idp_next"),
    ),
    _again(
        "another_person_same_id",
        "The same assertion ID for somebody else, validly signed.",
        "onelogin/old_app_response_signed",
        says={"name_id": "mallory@acme.example", "attributes": ()},
        edit=declared_on_top,
    ),
    *(_again(name, why, honest, then=move) for name, (why, honest, move) in _THEN.items()),
)
