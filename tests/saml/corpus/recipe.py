"""How a case is described: what the message says, how it is signed, and the moves made with it. In this order:

says       changes to the `Message` of tests/saml/messages.py
dialect    prefixes and pretty-printing
edit       changes to its text, before anything is signed (an honest identity provider could do the same)
sign       "assertion", "response", "both" or "nothing"; signing: how (`Signing`)
encrypt    a move of tests/saml/encrypting.py, between the two signatures
then       moves with the signed document: what an attacker can do
write      changes to its bytes
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from sso.refusals import Refusal
from tests.saml.corpus.case import Case, Connection, Organization, Person, Request
from tests.saml.corpus.keys import rsa_key
from tests.saml.corpus.signing import Signing, sign
from tests.saml.encrypting import encrypt
from tests.saml.messages import SAML, Message, instant
from tests.saml.moves import Move

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
NORA = Person("nora@acme.example", "Nora", "New", "nora@acme.example", "2026-03-13T09:00:00Z")
LF60, CRLF60 = "base64 in lines of 60, LF", "base64 in lines of 60, CRLF"

USUAL, OURS, ACME = Signing(), Connection(), Organization()

# What the second opinion must find (second_opinion.py).
COVERS = "the signature covers the person"
DOES_NOT_COVER = "no signature covers the person"
TWO_WAYS = "the signature covers the person, who can be read in two ways"
NOTHING = "there is nothing to verify"

Edit = Callable[[str], str]


@dataclass(frozen=True)
class Recipe:
    """A case before it is built. `path` names its folder; everything else is in the order of the module's text."""

    path: str
    kind: str
    why: str
    says: dict[str, Any] = field(default_factory=dict)
    dialect: dict[str, Any] = field(default_factory=dict)
    edit: Edit = str
    sign: str = "assertion"
    signing: Signing = USUAL
    response_signing: Signing | None = None
    encrypt: dict[str, Any] | None = None
    then: Move | None = None
    write: Callable[[bytes], bytes] = bytes
    trailing: str = "\n\n"
    wrap: str = CRLF60
    sent: str = "once"
    after: str = ""
    connection: Connection = OURS
    request: Request | None = None
    organization: Organization = ACME
    proof: str = COVERS
    signs_in: Person | None = None
    refused: tuple[str, ...] = ()

    def build(self) -> Case:
        """Make the case: the same bytes each time."""
        return Case(
            path=self.path,
            kind=self.kind,
            why=self.why,
            wrap=self.wrap,
            time=instant(NOW),
            second_opinion=self.proof,
            connection=self.connection,
            request=self.request,
            organization=self.organization,
            sent=self.sent,
            after=self.after,
            signs_in=self.signs_in,
            refused=self.refused,
            message=self.write(self._document()),
        )

    @property
    def message(self) -> Message:
        name = hashlib.sha256(self.path.encode()).hexdigest()
        ids = {"response_id": f"pfx{name[:32]}", "assertion_id": f"A{name[32:]}"}
        answers = {"in_response_to": self.request.id} if self.request else {}
        return Message(now=NOW, **(ids | answers | self.says))

    def _document(self) -> bytes:
        text = self.edit(self.message.xml(**self.dialect))
        root = etree.fromstring(text, etree.XMLParser(strip_cdata=False, resolve_entities=False))
        assertion = root.find(f"{{{SAML}}}Assertion")
        if assertion is not None and self.sign in ("assertion", "both"):
            sign(assertion, self.signing)
        if self.encrypt is not None:
            options: dict[str, Any] = {"key": rsa_key("sp"), "random": stream(self.path)}
            root = encrypt(**(options | self.encrypt))(root)
        if self.sign in ("response", "both"):
            sign(root, self.response_signing or self.signing)
        if self.then is not None:
            root = self.then(root)
        return etree.tostring(root, encoding="unicode").encode() + self.trailing.encode()


def stream(seed: str) -> Callable[[int], bytes]:
    """Octets that look random and are the same each time."""
    state = hashlib.sha256(seed.encode()).digest()

    def take(size: int) -> bytes:
        nonlocal state
        octets = b""
        while len(octets) < size:
            state = hashlib.sha256(state).digest()
            octets += state
        return octets[:size]

    return take


def good(path: str, why: str, *, person: Person = NORA, **how: Any) -> Recipe:
    """A message that must sign somebody in: Nora, unless another person is named."""
    return Recipe(f"good/{path}", "honest", why, signs_in=person, **how)


def bad(
    refusal: Refusal, variant: str, kind: str, why: str, *, also: tuple[Refusal, ...] = (), **how: Any
) -> Recipe:
    """A message that must be refused with this code (`also`: what else the report says)."""
    codes = tuple(code.value for code in (refusal, *also))
    return Recipe(f"bad/{refusal.value}/{variant}", kind, why, refused=codes, **how)


def swap(*pairs: str) -> Edit:
    """Replace texts that must be there: old, new, old, new …"""

    def edit(text: str) -> str:
        for old, new in zip(pairs[::2], pairs[1::2], strict=True):
            assert old in text, f"{old!r} is not in the message"
            text = text.replace(old, new)
        return text

    return edit


def varied(recipe: Recipe, signs: tuple[str, ...]) -> Iterator[Recipe]:
    """The same case for each place a signature can stand in."""
    for what in signs:
        yield replace(recipe, path=f"{recipe.path}_{what}_signed", sign=what)
