"""What Prometheus is told, and who may ask."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as real_settings
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import outbox
from accounts.models import User
from justcall_sso import metrics_page
from sso.models import SignInEvent
from tests.cast import Arrivals
from tests.processes import App

TOKEN = "a-token-of-the-tests-that-is-long-enough"
WITH_IT = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def _a_token(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.METRICS_TOKEN = TOKEN
    monkeypatch.setattr(metrics_page, "_FRESH_FOR", -1)


def _read() -> dict[str, float]:
    return _parsed(Client().get("/metrics", headers=WITH_IT).content.decode())


def _parsed(text: str) -> dict[str, float]:
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _blank, value in lines}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": TOKEN},
        {"Authorization": f"Basic {TOKEN}"},
    ],
)
def test_without_the_token_there_is_no_such_page(db: None, headers: dict[str, str]) -> None:
    answer = Client().get("/metrics", headers=headers)
    assert (answer.status_code, b"justcall_" in answer.content) == (404, False)


def test_where_no_token_is_set_nobody_may_ask(db: None, settings: Settings, owner: User) -> None:
    settings.METRICS_TOKEN = ""
    client = Client()
    client.force_login(owner)
    for given in ("Bearer ", "Bearer", ""):
        assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_sign_ins_are_counted_by_flow_result_and_cause_and_the_acs_by_its_time(
    arrivals: Arrivals, agent: User
) -> None:
    accepted = 'justcall_sign_ins_total{cause="",flow="tile",result="accepted"}'
    refused = 'justcall_sign_ins_total{cause="wrong_audience",flow="tile",result="refused"}'
    replayed = 'justcall_sign_ins_total{cause="replayed",flow="tile",result="refused"}'
    before = _read()
    response = arrivals.of(agent.email)
    arrivals.post(response)
    arrivals.post(response)
    arrivals.post(arrivals.of(agent.email, audiences=("https://wrong.example/",)))
    after = _read()
    assert [after[name] - before.get(name, 0) for name in (accepted, refused, replayed)] == [1, 1, 1]
    timed = 'justcall_request_seconds_count{route="sso_acs"}'
    assert after[timed] - before.get(timed, 0) == 3
    answered = 'justcall_requests_total{route="sso_acs",status="303"}'
    assert after[answered] > before.get(answered, 0)


def test_a_sign_in_that_is_rolled_back_is_not_counted(arrivals: Arrivals, agent: User) -> None:
    before = _read()
    arrivals.post(arrivals.of(agent.email))
    assert SignInEvent.objects.exists()
    # This test's transaction never commits.
    counted = [name for name in _read() if name.startswith("justcall_sign_ins_total")]
    assert all(_read()[name] == before[name] for name in counted)


def test_the_database_is_counted(arrivals: Arrivals, owner: User, agent: User) -> None:
    at = timezone.now() - timedelta(hours=1)
    outbox.put("of a release to come", {}, at, wakes=False)
    arrivals.connection.enabled_at = at
    arrivals.connection.save()
    arrivals.connection.certificates.update(not_after=timezone.now() + timedelta(days=10))
    said = _read()
    assert said["justcall_members"] == 2
    assert said["justcall_connections"] == 1
    assert 9.9 < said["justcall_certificate_days"] <= 10
    assert said['justcall_emails{state="waiting"}'] == 1
    assert said['justcall_emails{state="given_up"}'] == 0
    assert said["justcall_oldest_email_seconds"] >= 3600
    assert said["justcall_database_up"] == 1


def test_without_a_database_it_answers_all_the_same(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise DatabaseError

    monkeypatch.setattr(metrics_page, "_gauges", away)
    said = _read()
    assert said["justcall_database_up"] == 0
    assert "justcall_members" not in said


@pytest.mark.django_db(transaction=True)
def test_no_label_names_anybody(arrivals: Arrivals, agent: User) -> None:
    arrivals.post(arrivals.of(agent.email))
    Client().get("/invitations/a-token-that-is-in-an-address-only/")
    Client().get("/no/such/page/")
    text = Client().get("/metrics", headers=WITH_IT).content.decode()
    for word in ("acme", "agnes", arrivals.connection.public_id, "a-token-that", "no/such"):
        assert word not in text.lower()
    assert set(re.findall(r'[{,](\w+)="', text)) == {
        "route",
        "status",
        "flow",
        "result",
        "cause",
        "le",
        "state",
    }


def test_the_dashboard_asks_for_nothing_that_is_not_there(arrivals: Arrivals, agent: User) -> None:
    arrivals.connection.enabled_at = timezone.now()
    arrivals.connection.save()
    text = Client().get("/metrics", headers=WITH_IT).content.decode()
    there = set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE))
    dashboard = json.loads((Path(real_settings.BASE_DIR) / "docs/grafana.json").read_text("utf-8"))
    asked = {
        name
        for panel in dashboard["panels"]
        for target in panel.get("targets", [])
        for name in re.findall(r"justcall_\w+", target["expr"])
    }
    assert asked
    assert {name.removesuffix("_bucket") for name in asked} <= there


def _scrape(app: App) -> dict[str, float]:
    caller = http.client.HTTPConnection("127.0.0.1", app.port, timeout=30)
    caller.request("GET", "/metrics", headers={"Host": "localhost", **WITH_IT})
    answer = caller.getresponse()
    text = answer.read().decode()
    caller.close()
    assert answer.status == 200
    return _parsed(text)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_all_workers_count_together_also_those_that_are_gone() -> None:
    app = App(METRICS_TOKEN=TOKEN, WEB_CONCURRENCY="2", WEB_THREADS="1")
    logins = 'justcall_requests_total{route="login",status="200"}'
    try:
        app.wait()
        for _time in range(20):
            app.get("/login/", "")
        assert _scrape(app)[logins] == 20
        folder = _folder_of_counts(app.process.pid)
        files = sorted(os.listdir(folder))
        for pid in _children(app.process.pid):
            os.kill(pid, signal.SIGKILL)
        time.sleep(1)
        app.wait()
        app.get("/login/", "")
        assert _scrape(app)[logins] == 21
        # A new worker goes on in the file of the one that is gone.
        assert sorted(os.listdir(folder)) == files
    finally:
        app.stop()
    assert not os.path.exists(folder)


def _folder_of_counts(master: int) -> str:
    import tempfile

    (folder,) = Path(tempfile.gettempdir()).glob(f"justcall-metrics-{master}-*")
    return str(folder)


def _children(master: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]
