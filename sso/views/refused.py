"""The employee's page for a sign-in that was refused: one sentence by class, and a reference."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from sso.availability import refusal_of
from sso.models import Connection, Flow, SignInEvent
from sso.refusals import CATALOGUE, EmployeeClass, Refusal
from sso.refusals import gettext_noop as _

_STATUS = {EmployeeClass.OURS: 500}
_NOT_SET_UP = _(
    "Single sign-on with JustCall isn't turned on yet. Sign in with your password, or ask your IT admin."
)


def refused_page(
    request: HttpRequest, refusal: Refusal, event: SignInEvent, connection: Connection | None
) -> HttpResponse:
    """The page of a refusal. The cause is in the sign-in log; here is only whom to ask, and what to tell them."""
    employee_class = CATALOGUE[refusal].employee_class
    usable = connection is not None and refusal_of(connection) is None
    # Whatever arrived from the tile while nobody is to sign in yet: it is all the same to the sender.
    is_set_up = connection is None or connection.is_enabled or event.flow != Flow.TILE
    again = (
        reverse("sso_start_at", args=[connection.organization.slug])
        if usable and connection
        else reverse("login")
    )
    return render(
        request,
        "sso/refused.html",
        {
            "sentence": employee_class.sentence if is_set_up else _NOT_SET_UP,
            "is_set_up": is_set_up,
            "employee_class": employee_class.value,
            "event": event,
            "try_again": again,
        },
        status=_STATUS.get(employee_class, 403),
    )
