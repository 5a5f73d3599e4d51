"""Writes AuthnRequests and sends them by HTTP-Redirect (SAML core 3.4.1, bindings 3.4.4)."""

from __future__ import annotations

import base64
import re
import secrets
import zlib
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from lxml import etree

from sso.saml.instants import write_instant
from sso.saml.names import BINDING_POST, NAME_ID_EMAIL, SAML, SAMLP, saml, samlp
from sso.saml.types import ConnectionConfig

_REQUEST_ID = re.compile(r"_[0-9a-f]{32}")


def new_request_id() -> str:
    """A new request ID: an NCName with 128 random bits (SAML core 1.3.4)."""
    return f"_{secrets.token_hex(16)}"


def may_be_ours(request_id: str) -> bool:
    """Whether an ID has the form of ours. Any other one was never sent by us."""
    return _REQUEST_ID.fullmatch(request_id) is not None


def authn_request(
    config: ConnectionConfig, request_id: str, now: datetime, *, force_authn: bool = False
) -> bytes:
    """The AuthnRequest as XML (SAML core 3.4.1). `now` is aware.

    `force_authn` asks the identity provider to authenticate the person again, even with a session there.
    """
    root = etree.Element(
        samlp("AuthnRequest"),
        nsmap={"samlp": SAMLP, "saml": SAML},
        ID=request_id,
        Version="2.0",
        IssueInstant=write_instant(now),
        Destination=config.sso_url,
        AssertionConsumerServiceURL=config.acs_url,
        ProtocolBinding=BINDING_POST,
    )
    if force_authn:
        root.set("ForceAuthn", "true")
    etree.SubElement(root, saml("Issuer")).text = config.entity_id
    etree.SubElement(root, samlp("NameIDPolicy"), Format=NAME_ID_EMAIL, AllowCreate="true")
    return etree.tostring(root)


def redirect_url(config: ConnectionConfig, request: bytes, relay_state: str = "") -> str:
    """The SSO URL with the request in its query, DEFLATE-encoded (bindings 3.4.4.1)."""
    deflater = zlib.compressobj(wbits=-15)
    message = base64.b64encode(deflater.compress(request) + deflater.flush()).decode("ascii")
    query = {"SAMLRequest": message} | ({"RelayState": relay_state} if relay_state else {})
    separator = "&" if urlsplit(config.sso_url).query else "?"
    return f"{config.sso_url}{separator}{urlencode(query)}"
