"""Test Connection: the start in a new tab, and the page of the result."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import organization_of, requires
from accounts.roles import Permission
from accounts.throttle import hit
from sso import connection_test
from sso.models import Connection, ConnectionTest
from sso.test_report import rows_of, summary_of
from sso.views.start import going_to

_TESTS, _WINDOW = 30, timedelta(minutes=10)


@never_cache
@require_POST
@requires(Permission.MANAGE_SSO)
def start_test(request: HttpRequest) -> HttpResponse:
    """Begin a test of the saved configuration, on or off."""
    organization = organization_of(request)
    connection = get_object_or_404(
        Connection.objects.select_related("organization"), organization=organization
    )
    now = timezone.now()
    if not connection.is_complete:
        messages.error(request, _("Save OneLogin's SSO URL, Issuer and Certificate first, then test."))
        return redirect("sso_settings")
    if not hit(f"sso-test:{organization.pk}", _TESTS, _WINDOW, now):
        messages.error(request, _("Too many tests. Wait a few minutes, then try again."))
        return redirect("sso_settings")
    assert request.user.is_authenticated
    _test, started, url = connection_test.start(connection, request.user, now)
    return going_to(request, connection, started, url, by_page=True)


@never_cache
@require_GET
@requires(Permission.MANAGE_SSO)
def test_result(request: HttpRequest, public_id: str) -> HttpResponse:
    """The report of a test of one's own organization; a stranger gets 404."""
    test = get_object_or_404(
        ConnectionTest.objects.select_related("connection__organization", "event"),
        public_id=public_id,
        connection__organization=organization_of(request),
    )
    report = connection_test.report_of(test)
    late = test.finished_at is None and timezone.now() - test.started_at > connection_test.PATIENCE
    return render(
        request,
        "sso/settings/test_result.html",
        {
            "test": test,
            "connection": test.connection,
            "event": test.event,
            "report": rows_of(report, test.connection.guide) if report else [],
            "summary": summary_of(report) if report else "",
            "attributes": test.event.attributes if test.event else {},
            "redacted_xml": test.event.redacted_xml if test.event else "",
            "no_response": late,
        },
    )


@never_cache
@require_GET
@requires(Permission.MANAGE_SSO)
def test_status(request: HttpRequest) -> JsonResponse:
    """The newest test of one's own organization, for the settings page that waits for it."""
    test = (
        ConnectionTest.objects.filter(connection__organization=organization_of(request))
        .order_by("-started_at", "-pk")
        .first()
    )
    if test is None:
        return JsonResponse({"state": "none"})
    state = "waiting" if test.finished_at is None else "passed" if test.passed else "failed"
    return JsonResponse({"state": state, "id": test.public_id})
