"""Test Connection and Test the tile: the start, the result, and the state for pages that wait."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import actor_of, organization_of, requires
from accounts.roles import Permission
from accounts.throttle import hit
from sso.connection.own_connection import own_connection
from sso.guides import guide_named
from sso.models import Connection, ConnectionTest
from sso.refusals import Check
from sso.report_words.no_response import usual_causes
from sso.report_words.recognised import recognised_in
from sso.report_words.rows import rows_of, summary_of
from sso.saml.report import Outcome
from sso.signing_in import browser_secret
from sso.signing_in.sending import send
from sso.trial import starting
from sso.trial.state import report_of_test, state_of_test

_TESTS, _WINDOW = 30, timedelta(minutes=10)
_WINDOW_NAME = re.compile(r"[0-9a-f]{32}", re.ASCII)


@never_cache
@require_POST
@requires(Permission.MANAGE_SSO)
def start_test(request: HttpRequest) -> HttpResponse:
    """Begin a test of the staged change, or of the saved configuration, on or off."""
    connection = own_connection(request)
    if not _may_start(request, connection):
        return redirect("sso_settings")
    now = timezone.now()
    window = _window_of(request.POST.get("window", ""))
    started = starting.start(connection, actor_of(request), now, window=window)
    # A fresh sign-in there, so that the whole way is tested.
    return send(request, connection, started.config, started.request, now, by_page=True, force_authn=True)


@never_cache
@require_POST
@requires(Permission.MANAGE_SSO)
def start_tile_test(request: HttpRequest) -> HttpResponse:
    """Begin to listen for a click on the tile in this browser, while single sign-on is not on."""
    connection = own_connection(request)
    if connection.is_enabled:
        messages.info(request, _("Single sign-on is on: a click on the tile signs you in."))
        return redirect("sso_settings")
    if not _may_start(request, connection):
        return redirect("sso_settings")
    started = starting.start_tile(
        connection, actor_of(request), timezone.now(), window=_window_of(request.POST.get("window", ""))
    )
    response = redirect("sso_test_result", started.test.public_id)
    browser_secret.give_tile(response, connection, started.secret)
    return response


@never_cache
@require_GET
@requires(Permission.MANAGE_SSO)
def test_result(request: HttpRequest, public_id: str) -> HttpResponse:
    """The report of a test of one's own organization, or the page that waits for it; a stranger gets 404."""
    test = _test_of(request, public_id)
    connection = test.connection
    report = report_of_test(test)
    attributes = test.event.attributes if test.event else {}
    guide = guide_named(connection.guide)
    rows = rows_of(report, connection.guide, attributes) if report else []
    return render(
        request,
        "sso/trial/result.html",
        {
            "test": test,
            "state": state_of_test(test, timezone.now()).value,
            "connection": connection,
            "guide": guide,
            "event": test.event,
            "rows": rows,
            "failed": [row for row in rows if row.title and row.outcome != Outcome.WARNING.value],
            "summary": summary_of(report, connection.guide) if report else "",
            "recognised": recognised_in(report, connection.guide) if report else None,
            "who": next((row.received for row in rows if row.check == Check.MEMBER.value), ""),
            "attributes": attributes,
            "is_signed": report is not None and report.is_signed,
            "redacted_xml": test.event.redacted_xml if test.event else "",
            "checks": [] if report else [_(check.label) for check in Check],
            "causes": [] if report else usual_causes(guide, of_tile=test.is_of_tile),
            "can_apply": _can_apply(connection, test),
            "is_outdated": _is_outdated(connection, test),
        },
    )


@never_cache
@require_GET
@requires(Permission.MANAGE_SSO)
def test_status(request: HttpRequest) -> JsonResponse:
    """The state of the newest test, or of the newest one that a window of the settings page started."""
    tests = ConnectionTest.objects.select_related("connection", "event").filter(
        connection__organization=organization_of(request)
    )
    if window := _window_of(request.GET.get("window", "")):
        tests = tests.filter(window=window)
    test = tests.order_by("-started_at", "-pk").first()
    return JsonResponse(_status_of(test) if test else {"state": "none"})


@never_cache
@require_GET
@requires(Permission.MANAGE_SSO)
def status_of_test(request: HttpRequest, public_id: str) -> JsonResponse:
    """The state of one test, for the page that waits for its response."""
    return JsonResponse(_status_of(_test_of(request, public_id)))


def _status_of(test: ConnectionTest) -> dict[str, Any]:
    status: dict[str, Any] = {
        "id": test.public_id,
        "state": state_of_test(test, timezone.now()).value,
        "url": reverse("sso_test_result", args=[test.public_id]),
    }
    report = report_of_test(test)
    if report is not None:
        status["summary"] = summary_of(report, test.connection.guide)
        status["checks"] = [
            {"label": row.label, "outcome": row.outcome} for row in rows_of(report, test.connection.guide)
        ]
    return status


def _can_apply(connection: Connection, test: ConnectionTest) -> bool:
    """Whether the staged change is the very one this test has passed with."""
    return (
        test.passed
        and test.candidate is not None
        and test.candidate.version == test.candidate_version
        and test.candidate.is_tested
    )


def _is_outdated(connection: Connection, test: ConnectionTest) -> bool:
    """Whether what was tested has been changed, applied or discarded since."""
    if not test.is_of_change:
        return test.version != connection.version
    return test.candidate is None or test.candidate.version != test.candidate_version


def _may_start(request: HttpRequest, connection: Connection) -> bool:
    if not connection.is_complete:
        messages.error(request, _("Save SSO URL, Issuer / Entity ID and Certificate first, then test."))
        return False
    if not hit(f"sso-test:{connection.organization_id}", _TESTS, _WINDOW, timezone.now()):
        messages.error(request, _("Too many tests. Wait a few minutes, then try again."))
        return False
    return True


def _window_of(name: str) -> str:
    return name if _WINDOW_NAME.fullmatch(name) else ""


def _test_of(request: HttpRequest, public_id: str) -> ConnectionTest:
    return get_object_or_404(
        ConnectionTest.objects.select_related("connection__organization", "event", "candidate__connection"),
        public_id=public_id,
        connection__organization=organization_of(request),
    )
