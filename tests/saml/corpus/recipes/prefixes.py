"""Encrypted assertions whose prefixes are others than the Response's, or are declared only around the ciphertext."""

from __future__ import annotations

from typing import Any

from lxml import etree

from sso.refusals import Refusal
from tests.saml.corpus.case import Connection
from tests.saml.corpus.dialects import declared_on_top
from tests.saml.corpus.kinds import INSIDE
from tests.saml.corpus.recipe import DOES_NOT_COVER, Edit, Recipe, bad, good, swap
from tests.saml.corpus.signing import Signing
from tests.saml.messages import SAML
from tests.saml.moves import Move

_SP = Connection(decryption_keys=("sp",))
_SIGNED = ("assertion", "response", "both")
# As pysaml2 numbers its prefixes: the same ones mean something else inside.
_NUMBERED = {"p": "ns0:", "a": "ns1:"}


def _numbered_anew(text: str) -> str:
    """In the assertion, ns0 is the namespace of assertions; at the Response, ns0 is the protocol and ns1 assertions."""
    before, start, assertion = text.partition("<ns1:Assertion")
    inside, end, behind = (start + assertion).partition("</ns1:Assertion>")
    inside = (inside + end).replace("ns1:", "ns0:").replace(f'xmlns:ns1="{SAML}"', f'xmlns:ns0="{SAML}"')
    return _declared("ns1", SAML)(before) + inside + behind


def _declared(prefix: str, namespace: str) -> Edit:
    """Declare a prefix at the Response."""
    return lambda text: text.replace(" ID=", f' xmlns:{prefix}="{namespace}" ID=', 1)


def _good(name: str, why: str, **how: Any) -> Recipe:
    options: dict[str, Any] = {"encrypt": {}, "connection": _SP} | how
    return good(f"encrypted/{name}", why, **options)


def _bound_to(prefix: str, old: str, new: str) -> Move:
    """Another meaning of a prefix, where no signature covers it."""

    def move(root: etree._Element) -> etree._Element:
        text = etree.tostring(root, encoding="unicode")
        changed = swap(f'xmlns:{prefix}="{old}"', f'xmlns:{prefix}="{new}"')(text)
        return etree.fromstring(changed)

    return move


_FOREIGN = (
    '<x:AttributeStatement><x:Attribute Name="firstName"><x:AttributeValue>Mallory</x:AttributeValue></x:Attribute>'
    "</x:AttributeStatement>"
)

RECIPES = (
    *(
        _good(
            f"other_prefixes_{what}_signed",
            "The prefixes inside mean something else at the Response.",
            dialect=_NUMBERED,
            edit=_numbered_anew,
            sign=what,
        )
        for what in _SIGNED
    ),
    _good(
        "other_prefixes_of_the_signature",
        "The prefix of the signature inside is one of the Response's.",
        dialect=_NUMBERED,
        edit=_numbered_anew,
        signing=Signing(prefix="ns1"),
    ),
    *(
        _good(
            f"default_namespace_inside_{what}_signed",
            "A default namespace inside, a prefix for it at the Response.",
            dialect={"a": ""},
            edit=_declared("saml", SAML),
            sign=what,
        )
        for what in _SIGNED
    ),
    *(
        _good(
            f"prefixes_of_the_response_{what}_signed",
            "A prefix inside that only the Response declares, and the assertion's own signature covers.",
            edit=declared_on_top,
            encrypt={"leaning": True},
            sign=what,
        )
        for what in ("assertion", "both")
    ),
    bad(
        Refusal.UNEXPECTED_STRUCTURE,
        "encrypted_prefix_that_nobody_signed",
        INSIDE,
        "A prefix inside that only the Response declares, whose signature does not cover what the prefix means.",
        edit=declared_on_top,
        encrypt={"leaning": True},
        connection=_SP,
        sign="response",
    ),
    bad(
        Refusal.UNEXPECTED_STRUCTURE,
        "encrypted_prefix_bound_anew",
        INSIDE,
        "Foreign elements inside, which somebody on the way has made attributes of by what their prefix means.",
        edit=lambda text: _declared("x", "urn:x")(
            swap("</saml:Assertion>", f"{_FOREIGN}</saml:Assertion>")(text)
        ),
        encrypt={"leaning": True},
        then=_bound_to("x", "urn:x", SAML),
        connection=_SP,
        sign="response",
    ),
    bad(
        Refusal.SIGNATURE_INVALID,
        "encrypted_prefix_bound_anew_in_a_signed_assertion",
        INSIDE,
        "The same, where the assertion itself is signed.",
        edit=lambda text: _declared("x", "urn:x")(
            swap("</saml:Assertion>", f"{_FOREIGN}</saml:Assertion>")(text)
        ),
        encrypt={"leaning": True},
        then=_bound_to("x", "urn:x", SAML),
        connection=_SP,
        proof=DOES_NOT_COVER,
    ),
)
