"""Where a sign-in starts at JustCall: "Sign in with SSO", and the direct address of a company."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from accounts.own_paths import own_path_or
from accounts.throttle import give_back, hit, network_of
from sso.connection.availability import connection_for_email, require_available
from sso.log import events
from sso.log.events import Attempt
from sso.models import Connection, Flow, SignInEvent
from sso.phrases import Phrase, Text
from sso.refusals import CATALOGUE, Refusal, Refused
from sso.saml.attributes import read_email
from sso.signing_in import last_company
from sso.signing_in.forms import EmailForm
from sso.signing_in.misdirected import refuse_login_address
from sso.signing_in.refused_page import refused_page
from sso.signing_in.sending import start_and_send

_MISSES, _WINDOW = 30, timedelta(minutes=5)


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
    company = last_company.recall(request)
    context = {"next": relay_path, "company": company}
    if request.method != "POST":
        form = EmailForm(has_focus=company is None)
        return render(request, "sso/signing_in/start.html", {**context, "form": form})
    if "forget" in request.POST:
        response = redirect("sso_start")
        last_company.forget(response)
        return response
    form = EmailForm(request.POST)
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
        event = _record(connection, refused, now, typed=email if connection else "")
        # The same words, status and work whether the domain is unknown, or known with single sign-on off.
        form.add_error(None, str(gettext(CATALOGUE[Refusal.UNKNOWN_DOMAIN].employee_class.sentence)))
        return render(
            request, "sso/signing_in/start.html", {**context, "form": form, "event": event}, status=200
        )
    give_back(throttle_key, now)
    return _send(request, connection, relay_path, typed=email)


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
            return _too_many(request, EmailForm(), {"next": relay_path})
        event = _record(connection, refused, now)
        return refused_page(request, Refusal.UNKNOWN_DOMAIN, event, None, relay_path)
    return _send(request, connection, relay_path)


def _misdirected(request: HttpRequest, connection: Connection | None) -> HttpResponse:
    """A response that was posted to a login address: the page says the same whether the company exists."""
    now = timezone.now()
    # It shares the limit of those who guess addresses, and is counted before it is written down.
    if not hit(f"sso-start:{network_of(request.META['REMOTE_ADDR'])}", _MISSES, _WINDOW, now):
        return _too_many(request, EmailForm(), {"next": "/"})
    event = refuse_login_address(connection, f"{settings.PUBLIC_BASE_URL}{request.path}"[:500], now)
    return refused_page(request, Refusal.WRONG_ADDRESS, event, None)


def _is_navigation(request: HttpRequest) -> bool:
    """Whether a person goes here. Other sites' pictures must not fill a browser with our cookies."""
    mode, place = request.headers.get("Sec-Fetch-Mode", ""), request.headers.get("Sec-Fetch-Dest", "")
    return mode in ("", "navigate") and place in ("", "document")


def _too_many(request: HttpRequest, form: EmailForm, context: Mapping[str, object]) -> HttpResponse:
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


def _record(
    connection: Connection | None, refused: Refused | None, now: datetime, *, typed: str = ""
) -> SignInEvent:
    assert refused is not None  # Without a connection there is always a reason.
    organization = connection.organization if connection else None
    attempt = Attempt(Flow.SSO_PAGE, now, organization, connection, typed=typed)
    return events.record(attempt, attempt.report.with_refusal(refused), refusal=refused.refusal)


def _send(request: HttpRequest, connection: Connection, relay_path: str, *, typed: str = "") -> HttpResponse:
    sent = start_and_send(request, connection, relay_path, timezone.now(), typed=typed)
    return sent or _too_many(request, EmailForm(), {"next": relay_path})
