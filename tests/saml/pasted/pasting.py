"""One response in the forms in which people paste it."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlencode

from tests.saml.messages import ACS_URL, IdentityProvider

FIELD = IdentityProvider().response()
XML = base64.b64decode("".join(FIELD.split())).decode()
FLAT = base64.b64encode(XML.strip().encode()).decode()


def har(*posts: dict[str, Any], url: str = ACS_URL) -> str:
    entries = [
        {
            "startedDateTime": "2026-01-05T09:00:00Z",
            "request": {"method": "POST", "url": url, "postData": data},
        }
        for data in posts
    ]
    return json.dumps({"log": {"version": "1.2", "entries": [{"request": {"method": "GET"}}, *entries]}})


BODY = urlencode({"SAMLResponse": FIELD, "RelayState": "/"})
PAGE = f'<!DOCTYPE html><html><form method="post"><input type="hidden" name="SAMLResponse" value="{FIELD}"/></form>'


def element(name: str) -> str:
    return f'<samlp:{name} xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1"></samlp:{name}>'
