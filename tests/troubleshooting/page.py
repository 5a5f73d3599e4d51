"""The page under Settings, and something pasted there."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client

from tests.cast import Arrivals

PAGE = "/settings/security/sso/troubleshoot/"


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def paste(client: Client, message: str, **fields: str) -> HttpResponse:
    return client.post(PAGE, {"message": message, **fields})  # type: ignore[return-value]


def har(arrivals: Arrivals, saml_response: str) -> str:
    request = {
        "method": "POST",
        "url": arrivals.connection.acs_url,
        "postData": {"text": urlencode({"SAMLResponse": saml_response})},
    }
    return json.dumps(
        {"log": {"entries": [{}, {"startedDateTime": "2026-01-05T09:00:00Z", "request": request}]}}
    )
