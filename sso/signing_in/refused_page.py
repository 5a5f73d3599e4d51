"""The employee's page of a refused sign-in: one sentence by class, whom to ask, a reference."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_noop

from sso.connection.availability import why_unavailable
from sso.models import Connection, Flow, SignInEvent
from sso.refusals import CATALOGUE, EmployeeClass, Refusal

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


# By the back button or a second click, the very response that signed somebody in comes once more.
USED_BEFORE = (Refusal.REPLAYED, Refusal.UNKNOWN_REQUEST)


@dataclass(frozen=True, slots=True)
class WayOn:
    """Where a person can go from here."""

    label: str
    url: str


def refused_page(
    request: HttpRequest,
    refusal: Refusal,
    event: SignInEvent,
    connection: Connection | None,
    wanted: str = "/",
    *,
    is_final: bool = False,
) -> HttpResponse:
    """The page of a refusal. It never says the cause: that is in the sign-in log.

    `wanted` is the own path the person was on the way to: trying again leads there. The page of a response that was used
    before goes on by itself, once, to where it shows whether its person is signed in here already.
    """
    employee_class = CATALOGUE[refusal].employee_class
    goes_on = refusal in USED_BEFORE and event.email and not is_final
    # Whatever arrived unasked while nobody is to sign in yet: it is all the same to the sender.
    is_unasked = event.flow in (Flow.TILE, Flow.UNKNOWN)
    is_set_up = connection is None or connection.is_enabled or not is_unasked
    return render(
        request,
        "sso/signing_in/refused.html",
        {
            "heading": gettext_noop("We couldn't sign you in")
            if is_set_up
            else gettext_noop("Your company is still setting up single sign-on"),
            "sentence": employee_class.sentence if is_set_up else _NOT_SET_UP,
            "ways": ways_on(connection, wanted),
            "whom": _WHOM[employee_class],
            "event": event,
            "goes_on_to": reverse("sso_again", args=[event.reference]) if goes_on else "",
        },
        status=_STATUS.get(employee_class, 403),
    )


def ways_on(connection: Connection | None, wanted: str) -> list[WayOn]:
    """Starting again, from the beginning, wherever that can succeed; the password otherwise."""
    query = f"?{urlencode({'next': wanted})}" if wanted != "/" else ""
    password = WayOn(gettext_noop("Sign in with your password"), reverse("login") + query)
    if connection is None:
        return [WayOn(gettext_noop("Try again"), reverse("sso_start") + query), password]
    if why_unavailable(connection) is not None:
        return [password]
    return [
        WayOn(gettext_noop("Try again"), reverse("sso_start_at", args=[connection.organization.slug]) + query)
    ]
