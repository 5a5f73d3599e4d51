"""Settings → Security → Sign-in log and audit trail."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import organization_of, requires
from accounts.models import Organization
from accounts.roles import Permission
from sso.connection.own_connection import connection_of
from sso.log import audit_trail as trail
from sso.log import sign_in_log as log
from sso.log.csv_export import MOST_ROWS, csv_rows
from sso.log.cursor import Cursor
from sso.log.entry import story_of
from sso.log.forms import AuditFilterForm, LogFilterForm
from sso.log.reference import read_reference
from sso.log.retention import AUDIT_KEPT, EVENTS_KEPT, MESSAGES_KEPT
from sso.models import Connection

_BATCH = 1000
_KEPT = {
    "events_kept": EVENTS_KEPT.days,
    "messages_kept": MESSAGES_KEPT.days,
    "audit_kept": AUDIT_KEPT.days,
}


@never_cache
@require_safe
@requires(Permission.VIEW_SIGN_IN_LOG)
def sign_in_log(request: HttpRequest) -> HttpResponse:
    """The sign-in log, filtered. A search for a known reference redirects to its page."""
    organization = organization_of(request)
    typed = request.GET.get("reference", "").strip()
    reference = read_reference(typed)
    if reference and organization.sign_in_events.filter(reference=reference).exists():
        return redirect("sign_in_entry", reference)
    connection = connection_of(organization)
    form = _filters(request, organization, connection)
    before = Cursor.read(request.GET.get("before", ""))
    page = log.Page([], None)
    if form.is_valid():
        page = log.page(organization, connection, form.wanted, timezone.now(), before=before)
    context = {
        "form": form,
        "page": page,
        "connection": connection,
        "is_first": before is None,
        "not_found": typed and (reference or typed[:40]),
        "most_rows": f"{MOST_ROWS:,}",
        **_KEPT,
    }
    return render(request, "sso/log/sign_ins.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@requires(Permission.VIEW_SIGN_IN_LOG)
def sign_in_log_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The same lines as a CSV file. It is sent while it is read."""
    organization = organization_of(request)
    connection = connection_of(organization)
    form = _filters(request, organization, connection)
    if not form.is_valid():
        return redirect(f"{request.path.removesuffix('export.csv')}?{request.GET.urlencode()}")
    now = timezone.now()
    lines = log.all_lines(organization, connection, form.wanted, now, batch=_BATCH)
    name = f"sign-in-log-{organization.slug}-{now:%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        csv_rows(lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@never_cache
@require_safe
@requires(Permission.VIEW_SIGN_IN_LOG)
def sign_in_entry(request: HttpRequest, reference: str) -> HttpResponse:
    """One sign-in of the member's own organization. Any other reference: 404."""
    event = get_object_or_404(
        organization_of(request).sign_in_events.select_related("user", "connection__organization"),
        reference=reference.upper(),
    )
    story = story_of(event, timezone.now())
    return render(
        request,
        "sso/log/entry.html",
        {"event": event, "story": story, "connection": event.connection, **_KEPT},
    )


@never_cache
@require_safe
@requires(Permission.VIEW_SIGN_IN_LOG)
def audit_trail(request: HttpRequest) -> HttpResponse:
    """Who changed which setting, from what to what."""
    organization = organization_of(request)
    form = AuditFilterForm(organization, request.GET)
    before = Cursor.read(request.GET.get("before", ""))
    page = trail.Page([], None)
    if form.is_valid():
        page = trail.page(organization, form.actors, form.first_moment, form.end, before=before)
    context = {"form": form, "page": page, "is_first": before is None, **_KEPT}
    return render(request, "sso/log/audit.html", context, status=422 if form.errors else 200)


def _filters(
    request: HttpRequest, organization: Organization, connection: Connection | None
) -> LogFilterForm:
    return LogFilterForm(organization, connection.guide if connection else "", request.GET)
