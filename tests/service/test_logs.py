"""Logs tie the lines of a request together, and carry no secrets."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from justcall_sso.log_format import JsonLog, TextLog, without_secrets


def _written(message: str, *arguments: Any, formatter: logging.Formatter, **extra: Any) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger = logging.getLogger("tests.logs")
    logger.addHandler(handler)
    try:
        logger.warning(message, *arguments, extra=extra)
    finally:
        logger.removeHandler(handler)
    return stream.getvalue()


def test_a_line_is_one_json_object_with_the_fields_of_its_caller() -> None:
    line = json.loads(_written("%s came in", "Agnes", formatter=JsonLog(), reference="SSO-1"))
    assert line["message"] == "Agnes came in"
    assert line["level"] == "WARNING"
    assert line["logger"] == "tests.logs"
    assert line["reference"] == "SSO-1"
    assert "time" in line


@pytest.mark.parametrize("formatter", [JsonLog(), TextLog()])
def test_saml_messages_cookies_and_passwords_never_get_into_a_line(formatter: logging.Formatter) -> None:
    secrets = "SAMLResponse=PHNhbWw&RelayState=%2Fteam sessionid=abc123; password=hunter22 token=xyz789"
    request = RequestFactory().get("/?SAMLRequest=fZJNT4NAEI")
    line = _written(
        "POST %s <samlp:Response ID='x'>Agnes</samlp:Response>", secrets, formatter=formatter, request=request
    )
    for secret in ["PHNhbWw", "abc123", "hunter22", "xyz789", "Agnes", "fZJNT4NAEI"]:
        assert secret not in line


def test_a_line_of_text_is_one_line_and_gives_a_terminal_no_orders() -> None:
    line = _written("GET %s", "/a\r\n09:00:00 INFO root: forged\x1b[2J\u202e", formatter=TextLog())
    assert line.endswith("GET /a\\r\\n09:00:00 INFO root: forged\\x1b[2J\\u202e\n")
    assert line.count("\n") == 1


def test_harmless_words_stay() -> None:
    assert without_secrets("the signature of the token is wrong") == "the signature of the token is wrong"


@pytest.mark.django_db
def test_a_request_is_logged_with_its_path_alone(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="justcall.request"):
        response = Client().get("/no/such/page/", {"SAMLResponse": "PHNhbWw"})
    (record,) = [record for record in caplog.records if record.name == "justcall.request"]
    assert record.getMessage() == "GET /no/such/page/ 404"
    assert response["X-Request-ID"].startswith("REQ-")


def _broken(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    raise RuntimeError


urlpatterns = [path("invitation/<public_id>/<token>/", _broken)]
handler500 = "justcall_sso.errors.server_error"


@override_settings(ROOT_URLCONF=__name__)
def test_a_token_in_a_path_is_not_logged_neither_by_us_nor_by_django(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO):
        Client(raise_request_exception=False).get("/invitation/c0ffee/the-token-itself/")
    lines = [record.getMessage() for record in caplog.records]
    assert "GET /invitation/c0ffee/<token>/ 500" in lines
    assert "Internal Server Error: /invitation/c0ffee/<token>/" in lines
    assert "the-token-itself" not in "".join(lines)


def test_health_checks_do_not_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="justcall.request"):
        Client().get("/health/live/")
    assert not [record for record in caplog.records if record.name == "justcall.request"]
