"""Where a sign-in starts at JustCall: "Sign in with SSO", and the direct address of a company."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import organization_of, requires
from accounts.forms import AddressField
from accounts.own_paths import own_path_or
from accounts.roles import Permission
from accounts.team_list import back_to_list
from accounts.throttle import give_back, hit, network_of
from sso.connection.availability import connection_for_email, require_available
from sso.connection.expected import config_of
from sso.log import events
from sso.log.events import Attempt
from sso.models import Connection, Flow, SignInEvent
from sso.phrases import Phrase, Text
from sso.refusals import CATALOGUE, Refusal, Refused
from sso.saml.attributes import read_email
from sso.signing_in import last_company, pending
from sso.signing_in.links import reset_link
from sso.signing_in.misdirected import refuse_login_address
from sso.signing_in.refused_page import USED_BEFORE, refused_page
from sso.signing_in.sending import send

_MISSES, _WINDOW = 30, timedelta(minutes=5)
# A whole office may arrive from one address at nine o'clock; each start is kept, and a line of its company's log.
_STARTS = 1000


class StartForm(forms.Form):
    email = AddressField(
        label=gettext_lazy("Work email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
        error_messages={"required": gettext_lazy("Enter your work email.")},
    )


# A response that is posted here comes from another site: it is recognised before the token is looked for.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Sign in with SSO: an email address leads to its company by verified domain only."""
    if "SAMLResponse" in request.POST:
        return _misdirected(request, None)
    return _start(request)


@csrf_protect
def _start(request: HttpRequest) -> HttpResponse:
    relay_path = own_path_or(request.POST.get("next") or request.GET.get("next") or "", "/")
    context = {"next": relay_path, "company": last_company.recall(request)}
    if request.method != "POST":
        return render(request, "sso/signing_in/start.html", {**context, "form": StartForm()})
    if "forget" in request.POST:
        response = redirect("sso_start")
        last_company.forget(response)
        return response
    form = StartForm(request.POST)
    if not form.is_valid():
        return render(request, "sso/signing_in/start.html", {**context, "form": form}, status=422)
    now = timezone.now()
    # Misses have a limit of their own: whoever guesses misses.
    throttle_key = f"sso-start:{network_of(request.META['REMOTE_ADDR'])}"
    if not hit(throttle_key, _MISSES, _WINDOW, now):
        return _too_many(request, form, context)
    email = read_email(form.cleaned_data["email"]) or ""
    connection = connection_for_email(email)
    refused = _why_not(
        connection, Phrase.A_VERIFIED_DOMAIN(), email.rpartition("@")[2] or Phrase.NO_EMAIL_ADDRESS()
    )
    if connection is None or refused is not None:
        event = _record(connection, refused, now)
        # The same words, status and work whether the domain is unknown, or known with single sign-on off.
        form.add_error(None, str(gettext(CATALOGUE[Refusal.UNKNOWN_DOMAIN].employee_class.sentence)))
        return render(
            request, "sso/signing_in/start.html", {**context, "form": form, "event": event}, status=200
        )
    give_back(throttle_key, now)
    return _send(request, connection, relay_path, by_page=True)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def start_at(request: HttpRequest, slug: str) -> HttpResponse:
    """Start at a company's own address: for the "Login URL" field and for "Continue with …"."""
    connection = Connection.objects.select_related("organization").filter(organization__slug=slug).first()
    if request.method == "POST":
        if "SAMLResponse" not in request.POST:
            return HttpResponseNotAllowed(["GET"])
        return _misdirected(request, connection)
    if not _is_navigation(request):
        return HttpResponseForbidden()
    relay_path = own_path_or(request.GET.get("next", ""), "/")
    refused = _why_not(connection, Phrase.A_COMPANY_ADDRESS(), slug[:100])
    if connection is None or refused is not None:
        # As on the page; past the limit a miss leaves no trace.
        now, throttle_key = timezone.now(), f"sso-start:{network_of(request.META['REMOTE_ADDR'])}"
        if not hit(throttle_key, _MISSES, _WINDOW, now):
            return _too_many(request, StartForm(), {"next": relay_path})
        event = _record(connection, refused, now)
        return refused_page(request, Refusal.UNKNOWN_DOMAIN, event, None, relay_path)
    return _send(request, connection, relay_path, by_page=False)


@never_cache
@require_safe
def again(request: HttpRequest, reference: str) -> HttpResponse:
    """A response that was used before leads on to the app, if it has signed in the person here.

    The POST came without the session's cookie, which only this site's own pages bring. Nobody is signed in by this.
    """
    event = get_object_or_404(
        SignInEvent.objects.select_related("connection__organization"),
        reference=reference.upper(),
        refusal__in=USED_BEFORE,
        occurred_at__gt=timezone.now() - _WINDOW,
    )
    user = request.user
    if user.is_authenticated and user.email == event.email and user.organization_id == event.organization_id:
        return redirect("home")
    return refused_page(request, Refusal(event.refusal), event, event.connection, is_final=True)


def _misdirected(request: HttpRequest, connection: Connection | None) -> HttpResponse:
    """A response that was posted to a login address: the page says the same whether the company exists."""
    now = timezone.now()
    # It shares the limit of those who guess addresses, and is counted before it is written down.
    if not hit(f"sso-start:{network_of(request.META['REMOTE_ADDR'])}", _MISSES, _WINDOW, now):
        return _too_many(request, StartForm(), {"next": "/"})
    event = refuse_login_address(connection, f"{settings.PUBLIC_BASE_URL}{request.path}"[:500], now)
    return refused_page(request, Refusal.WRONG_ADDRESS, event, None)


def _is_navigation(request: HttpRequest) -> bool:
    """Whether a person goes here. Other sites' pictures must not fill a browser with our cookies."""
    mode, place = request.headers.get("Sec-Fetch-Mode", ""), request.headers.get("Sec-Fetch-Dest", "")
    return mode in ("", "navigate") and place in ("", "document")


def _too_many(request: HttpRequest, form: StartForm, context: Mapping[str, object]) -> HttpResponse:
    return render(
        request, "sso/signing_in/start.html", {**context, "form": form, "too_many": True}, status=429
    )


def _why_not(connection: Connection | None, expected: Text, received: Text) -> Refused | None:
    """Why no sign-in starts, for the log; the person is told the same whatever it is."""
    if connection is None:
        return Refused(Refusal.UNKNOWN_DOMAIN, expected=expected, received=received)
    try:
        require_available(connection)
    except Refused as refused:
        return refused
    return None


def _record(connection: Connection | None, refused: Refused | None, now: datetime) -> SignInEvent:
    assert refused is not None  # Without a connection there is always a reason.
    organization = connection.organization if connection else None
    attempt = Attempt(Flow.SSO_PAGE, now, organization, connection)
    return events.record(attempt, attempt.report.with_refusal(refused), refusal=refused.refusal)


def _send(request: HttpRequest, connection: Connection, relay_path: str, *, by_page: bool) -> HttpResponse:
    now = timezone.now()
    if not hit(f"sso-starts:{network_of(request.META['REMOTE_ADDR'])}", _STARTS, _WINDOW, now):
        return _too_many(request, StartForm(), {"next": relay_path})
    started = pending.start(connection, now, relay_path=relay_path)
    return send(request, connection, config_of(connection, with_keys=False), started, now, by_page=by_page)


@require_POST
@requires(Permission.MANAGE_TEAM)
def reset_sso_link(request: HttpRequest, member_id: int) -> HttpResponse:
    """Reset SSO link: the member's next sign-in by email links them anew."""
    member = get_object_or_404(organization_of(request).members, pk=member_id)
    assert request.user.is_authenticated
    if reset_link(member, request.user):
        messages.success(
            request,
            gettext("The SSO link of %(email)s is reset. The next sign-in makes a new one.")
            % {"email": member.email},
        )
    else:
        messages.info(request, gettext("%(email)s has no SSO link.") % {"email": member.email})
    return back_to_list(request, member)
