"""What an employee sees: the sign-in page, the portal with its tiles, and the way to an app."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from sso.simulator.account import now, the_account
from sso.simulator.connector import SamlApp, SamlInitiator
from sso.simulator.directory import Person
from sso.simulator.responder import LoginContext, ResponseForm
from sso.simulator.state import NotFound
from sso.simulator.views.messages import message_page
from sso.simulator.visits import Visit

COOKIE = "standin_visit"


class SignedIn(NamedTuple):
    """Somebody who is signed in to the portal, and since when."""

    visit: Visit
    person: Person


def signed_in(request: HttpRequest) -> SignedIn | None:
    """Whoever is signed in to the portal in this browser."""
    account = the_account()
    visit = account.visits.visit(request.COOKIES.get(COOKIE, ""))
    person = account.store.state.signed_in(visit.person_id) if visit else None
    return SignedIn(visit, person) if visit and person else None


def who_is_here(request: HttpRequest) -> dict[str, Any]:
    """For every page: the person whose name is at the top."""
    here = signed_in(request)
    return {"here": here.person if here else None}


def portal(request: HttpRequest) -> HttpResponse:
    """The App portal."""
    here = signed_in(request)
    if here is None:
        return redirect("sign_in")
    return render(request, "simulator/portal.html", {"apps": the_account().store.state.apps_of(here.person)})


def sign_in(request: HttpRequest) -> HttpResponse:
    """Pick a person, or type an e-mail address. The stand-in asks for no password."""
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
            # One of our own paths, never an address from outside.
            target = reverse("go_on", args=[token]) if token else reverse("portal")
            response = HttpResponseRedirect(target)
            cookie = account.visits.sign_in(person.id, now())
            response.set_cookie(COOKIE, cookie, httponly=True, samesite="Lax")
            return response
    context = {"people": account.store.state.people, "token": token, "error": error}
    return render(request, "simulator/sign_in.html", context, status=422 if error else 200)


def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out of the portal."""
    the_account().visits.sign_out(request.COOKIES.get(COOKIE, ""))
    response = redirect("sign_in")
    response.delete_cookie(COOKIE)
    return response


def launch(request: HttpRequest, app_id: int) -> HttpResponse:
    """A click on a tile: OneLogin posts a response, or sends the browser to the app's Login URL."""
    here = signed_in(request)
    if here is None:
        return redirect("sign_in")
    account = the_account()
    app = account.store.state.app(app_id)
    if app.saml_initiator is SamlInitiator.SERVICE_PROVIDER and app.login_url:
        return HttpResponseRedirect(app.login_url)
    return respond(request, app, here, LoginContext(now=now(), signed_in_at=here.visit.signed_in_at))


def respond(request: HttpRequest, app: SamlApp, here: SignedIn, login: LoginContext) -> HttpResponse:
    """Post a response to the service provider, if this person may use the app."""
    account = the_account()
    if not account.store.state.is_assigned(app, here.person):
        return message_page(
            request,
            "You do not have access to this application",
            "Please contact your OneLogin administrator.",
            403,
        )
    return post_form(request, app, account.responder(app).respond(here.person, login))


def post_form(request: HttpRequest, app: SamlApp, form: ResponseForm) -> HttpResponse:
    """The page that posts the form to the service provider."""
    if not form.acs_url.startswith(("https://", "http://")):
        return message_page(request, "This app is not ready", "Its ACS (Consumer) URL is empty.", 422)
    return render(request, "simulator/post_form.html", {"app": app, "form": form})
