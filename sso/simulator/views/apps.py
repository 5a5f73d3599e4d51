"""The admin console: Applications and their tabs."""

from __future__ import annotations

import urllib.parse

from cryptography.hazmat.primitives import hashes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from sso.simulator.account import the_account
from sso.simulator.connector import CONNECTOR_NAME, Parameter, SamlApp
from sso.simulator.directory import OneLoginField
from sso.simulator.json_records import change
from sso.simulator.signing_keys import KeyKind
from sso.simulator.views.app_fields import TABS, fields_of, read_fields


def listing(request: HttpRequest) -> HttpResponse:
    """Applications → Applications."""
    return render(request, "simulator/apps.html", {"apps": the_account().store.state.apps})


def add(request: HttpRequest) -> HttpResponse:
    """Add App: search for the connector, name it, save it."""
    if request.method == "POST":
        name = request.POST.get("name", "").strip()
        if not name:
            return render(
                request,
                "simulator/add_app.html",
                {"chosen": True, "connector": CONNECTOR_NAME, "error": "Enter a display name."},
                status=422,
            )
        with the_account().store.change() as state:
            app = state.add_app(SamlApp(name=name[:100]))
        return redirect("app", app.id, "info")
    words = request.GET.get("q", "").lower().split()
    found = bool(words) and all(word in CONNECTOR_NAME.lower() for word in words)
    context = {
        "q": request.GET.get("q", ""),
        "found": found,
        "chosen": "connector" in request.GET,
        "connector": CONNECTOR_NAME,
    }
    return render(request, "simulator/add_app.html", context)


@require_POST
def delete(request: HttpRequest, app_id: int) -> HttpResponse:
    """More Actions → Delete."""
    with the_account().store.change() as state:
        state.apps.remove(state.app(app_id))
    return redirect("apps")


def tab(request: HttpRequest, app_id: int, tab: str) -> HttpResponse:
    """One tab of an app. Save keeps its fields."""
    if tab not in TABS:
        raise Http404
    account = the_account()
    state = account.store.state
    app = state.app(app_id)
    if request.method == "POST":
        values = read_fields(tab, request.POST)
        if tab == "sso" and values.get("certificate") in KeyKind.__members__.values():
            values["certificate"] = account.store.make_certificate(KeyKind(values["certificate"])).id
        with account.store.change() as changing:
            changed = changing.app(app_id)
            change(changed, values)
            changing.check_app(changed)
        return redirect(f"{request.path}?saved=1")
    context = {
        "app": app,
        "tab": tab,
        "tabs": TABS,
        "fields": fields_of(tab, app, state),
        "saved": "saved" in request.GET,
        "sources": list(OneLoginField),
        "sso_url": app.sso_url(account.base_url),
        "slo_url": app.slo_url(account.base_url),
        "issuer": app.issuer(account.base_url),
        "certificate": state.certificate(app.certificate),
        "people": [
            (person, person.id in app.users, state.is_assigned(app, person)) for person in state.people
        ],
        "roles": [(role, role.name in app.roles) for role in state.roles],
    }
    return render(request, f"simulator/tab_{tab}.html", context)


def add_parameter(request: HttpRequest, app_id: int) -> HttpResponse:
    """The + of the Parameters tab."""
    return _parameter(request, app_id, None)


def edit_parameter(request: HttpRequest, app_id: int, number: int) -> HttpResponse:
    """One row of the Parameters tab, to change or delete."""
    return _parameter(request, app_id, number)


def _parameter(request: HttpRequest, app_id: int, number: int | None) -> HttpResponse:
    app = the_account().store.state.app(app_id)
    if number is not None and number >= len(app.parameters):
        raise Http404
    row = Parameter(name="") if number is None else app.parameters[number]
    error = ""
    if request.method == "POST":
        posted = Parameter(name=request.POST.get("name", "").strip()[:200])
        change(posted, {"value": request.POST.get("value", ""), "macro": request.POST.get("macro", "")})
        posted.include = "include" in request.POST
        if posted.name or "delete" in request.POST:
            with the_account().store.change() as state:
                rows = state.app(app_id).parameters
                if number is None:
                    rows.append(posted)
                else:
                    rows[number : number + 1] = [] if "delete" in request.POST else [posted]
            return redirect("app", app_id, "parameters")
        row, error = posted, "Enter a field name."
    context = {
        "app": app,
        "row": row,
        "is_new": number is None,
        "sources": list(OneLoginField),
        "error": error,
    }
    return render(request, "simulator/parameter.html", context, status=422 if error else 200)


def certificate(request: HttpRequest, app_id: int) -> HttpResponse:
    """X.509 Certificate → View Details."""
    state = the_account().store.state
    app = state.app(app_id)
    shown = state.certificate(app.certificate)
    context = {
        "app": app,
        "certificate": shown,
        "sha1": shown.fingerprint(hashes.SHA1()),
        "sha256": shown.fingerprint(hashes.SHA256()),
    }
    return render(request, "simulator/certificate.html", context)


def download(request: HttpRequest, app_id: int, kind: str) -> HttpResponse:
    """The certificate as a file."""
    state = the_account().store.state
    shown = state.certificate(state.app(app_id).certificate)
    if kind not in ("pem", "der"):
        raise Http404
    content = shown.pem.encode() if kind == "pem" else shown.der
    response = HttpResponse(content, content_type="application/x-x509-ca-cert")
    response["Content-Disposition"] = f"attachment; filename={urllib.parse.quote(f'onelogin.{kind}')}"
    return response
