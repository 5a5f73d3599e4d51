"""The page Troubleshoot: paste a reference or a message and see every check; recent failures below."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import organization_of, requires
from accounts.roles import Permission
from accounts.throttle import hit
from sso.connection.own_connection import connection_of
from sso.guides import guide_named
from sso.health.failures import failures_by_cause
from sso.refusals import CATALOGUE, Refusal
from sso.report_words.recognised import recognised_in
from sso.report_words.rows import rows_of, summary_of
from sso.saml.pasted.message_kinds import PastedKind
from sso.saml.pasted.messages import PastedReference, SomethingElse, read_pasted
from sso.troubleshooting.diagnosis import Diagnosis, cure_of, diagnose_event, diagnose_response, find_event
from sso.troubleshooting.form import JudgeAt, TroubleshootForm, UploadInMemory

_MESSAGES, _WINDOW = 120, timedelta(minutes=10)
_MAX_REFERENCE = 200


# The upload handler must be set before anything reads the body. The CSRF check reads it, so `_of_message` makes it.
@csrf_exempt
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_SSO)
def troubleshoot(request: HttpRequest) -> HttpResponse:
    """The page. A reference of another company is unknown, like one that does not exist."""
    if request.method != "POST":
        typed = request.GET.get("reference", "").strip()
        return _of_reference(request, typed) if typed else _page(request)
    request.upload_handlers = [UploadInMemory(request)]
    try:
        request.POST  # noqa: B018  Reads the body.
    except RequestDataTooBig:
        too_big = _("This is too much to paste. Save it in a file and upload that, up to 5 MB.")
        return _page(request, problem=too_big, status=413)
    return _of_message(request)


@csrf_protect
def _of_message(request: HttpRequest) -> HttpResponse:
    form = TroubleshootForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form=form.without_message(), status=422)
    now = timezone.now()
    if not hit(f"sso-troubleshoot:{organization_of(request).pk}", _MESSAGES, _WINDOW, now):
        return _page(request, problem=_("Too many at once. Wait a few minutes, then try again."), status=429)
    connection = connection_of(organization_of(request))
    pasted = read_pasted(form.pasted, connection.acs_url if connection else "")
    if isinstance(pasted, PastedReference):
        query = urlencode({"reference": pasted.reference})
        return HttpResponseRedirect(f"{reverse('sso_troubleshoot')}?{query}")
    if isinstance(pasted, SomethingElse):
        return _page(request, form=form.without_message(), problem=_words_for(pasted), status=422)
    if connection is None:
        nothing = _(
            "There is no configuration to check it against yet. Enable SSO on the Single Sign-On page first."
        )
        return _page(request, problem=nothing, status=422)
    at = form.other_time if form.judge_at is JudgeAt.OTHER else None
    is_made = form.judge_at is JudgeAt.MADE
    diagnosis = diagnose_response(connection, pasted, now, at=at, when_made=is_made)
    result = _result(diagnosis, connection.guide)
    if diagnosis.is_out_of_time and diagnosis.made_at is not None:
        # Show both now. Otherwise the page would have to hold the message to judge it again.
        fresh = diagnose_response(connection, pasted, now, when_made=True)
        result["when_made"] = _result(fresh, connection.guide, suffix="-when-made")
    return _page(request, **result)


def _of_reference(request: HttpRequest, typed: str) -> HttpResponse:
    pasted = read_pasted(typed[:_MAX_REFERENCE])
    if isinstance(pasted, PastedReference):
        reference = pasted.reference
        event = find_event(organization_of(request), reference)
    else:
        reference, event = typed[:40], None
    if event is None:
        unknown = _("No sign-in of your company has the reference %(reference)s.") % {"reference": reference}
        return _page(request, problem=unknown, status=404)
    guide = event.connection.guide if event.connection else ""
    result = _result(diagnose_event(event), guide)
    if event.refusal in set(Refusal):
        refusal = Refusal(event.refusal)
        result |= {"entry": CATALOGUE[refusal], "fix": cure_of(event, guide)}
    return _page(request, **result, event=event)


def _result(diagnosis: Diagnosis, guide: str, suffix: str = "") -> dict[str, Any]:
    """The page data of a diagnosis. With a suffix, the ids of two diagnoses on one page differ."""
    rows = rows_of(diagnosis.report, guide, diagnosis.attributes)
    rows = [replace(row, check=f"{row.check}{suffix}") for row in rows]
    return {
        "diagnosis": diagnosis,
        "rows": rows,
        "failed_rows": [row for row in rows if row.outcome == "failed"],
        "summary": summary_of(diagnosis.report, guide) if rows else "",
        "recognised": recognised_in(diagnosis.report, guide) if guide else None,
    }


def _words_for(pasted: SomethingElse) -> str:
    sentence = _(pasted.kind.sentence)
    if pasted.kind is PastedKind.OTHER_XML and pasted.name:
        return _("The element is %(name)s.") % {"name": pasted.name} + " " + sentence
    return sentence


def _page(
    request: HttpRequest,
    *,
    form: TroubleshootForm | None = None,
    problem: str = "",
    status: int = 200,
    **result: Any,
) -> HttpResponse:
    organization = organization_of(request)
    connection = connection_of(organization)
    context = {
        "form": form or TroubleshootForm(),
        "problem": problem,
        "connection": connection,
        "guide": guide_named(connection.guide if connection else ""),
        "causes": failures_by_cause(organization, connection, timezone.now()),
        **result,
    }
    return render(request, "sso/troubleshooting/troubleshoot.html", context, status=status)
