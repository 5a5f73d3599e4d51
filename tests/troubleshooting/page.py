"""The page under Settings, and something pasted there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client

from tests.cast import Arrivals
from tests.saml.pasted.pasting import har as recording

PAGE = "/settings/security/sso/troubleshoot/"


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def paste(client: Client, message: str, **fields: str) -> HttpResponse:
    return client.post(PAGE, {"message": message, **fields})  # type: ignore[return-value]


def har(arrivals: Arrivals, saml_response: str) -> str:
    """A recording of the browser that posted this response to us."""
    return recording({"text": urlencode({"SAMLResponse": saml_response})}, url=arrivals.connection.acs_url)
