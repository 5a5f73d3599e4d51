"""The honest messages that are mutated, and what their party has really signed, and for whom."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

from lxml import etree

from sso.identity import VerifiedIdentity
from tests.saml.encrypting import encrypt, sp_key_pem
from tests.saml.messages import DS, IdentityProvider, Message
from tests.saml.moves import assertion_of

NORA, ERIN = "nora@acme.example", "erin@acme.example"
NAMES = {NORA: ("Nora", "New"), ERIN: ("Erin", "Else")}
# One party holds both keys: the connection trusts either, so parts of either may meet in one message.
RSA, EC = IdentityProvider(), IdentityProvider("ec")
FOREIGN = IdentityProvider("rsa-foreign")
CONFIG = RSA.config(certificates=(RSA.pinned, EC.pinned), decryption_keys=(sp_key_pem(),))


@dataclass(frozen=True)
class Shape:
    """One way to make an honest message: who signs what, in which dialect, encrypted or not."""

    name: str
    idp: IdentityProvider
    sign: str
    prefixes: tuple[str, str] = ("samlp:", "saml:")
    cipher: str = ""


SHAPES = (
    Shape("response", RSA, "response"),
    Shape("assertion", RSA, "assertion"),
    Shape("both", RSA, "both"),
    Shape("default_namespace", RSA, "both", ("", "saml:")),
    Shape("ec", EC, "assertion", ("saml2p:", "")),
    Shape("gcm", RSA, "assertion", cipher="aes256-gcm"),
    Shape("cbc", RSA, "assertion", cipher="aes128-cbc"),
    Shape("foreign", FOREIGN, "both"),
)


def message_of(email: str) -> Message:
    first, last = NAMES[email]
    rows = (("email", (email,)), ("firstName", (first,)), ("lastName", (last,)))
    # Good for hours: the second lock reads the system's clock, and a long run takes many minutes.
    return Message(name_id=email, attributes=rows, confirmed_until="+600", not_on_or_after="+600")


@functools.cache
def honest(shape: Shape, email: str) -> bytes:
    """The XML of an honest message, made once a run."""
    if shape.cipher:
        return etree.tostring(
            encrypt(shape.cipher)(etree.fromstring(honest(replace(shape, cipher=""), email)))
        )
    p, a = shape.prefixes
    return etree.tostring(shape.idp.sign(message_of(email).xml(p=p, a=a), shape.sign))


@functools.cache
def signed_assertions() -> dict[bytes, str]:
    """Every assertion the trusted party has ever signed, as canonical bytes, and whom it names."""
    found = {}
    for shape in SHAPES:
        for email in NAMES if shape.idp is not FOREIGN else ():
            root = etree.fromstring(honest(replace(shape, cipher=""), email))
            found[canonical(assertion_of(root))] = email
    return found


def canonical(assertion: etree._Element) -> bytes:
    """An assertion less its signature, in its own document."""
    alone = etree.fromstring(etree.tostring(assertion, with_tail=False))
    for signature in alone.findall(f"{{{DS}}}Signature"):
        alone.remove(signature)
    return etree.tostring(alone, method="c14n", exclusive=True)


def is_whole(identity: VerifiedIdentity, email: str) -> bool:
    """Whether an identity is this person, with the signed values and no other."""
    said = (identity.name_id, identity.email, identity.first_name, identity.last_name)
    return said == (email, email, *NAMES[email])
