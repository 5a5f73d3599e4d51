"""Logs tie the lines of a request together, and carry no secrets."""

from __future__ import annotations

import base64
import io
import json
import logging
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, QueryDict
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


@dataclass
class _Form:
    password: str


@pytest.mark.parametrize(
    "field",
    [
        {"SAMLResponse": "hunter22", "RelayState": "hunter22"},
        {"Password": "hunter22", "new_password1": ["hunter22"], "csrfmiddlewaretoken": "hunter22"},
        QueryDict("password=x&password=hunter22"),
        [{"form": ({"token": "hunter22"},)}],
        {
            "headers": {
                "Cookie": "a=1; sso_0123abc=hunter22; sso_tile_test=hunter22; __Host-sessionid=hunter22"
            }
        },
        {"cookies": {"sso_0123abc": "hunter22", "sso_tile_test": "hunter22", "__Host-sessionid": "hunter22"}},
        b"hunter22",
        {"body": [bytearray(b"hunter22")], "view": memoryview(b"hunter22")},
        {"sso_tile_test=hunter22": 1},
        _Form("hunter22"),
        ValueError("<saml:Assertion>hunter22</saml:Assertion>"),
    ],
)
def test_nor_do_they_inside_of_a_field(field: Any) -> None:
    line = _written("came", formatter=JsonLog(), field=field, harmless=[{"status": 200, "at": None}])
    assert "hunter22" not in line
    assert base64.b64encode(b"hunter22").decode() not in line
    assert json.loads(line)["harmless"] == [{"status": 200, "at": None}]


def test_a_secret_field_of_the_caller_is_blanked_by_its_name() -> None:
    line = json.loads(_written("came", formatter=JsonLog(), password="hunter22", sso_tile_test="hunter22"))
    assert (line["password"], line["sso_tile_test"]) == ("[removed]", "[removed]")


@pytest.mark.parametrize("formatter", [JsonLog(), TextLog()])
@pytest.mark.parametrize(
    "text",
    [
        {"password": "a hunter22"},
        {"password": b"a hunter22"},
        {"password": ["a", "hunter22"]},
        _Form("a hunter22"),
        json.dumps({"password": "a hunter22"}),
        json.dumps(json.dumps({"password": "a hunter22"})),
        "new_password1%3Dhunter22",
        "sso_0123abc=hunter22",
        "sso_tile_test=hunter22",
        "__Host-sessionid=hunter22",
    ],
)
def test_nor_do_they_spelt_out_in_a_message(text: Any, formatter: logging.Formatter) -> None:
    assert "hunter22" not in _written("came: %s", text, formatter=formatter)


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


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("trusted", "given", "is_taken"),
    [
        ("X-Request-ID", "7f3b2c1d9e8a4f60", True),
        ("X-Request-ID", "a" * 64, True),
        ("X-Request-ID", "a" * 65, False),
        ("X-Request-ID", "a" * 7, False),
        ("X-Request-ID", "12345678\r\nforged", False),
        ("X-Request-ID", "12345678\n", False),
        ("X-Request-ID", "<script>alert(1)</script>", False),
        ("X-Request-ID", "sessionid=12345678", False),
        ("X-Request-ID", "", False),
        ("X-Amzn-Trace-Id", "7f3b2c1d9e8a4f60", False),
        ("", "7f3b2c1d9e8a4f60", False),
    ],
)
def test_the_id_of_a_request_is_the_proxys_if_that_is_trusted_and_plain(
    settings: Any, trusted: str, given: str, is_taken: bool
) -> None:
    settings.TRUSTED_REQUEST_ID_HEADER = trusted
    answer = Client().get("/login/", headers={"X-Request-ID": given})
    assert (answer["X-Request-ID"] == given) is is_taken
    assert is_taken or answer["X-Request-ID"].startswith("REQ-")


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
