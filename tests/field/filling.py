"""Fills in a message of tests/field/cases/ and signs it as the identity provider it came from would.

    field.case("two-bearer-confirmations", asked)        → the SAMLResponse field of the case's template.xml
    field.response(xml, asked, time=with_offset)       → of any other template
    field.post(saml_response, client)                  → posts it, as a browser does

Placeholders: {ACS}, {ENTITY_ID}, {REQUEST_ID}, {NOW}, {NOW+300s}, {NOW-60s}, @CERT@. Signatures are templates, too: each
that has no value yet is made by libxmlsec as its SignedInfo says, so that a case may sign in any way.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import xmlsec
from cryptography.hazmat.primitives import serialization
from lxml import etree

from tests.cast import Arrivals
from tests.saml.messages import DS, instant, key_of

CASES = Path(__file__).parent / "cases"
# The identity provider of every template.
FIELD_ISSUER = "https://idp.acme.example/saml/idp"

Edit = Callable[[str], str]
WriteTime = Callable[[datetime], str]
# Only the end of an ID is made anew: a case may be about how it begins.
_ID = re.compile(r' ID="([^"]+[0-9a-f]{8})"')
_NOW = re.compile(r"\{NOW(?:([+-]\d+)s)?\}")


def text_of(case: str, file: str = "template.xml") -> str:
    """A file of a case, as it is."""
    return (CASES / case / file).read_text(encoding="utf-8")


def replaced(old: str, new: str) -> Edit:
    """An edit that replaces a text, which must be there."""

    def edit(template: str) -> str:
        assert old in template, old
        return template.replace(old, new)

    return edit


@dataclass
class Field(Arrivals):
    """Posts messages of the field to a connection's ACS."""

    def case(self, name: str, asked: str = "", edit: Edit | None = None, time: WriteTime = instant) -> str:
        """The SAMLResponse field of a case's template, edited before it is filled in and signed."""
        template = text_of(name)
        return self.response(edit(template) if edit else template, asked, time)

    def response(self, template: str, asked: str = "", time: WriteTime = instant) -> str:
        """The SAMLResponse field of a template. `asked` is the ID of the request that it answers."""
        return base64.b64encode(self.signed(self.filled(template, asked, time))).decode()

    def filled(self, template: str, asked: str = "", time: WriteTime = instant) -> str:
        """A template with its placeholders filled in and IDs that are new. `time` writes an aware time."""
        now = datetime.now(UTC)
        text = _NOW.sub(lambda found: time(now + timedelta(seconds=int(found[1] or 0))), template)
        for placeholder, value in {
            "{ACS}": self.connection.acs_url,
            "{ENTITY_ID}": self.connection.entity_id,
            "{REQUEST_ID}": asked,
            "@CERT@": "".join(self.idp.pem.splitlines()[1:-1]),
        }.items():
            text = text.replace(placeholder, value)
        for old in _ID.findall(text):
            text = text.replace(old, old[:-8] + secrets.token_hex(4))
        return text

    def signed(self, xml: str) -> bytes:
        """The message with a value in each signature that has none, the innermost first."""
        root = etree.fromstring(xml.encode())
        xmlsec.tree.add_ids(root, ["ID"])
        empty = [
            node for node in root.iter(f"{{{DS}}}Signature") if not node.findtext(f"{{{DS}}}SignatureValue")
        ]
        for signature in reversed(empty):
            context = xmlsec.SignatureContext()
            context.key = xmlsec.Key.from_memory(
                _private_key(self.idp.kind), xmlsec.constants.KeyDataFormatPem
            )
            context.sign(signature)
        return etree.tostring(root)


def _private_key(kind: str) -> bytes:
    key: bytes = key_of(kind).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return key
