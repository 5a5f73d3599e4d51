"""The second lock: python3-saml judges the same bytes in its strictest settings.

It gets the message as it was posted, not as our own code read it, so that one mistake does not open both locks. Only
this module imports python3-saml (import-linter holds it).

python3-saml reads the system's clock and compiles its schemas again for each message; neither can be configured. So
this module replaces two names of `onelogin.saml2.response`: see "What we replace" below.
"""

from __future__ import annotations

import base64
import copy
import functools
import itertools
import re
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from lxml import etree
from onelogin.saml2 import response as python3_saml
from onelogin.saml2.constants import OneLogin_Saml2_Constants
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from sso.phrases import Phrase
from sso.refusals import Refusal, Refused
from sso.saml.names import SAMLP, XENC11, identifier, saml
from sso.saml.types import ConnectionConfig, UnverifiedResponse


def require_second_verdict(unverified: UnverifiedResponse, config: ConnectionConfig, request_id: str) -> None:
    """Raise Refused(SECOND_LOCK) unless python3-saml accepts the response at the system's time.

    `request_id` is the ID of the request it answers, or empty (profiles 4.1.4.3).

    python3-saml allows no clock skew for the NotBefore and NotOnOrAfter of a subject confirmation. We ask it up to three
    times: now, now − skew, now + skew. It also takes one private key only, so we ask once for each key: an assertion may
    still be encrypted to an older one. An encrypted assertion is asked about in two spellings, see `_spellings`. The
    refusal carries the reason of the first try.
    """
    skew = int(config.clock_skew.total_seconds())
    reasons = []
    for seconds, private_key, encoded in itertools.product(
        (0, -skew, skew), config.decryption_keys or (b"",), _spellings(unverified.encoded)
    ):
        _clock_offset.set(seconds)
        accepted, reason = _verdict(encoded, config, private_key, request_id)
        if accepted:
            return
        reasons.append(reason)
    raise Refused(Refusal.SECOND_LOCK, expected=Phrase.ACCEPTANCE(), received=reasons[0])


# What we replace
#
# `onelogin.saml2.response` looks up the clock and the schemas by these two names, and gets ours. This changes the module
# for the whole process, which uses python3-saml for nothing else. Should a later release look them up elsewhere, ours
# are not asked: the clock skew is lost, what we let them read in other words is refused, and schemas are compiled while
# threads run, which can break a process for good. tests/saml/test_second_lock.py fails then.

_clock_offset: ContextVar[int] = ContextVar("clock_offset")


class OffsetClock(OneLogin_Saml2_Utils):  # type: ignore[misc]  # It has no types.
    """python3-saml's utilities, with the system's clock moved by `_clock_offset` seconds and +00:00 read as Z."""

    @staticmethod
    def now() -> int:
        return int(OneLogin_Saml2_Utils.now()) + _clock_offset.get()

    @staticmethod
    def parse_SAML_to_time(timestr: str) -> int:  # noqa: N802  Their name.
        """Read a time. They know only Z, which +00:00 means as well (xmlschema-2 3.2.7)."""
        instant = timestr.removesuffix("+00:00") + "Z" if timestr.endswith("+00:00") else timestr
        return int(OneLogin_Saml2_Utils.parse_SAML_to_time(instant))


def _compiled_schemas() -> etree.XMLSchema:
    """python3-saml's schemas, plus an element for the mask function of RSA-OAEP (xmlenc-core1 5.5.2).

    Keycloak writes xenc11:MGF into EncryptionMethod. The schemas allow any declared element there, but do not declare it.
    """
    theirs = (Path(python3_saml.__file__).parent / "schemas" / "saml-schema-protocol-2.0.xsd").as_uri()
    return etree.XMLSchema(
        etree.fromstring(
            f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{XENC11}">
              <xs:import namespace="{SAMLP}" schemaLocation="{theirs}"/>
              <xs:element name="MGF"><xs:complexType>
                <xs:attribute name="Algorithm" type="xs:anyURI" use="required"/>
              </xs:complexType></xs:element>
            </xs:schema>"""
        )
    )


_WITH_ID = etree.XPath("//*[@ID or @Id]")
_BEGINS_OTHERWISE = re.compile(r"[0-9.-]")
# Compiled once, while one thread imports this module: libxml2's schema compiler is not thread-safe. Two threads that
# compile at once leave a process that refuses every message, or crash it. Validating is thread-safe.
_SCHEMAS = _compiled_schemas()


class CompiledSchemas(OneLogin_Saml2_XML):  # type: ignore[misc]
    """python3-saml's XML tools, validating against `_SCHEMAS` and reading URIs as we do."""

    @staticmethod
    def validate_xml(xml: etree._Element, _schema_name: str, _debug: bool) -> etree._Element | str:
        """The document if it is valid, else a text. A copy is validated, with two things changed that do no harm."""
        document = copy.deepcopy(xml)
        # An InResponseTo must not be empty. Some write it so on a response that nobody asked for. It never answers a
        # request: python3-saml compares it with the one of the request, as it stands.
        if document.get("InResponseTo") == "":
            for element in document.iter("*"):
                if element.get("InResponseTo") == "":
                    del element.attrib["InResponseTo"]
        # An AttributeStatement must have an Attribute. AWS sends empty statements, so each gets one more Attribute.
        for statement in document.iterfind(f".//{saml('AttributeStatement')}"):
            etree.SubElement(statement, saml("Attribute"), Name="none")
        # They ask for IDs that begin with a letter or _ (xs:ID). Some identity providers begin with a digit: in the copy,
        # such an ID gets a _ in front.
        for element in cast("list[etree._Element]", _WITH_ID(document)):
            for name in ("ID", "Id"):
                if _BEGINS_OTHERWISE.match(element.get(name, "")):
                    element.set(name, f"_{element.get(name)}")
        return xml if _SCHEMAS.validate(document) else "invalid_xml"

    @staticmethod
    def element_text(node: etree._Element) -> str | None:
        """The text of an element; of an Issuer or Audience without white space around it, as we read it.

        They compare these two texts as they stand, although they are URIs. One of white space alone stays as it is.
        """
        text: str | None = OneLogin_Saml2_XML.element_text(node)
        return identifier(node) or text if node.tag in (saml("Issuer"), saml("Audience")) else text

    @staticmethod
    def query(
        dom: etree._Element, query: str, context: etree._Element | None = None, tagid: str | None = None
    ) -> object:
        """The nodes that an expression of theirs selects. They compile it anew for each message."""
        return _compiled_xpath(query)(dom if context is None else context, tagid=tagid or "")


# Their expressions are fixed texts, a few dozen. lxml lets one thread at a time evaluate one.
@functools.lru_cache(maxsize=128)
def _compiled_xpath(query: str) -> etree.XPath:
    return etree.XPath(query, namespaces=OneLogin_Saml2_Constants.NSMAP)


python3_saml.OneLogin_Saml2_Utils = OffsetClock
python3_saml.OneLogin_Saml2_XML = CompiledSchemas


def _spellings(encoded: str) -> Iterator[str]:
    """The message as it was posted; if its assertion is encrypted, also in its exclusive canonical form.

    python3-saml moves the decrypted assertion into the Response. There, lxml gives it the Response's prefixes for the
    namespaces that are declared at the Response, which breaks its signature. The canonical form declares a namespace
    only where it is used. It says the same, and every signature that we accept is over this form of its element.
    """
    yield encoded
    try:
        xml = OneLogin_Saml2_Utils.b64decode(encoded)
        if b"EncryptedAssertion" in xml:
            canonical = etree.tostring(OneLogin_Saml2_XML.to_etree(xml), method="c14n", exclusive=True)
            yield base64.b64encode(canonical).decode("ascii")
    except Exception:  # noqa: BLE001  A relative namespace has no canonical form; or it is no XML: asked once is enough.
        return


def _verdict(encoded: str, config: ConnectionConfig, private_key: bytes, request_id: str) -> tuple[bool, str]:
    public = urlsplit(config.acs_url)
    request_data = {
        "https": "on" if public.scheme == "https" else "off",
        "http_host": public.netloc,
        "script_name": public.path,
    }
    try:
        # Settings with a private key are not kept.
        settings = _settings(config, private_key) if private_key else _kept_settings(config)
        response = python3_saml.OneLogin_Saml2_Response(settings, encoded)
        return response.is_valid(request_data, request_id or None), str(response.get_error())
    except Exception as error:  # noqa: BLE001  It raises many kinds of error; each means no.
        return False, type(error).__name__


# By all that a configuration says, so that a change is another entry. They are only read.
@functools.lru_cache(maxsize=256)
def _kept_settings(config: ConnectionConfig) -> OneLogin_Saml2_Settings:
    return _settings(config, b"")


def _settings(config: ConnectionConfig, private_key: bytes) -> OneLogin_Saml2_Settings:
    return OneLogin_Saml2_Settings(
        {
            "strict": True,
            "sp": {
                "entityId": config.entity_id,
                "assertionConsumerService": {"url": config.acs_url},
                "privateKey": private_key.decode(),
            },
            "idp": {
                "entityId": config.idp_entity_id,
                "x509certMulti": {"signing": [certificate.pem for certificate in config.certificates]},
            },
            "security": {
                "wantAttributeStatement": False,
                "rejectDeprecatedAlgorithm": not config.allow_sha1,
                "allowSingleLabelDomains": True,
            },
        },
        # The SSO URL plays no part in a response. The settings form validates it.
        sp_validation_only=True,
    )
