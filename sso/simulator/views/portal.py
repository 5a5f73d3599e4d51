"""What an employee sees: the sign-in page, the portal with its tiles, and the way to an app."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from sso.simulator.account import now, the_account
from sso.simulator.answering import Answer, Occasion
from sso.simulator.connector import SamlApp, SamlInitiator
from sso.simulator.directory import Person
from sso.simulator.state import NotFound
from sso.simulator.views.faults import said
from sso.simulator.visits import Visit

COOKIE = "standin_visit"


def visit_of(request: HttpRequest) -> tuple[Visit, Person] | None:
    """Whoever is signed in to the portal in this browser."""
    account = the_account()
    visit = account.visits.visit(request.COOKIES.get(COOKIE, ""))
    person = account.store.state.signed_in(visit.person_id) if visit else None
    return (visit, person) if visit and person else None


def who_is_here(request: HttpRequest) -> dict[str, Any]:
    """For every page: the person at the top."""
    here = visit_of(request)
    return {"here": here[1] if here else None}


def portal(request: HttpRequest) -> HttpResponse:
    """The App portal."""
    here = visit_of(request)
    if here is None:
        return redirect("sign_in")
    return render(request, "simulator/portal.html", {"apps": the_account().store.state.apps_of(here[1])})


def sign_in(request: HttpRequest) -> HttpResponse:
    """Pick a person, or type an email. A stand-in asks for no password."""
    account = the_account()
    token = request.POST.get("request") or request.GET.get("request") or ""
    error = ""
    if request.method == "POST":
        try:
            person = account.store.state.person_by_email(request.POST.get("email", ""))
            if account.store.state.signed_in(person.id) is None:
                raise NotFound
        except NotFound:
            error = "Nobody active in the directory has this email."
        else:
            # A known route and a token of ours: never an address from outside.
            target = reverse("go_on", args=[token]) if token else reverse("portal")
            response = HttpResponseRedirect(target)
            cookie = account.visits.sign_in(person.id, now())
            response.set_cookie(COOKIE, cookie, httponly=True, samesite="Lax")
            return response
    context = {"people": account.store.state.people, "token": token, "error": error}
    return render(request, "simulator/sign_in.html", context, status=422 if error else 200)


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the visit."""
    the_account().visits.sign_out(request.COOKIES.get(COOKIE, ""))
    response = redirect("sign_in")
    response.delete_cookie(COOKIE)
    return response


def launch(request: HttpRequest, app_id: int) -> HttpResponse:
    """A click on a tile: OneLogin starts, or sends the browser to the Login URL."""
    here = visit_of(request)
    if here is None:
        return redirect("sign_in")
    account = the_account()
    app = account.store.state.app(app_id)
    if app.saml_initiator is SamlInitiator.SERVICE_PROVIDER and app.login_url:
        return HttpResponseRedirect(app.login_url)
    return answered(request, app, here, Occasion(now=now(), signed_in_at=here[0].signed_in_at))


def answered(
    request: HttpRequest, app: SamlApp, here: tuple[Visit, Person], occasion: Occasion
) -> HttpResponse:
    """The form that posts a response to the service provider, for somebody who may use the app."""
    account = the_account()
    if not account.store.state.is_assigned(app, here[1]):
        return said(
            request,
            "You do not have access to this application",
            "Please contact your OneLogin administrator.",
            403,
        )
    return posting(request, app, account.answerer(app).answer(here[1], occasion))


def posting(request: HttpRequest, app: SamlApp, answer: Answer) -> HttpResponse:
    """The page whose form goes to the service provider."""
    if not answer.acs_url.startswith(("https://", "http://")):
        return said(request, "This app is not ready", "Its ACS (Consumer) URL is empty.", 422)
    return render(request, "simulator/posting.html", {"app": app, "answer": answer})
