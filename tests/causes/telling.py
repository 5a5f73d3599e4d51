"""Provokes a cause and collects what everybody is told: the person, the admin in log and test, the operator."""

from __future__ import annotations

import html
import io
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from lxml import html as lxml_html

from accounts.models import User
from sso.models import Connection, ConnectionTest, SignInEvent
from sso.phrases import Text, from_json
from sso.refusals import CATALOGUE, Refusal
from sso.report_words.words import in_words
from tests.causes.provoking import CAUSES, Cause
from tests.causes.scene import Scene, new_scene


@dataclass
class Told:
    """What one cause looks like from everywhere. A place that never meets it says so in brackets."""

    refusal: Refusal
    status: int = 0
    employee: str = ""
    log: str = ""
    event: SignInEvent | None = None
    log_facts: dict[str, str] = field(default_factory=dict)
    received: Text = ""
    test: str = ""
    test_row: str = ""
    explain: str = ""


def tell(refusal: Refusal) -> Told:
    """Provoke a cause in a new scene, in the caller's transaction."""
    cause, scene, told = CAUSES[refusal], new_scene(), Told(refusal)
    if cause.before is not None:
        cause.before(scene)
    message = cause.message(scene) if cause.message else ""
    _person(told, cause, scene, message)
    _admin_in_the_log(told, scene)
    _operator(told)
    _admin_in_a_test(told, cause, scene, message)
    return told


def _person(told: Told, cause: Cause, scene: Scene, message: str) -> None:
    before = set(SignInEvent.objects.values_list("pk", flat=True))
    client = scene.browser
    client.raise_request_exception = False
    if message:
        response = scene.arrivals.post(message, client)
    elif cause.start is not None:
        response = cause.start(scene)
    else:
        told.employee = "[the identity provider's own page]"
        return
    told.status = response.status_code
    told.employee = "[signed in]" if told.status == 303 else text_of(response.content.decode())
    told.event = SignInEvent.objects.exclude(pk__in=before).get()


def _admin_in_the_log(told: Told, scene: Scene) -> None:
    rows = told.event.checks if told.event else []
    told.log_facts = next((_facts(row) for row in rows if row["refusal"] == told.refusal), {})
    told.received = next((from_json(row["received"]) for row in rows if row["refusal"] == told.refusal), "")
    if told.event is not None and told.event.organization is None:
        told.log = "[the service's own log]"
        return
    page = _client_of(scene.admin).get("/settings/security/sso/").content.decode()
    told.log = text_of(page, '//ol[@id="latest-sign-ins"]/li[1]')


def _facts(stored: dict[str, Any]) -> dict[str, str]:
    return {name: in_words(from_json(value)) for name, value in stored.items()}


def _admin_in_a_test(told: Told, cause: Cause, scene: Scene, message: str) -> None:
    if cause.untested:
        told.test = f"[{cause.untested}]"
        return
    client = _client_of(scene.admin)
    # The tile is tested while single sign-on is not on.
    Connection.objects.filter(pk=scene.connection.pk).update(enabled_at=None)
    client.post("/settings/security/sso/test/tile/" if message else "/settings/security/sso/test/")
    test = ConnectionTest.objects.latest("pk")
    if message:
        scene.arrivals.post(message, client)
    else:
        ConnectionTest.objects.filter(pk=test.pk).update(started_at=timezone.now() - timedelta(minutes=6))
    page = client.get(f"/settings/security/sso/test/{test.public_id}/").content.decode()
    told.test = text_of(page)
    title = CATALOGUE[told.refusal].title
    rows = _found(lxml_html.document_fromstring(page), "//li[@data-outcome]")
    texts = (_words(row) for row in rows)
    told.test_row = next((text for text in texts if title in text), told.test)


def _operator(told: Told) -> None:
    """`sso_explain` as the operator types it, with the reference the person gave."""
    if told.event is None:
        told.explain = "[there is no reference: nothing arrived]"
        return
    out = io.StringIO()
    with suppress(CommandError):
        call_command("sso_explain", told.event.reference, stdout=out, stderr=out)
    told.explain = " ".join(out.getvalue().split())


def _client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(page: str, path: str = "//main") -> str:
    """What is read on a page, in one line."""
    root = lxml_html.document_fromstring(page)
    for hidden in _found(root, "//script|//style|//template|//*[@hidden]"):
        hidden.drop_tree()
    return " ".join(_words(node) for node in _found(root, path))


def _found(root: Any, path: str) -> list[Any]:
    return list(root.xpath(path))


def _words(node: Any) -> str:
    return " ".join(html.unescape(" ".join(node.itertext())).split())
