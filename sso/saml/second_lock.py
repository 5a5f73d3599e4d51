"""The second lock: python3-saml's strict verdict on the same bytes. The only module that imports python3-saml.

It sees the message before our own reading of it does anything, so one mistake does not open both locks.
"""

from __future__ import annotations

import copy
import itertools
import runpy
from contextvars import ContextVar
from pathlib import Path
from urllib.parse import urlsplit

import onelogin.saml2
from lxml import etree
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from sso.refusals import Refusal, Refused
from sso.saml.names import SAMLP, XENC11, saml
from sso.saml.types import ConnectionConfig, UnverifiedResponse


def require_second_verdict(unverified: UnverifiedResponse, config: ConnectionConfig, request_id: str) -> None:
    """Ask python3-saml, in its strictest settings, whether it accepts the response. It reads the system's clock.

    It forgives a clock nothing at the ends of a confirmation, so it is asked again as of the clock skew earlier and
    later: what our own gate lets in at the edge is not refused for a reason nobody could understand.

    Raises Refused(SECOND_LOCK) with its reason.
    """
    skew = int(config.clock_skew.total_seconds())
    reasons = []
    # One key after the other: an assertion may still be encrypted to an older one, and python3-saml takes only one.
    for seconds, private_key in itertools.product((0, -skew, skew), config.decryption_keys or (b"",)):
        _seconds_from_now.set(seconds)
        accepted, reason = _verdict(unverified, config, private_key, request_id)
        if accepted:
            return
        reasons.append(reason)
    raise Refused(Refusal.SECOND_LOCK, expected="acceptance", received=reasons[0])


_seconds_from_now: ContextVar[int] = ContextVar("seconds_from_now")


class _Clock(OneLogin_Saml2_Utils):  # type: ignore[misc]  # It has no types.
    @staticmethod
    def now() -> int:
        return int(OneLogin_Saml2_Utils.now()) + _seconds_from_now.get()


def _compiled_schemas() -> etree.XMLSchema:
    """python3-saml's schemas, and the mask function of RSA-OAEP (xmlenc-core1 5.5.2) beside them.

    Their EncryptionMethod lets in any element that is declared somewhere; Keycloak writes this one there.
    """
    theirs = (Path(onelogin.saml2.__file__).parent / "schemas" / "saml-schema-protocol-2.0.xsd").as_uri()
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


# Compiled while this module is imported, by one thread: libxml2's compiler of schemas is not thread-safe. Two threads
# that compile at once leave the process refusing every message, or kill it. Validating is thread-safe.
_SCHEMAS = _compiled_schemas()


class SchemaCheck(OneLogin_Saml2_XML):  # type: ignore[misc]
    @staticmethod
    def validate_xml(xml: etree._Element, _schema_name: str, _debug: bool) -> etree._Element | str:
        """The document, or a text if it is not what the schemas ask for."""
        # They ask for an attribute in each statement; an empty one is no harm, so that each gets one more.
        document = copy.deepcopy(xml)
        for statement in document.iterfind(f".//{saml('AttributeStatement')}"):
            etree.SubElement(statement, saml("Attribute"), Name="none")
        return xml if _SCHEMAS.validate(document) else "invalid_xml"


# python3-saml's response in a namespace of our own, where it uses these two; everybody else's stays as it is.
_namespace = runpy.run_module("onelogin.saml2.response")
_namespace["OneLogin_Saml2_Utils"] = _Clock
_namespace["OneLogin_Saml2_XML"] = SchemaCheck
_Response = _namespace["OneLogin_Saml2_Response"]


def _verdict(
    unverified: UnverifiedResponse, config: ConnectionConfig, private_key: bytes, request_id: str
) -> tuple[bool, str]:
    public = urlsplit(config.acs_url)
    request_data = {
        "https": "on" if public.scheme == "https" else "off",
        "http_host": public.netloc,
        "script_name": public.path,
    }
    try:
        response = _Response(_settings(config, private_key), unverified.encoded)
        return response.is_valid(request_data, request_id or None), str(response.get_error())
    except Exception as error:  # noqa: BLE001  Its own code and its parsers raise many kinds; each is a no.
        return False, type(error).__name__


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
        # The SSO URL has no part in a response: that it is one is the settings form's to say.
        sp_validation_only=True,
    )
