"""The sign-in log as a file: whole, filtered like the page, streamed, and harmless to a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sso.log import csv_export
from sso.log import views as log
from sso.models import Connection, Flow
from sso.signing_in import pending
from tests.cast import Write
from tests.log.pages import CSV


def _file(client: Client, **query: str) -> list[list[str]]:
    response: Any = client.get(CSV, query)
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_it_has_every_line_of_the_log(write: Write, connection: Connection, client: Client) -> None:
    now = timezone.now()
    event = write(1, "zoë@acme.example", refusal="wrong_audience", flow=Flow.SSO_PAGE)
    pending.start(connection, now - timedelta(minutes=6))
    heading, refused, silent = _file(client)
    assert heading == ["Time (UTC)", "Person", "Result", "Started at", "Reason", "Code", "Reference"]
    assert refused == [
        f"{event.occurred_at:%Y-%m-%d %H:%M:%S}",
        "zoë@acme.example",
        "Refused",
        "Sign in with SSO",
        "Invalid audience",
        "wrong_audience",
        event.reference,
    ]
    assert silent[2] == "No response"
    assert silent[6] == ""


def test_it_has_the_filters_of_the_page(write: Write, client: Client) -> None:
    write()
    test = write(2, flow=Flow.TEST)
    assert [row[6] for row in _file(client, flow="test")[1:]] == [test.reference]


@pytest.mark.parametrize(
    "person", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", '=HYPERLINK("x")']
)
def test_a_cell_is_never_a_formula(write: Write, client: Client, person: str) -> None:
    write(email=person)
    assert _file(client)[1][1] == f"'{person}"


def test_it_is_read_in_batches(write: Write, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_BATCH", 4)
    written = [write(minutes).reference for minutes in range(1, 14)]
    with CaptureQueriesContext(database) as captured:
        assert [row[6] for row in _file(client)[1:]] == written
    limits = [query["sql"] for query in captured if "sso_signinevent" in query["sql"]]
    assert len(limits) == 4
    assert all("LIMIT 5" in sql and "OFFSET" not in sql for sql in limits)


def test_a_file_that_is_not_complete_says_so(
    write: Write, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_export, "MOST_ROWS", 2)
    for minutes in (1, 2, 3):
        write(minutes)
    *rows, last = _file(client)[1:]
    assert len(rows) == 2
    assert last[0].startswith("Not complete")
