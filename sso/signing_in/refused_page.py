"""The employee's page of a refused sign-in: one sentence by class, whom to ask, a reference."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_noop

from sso.connection.availability import why_unavailable
from sso.models import Connection, Flow, SignInEvent
from sso.refusals import CATALOGUE, EmployeeClass, Refusal
from sso.signing_in import kept_refusal

_STATUS = {EmployeeClass.OURS: 500}
# Only where it helps: nobody knows whose admin that would be before a company is known.
_WHOM = {
    EmployeeClass.RETRY: gettext_noop("If it happens again, send this to your IT admin."),
    EmployeeClass.ADMIN: gettext_noop("Send this to your IT admin."),
    EmployeeClass.NOT_SET_UP: gettext_noop("Send this to your IT admin."),
    EmployeeClass.NEUTRAL: "",
    EmployeeClass.SIGNED_OUT: "",
    EmployeeClass.OURS: gettext_noop("If it happens again, send this to JustCall support."),
}
_NOT_SET_UP = gettext_noop(
    "Single sign-on with JustCall isn't turned on yet. Sign in with your password, or ask your IT admin."
)


# Whose admin can mend it, as far as anybody may say.
_ADMINS = {EmployeeClass.RETRY, EmployeeClass.ADMIN, EmployeeClass.NOT_SET_UP}

# By the back button or a second click, the very response that signed somebody in comes once more.
USED_BEFORE = (Refusal.REPLAYED, Refusal.UNKNOWN_REQUEST)


@dataclass(frozen=True, slots=True)
class WayOn:
    """Where a person can go from here."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What an employee may send to their admin: it names nobody, and the reference leads the admin to the cause."""

    text: str
    mailto: str


def refused_page(
    request: HttpRequest,
    refusal: Refusal,
    event: SignInEvent,
    connection: Connection | None,
    wanted: str = "/",
    *,
    is_final: bool = False,
    has_address: bool = False,
) -> HttpResponse:
    """The page of a refusal. It never says the cause: that is in the sign-in log.

    `wanted` is the own path the person was on the way to: trying again leads there. The page of a response that was used
    before goes on by itself, once, to where it shows whether its person is signed in here already. Another page that
    `has_address` moves to an address of its own, so that it can be loaded anew and nothing is posted again.
    """
    goes_on = refusal in USED_BEFORE and event.email and not is_final
    is_kept = has_address and not goes_on
    addresses = {
        "goes_on_to": reverse("sso_again", args=[event.reference]) if goes_on else "",
        "own_address": kept_refusal.address_of(event) if is_kept else "",
    }
    employee_class = CATALOGUE[refusal].employee_class
    page = render(
        request,
        "sso/signing_in/refused.html",
        addresses | _words(employee_class, event, connection, wanted),
        status=_STATUS.get(employee_class, 403),
    )
    if is_kept:
        kept_refusal.keep(page, event, wanted)
    return page


def _words(
    employee_class: EmployeeClass, event: SignInEvent, connection: Connection | None, wanted: str
) -> dict[str, object]:
    # Whatever arrived unasked while nobody is to sign in yet: it is all the same to the sender.
    is_unasked = event.flow in (Flow.TILE, Flow.UNKNOWN)
    is_set_up = connection is None or connection.is_enabled or not is_unasked
    return {
        "heading": gettext_noop("We couldn't sign you in")
        if is_set_up
        else gettext_noop("Your company is still setting up single sign-on"),
        "sentence": employee_class.sentence if is_set_up else _NOT_SET_UP,
        "ways": ways_on(connection, wanted),
        "whom": _WHOM[employee_class],
        "letter": _letter(event) if employee_class in _ADMINS else None,
        "event": event,
    }


def _letter(event: SignInEvent) -> Letter:
    link = settings.PUBLIC_BASE_URL + reverse("sign_in_entry", args=[event.reference])
    text = gettext(
        "I can't sign in to JustCall with single sign-on. The reference is %(reference)s. "
        "As an admin of JustCall you see the cause and its cure here: %(link)s"
    ) % {"reference": event.reference, "link": link}
    subject = gettext("I can't sign in to JustCall")
    return Letter(text, f"mailto:?subject={quote(subject)}&body={quote(text)}")


def ways_on(connection: Connection | None, wanted: str) -> list[WayOn]:
    """Starting again, from the beginning, wherever that can succeed; and the password, for whoever has one."""
    query = f"?{urlencode({'next': wanted})}" if wanted != "/" else ""
    password = WayOn(gettext_noop("Sign in with your password"), reverse("login_password") + query)
    if connection is None:
        return [WayOn(gettext_noop("Try again"), reverse("sso_start") + query), password]
    if why_unavailable(connection) is not None:
        return [password]
    return [
        WayOn(
            gettext_noop("Try again"), reverse("sso_start_at", args=[connection.organization.slug]) + query
        ),
        password,
    ]
