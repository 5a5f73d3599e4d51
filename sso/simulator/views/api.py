"""The API of the demo and the tests, under /api/. It takes and returns JSON.

An error is {"error": "…"} with status 400 or 404.

GET    /api/health                       {"status": "ok"}
POST   /api/reset                        begin again: the default people, a new certificate, no app
GET    /api/apps                         all apps; POST {field: value, …} adds one
GET    /api/apps/ID                      one app with sso_url, slo_url, issuer and certificate_pem
PATCH  /api/apps/ID {field: value, …}    sets fields (sso/simulator/connector.py: SamlApp)
DELETE /api/apps/ID
POST   /api/apps/ID/certificate {kind, valid_days, age_days}   a new certificate, used from now on
POST   /api/apps/ID/response {person, in_response_to, relay_state}   {acs_url, saml_response, relay_state}
GET    /api/people                       everybody; POST {field: value, …, "roles": […]} adds somebody
PATCH  /api/people/ID {field: value, …}
"""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sso.simulator.account import now, the_account
from sso.simulator.connector import SamlApp
from sso.simulator.directory import Person
from sso.simulator.json_records import NotARecord, change, from_json, to_json
from sso.simulator.responder import LoginContext
from sso.simulator.signing_keys import FIVE_YEARS, KeyKind


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        content = json.loads(request.body or b"{}")
    except ValueError as trouble:
        raise NotARecord(f"not JSON: {trouble}") from trouble
    if not isinstance(content, dict):
        raise NotARecord("an object is needed")
    return content


def _shown(app: SamlApp) -> dict[str, Any]:
    account = the_account()
    return to_json(app) | {
        "sso_url": app.sso_url(account.base_url),
        "slo_url": app.slo_url(account.base_url),
        "issuer": app.issuer(account.base_url),
        "certificate_pem": account.store.state.certificate(app.certificate).pem,
    }


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


@csrf_exempt
@require_POST
def reset(request: HttpRequest) -> HttpResponse:
    account = the_account()
    account.store.reset()
    account.visits.forget_all()
    return JsonResponse({"status": "ok"})


@csrf_exempt
@require_http_methods(["GET", "POST"])
def apps(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        with the_account().store.change() as state:
            app = state.add_app(from_json(SamlApp, _body(request)))
        return JsonResponse(_shown(app), status=201)
    return JsonResponse({"apps": [_shown(app) for app in the_account().store.state.apps]})


@csrf_exempt
@require_http_methods(["GET", "PATCH", "DELETE"])
def app(request: HttpRequest, app_id: int) -> HttpResponse:
    store = the_account().store
    if request.method == "PATCH":
        with store.change() as state:
            changed = state.app(app_id)
            change(changed, _body(request))
            state.check_app(changed)
    if request.method == "DELETE":
        with store.change() as state:
            state.apps.remove(state.app(app_id))
        return HttpResponse(status=204)
    return JsonResponse(_shown(store.state.app(app_id)))


@csrf_exempt
@require_POST
def certificate(request: HttpRequest, app_id: int) -> HttpResponse:
    store = the_account().store
    asked: dict[str, Any] = {"kind": "RSA 2048", "valid_days": FIVE_YEARS, "age_days": 0} | _body(request)
    if asked["kind"] not in list(KeyKind):
        raise NotARecord("kind is not known")
    made = store.make_certificate(
        KeyKind(asked["kind"]), valid_days=int(asked["valid_days"]), age_days=int(asked["age_days"])
    )
    with store.change() as state:
        state.app(app_id).certificate = made.id
    return JsonResponse(_shown(store.state.app(app_id)))


@csrf_exempt
@require_POST
def response(request: HttpRequest, app_id: int) -> HttpResponse:
    account = the_account()
    asked = _body(request)
    found = account.store.state.app(app_id)
    person = account.store.state.person_by_email(str(asked.get("person", "")))
    form = account.responder(found).respond(
        person,
        LoginContext(
            now=now(),
            in_response_to=asked.get("in_response_to") or None,
            relay_state=asked.get("relay_state"),
        ),
    )
    return JsonResponse(
        {"acs_url": form.acs_url, "saml_response": form.saml_response, "relay_state": form.relay_state}
    )


@csrf_exempt
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    store = the_account().store
    if request.method == "POST":
        content = _body(request)
        roles = content.pop("roles", [])
        with store.change() as state:
            added = state.add_person(from_json(Person, content))
            state.set_roles_of(added, [str(name) for name in roles])
        return JsonResponse(to_json(added), status=201)
    return JsonResponse({"people": [to_json(person) for person in store.state.people]})


@csrf_exempt
@require_http_methods(["PATCH"])
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    with the_account().store.change() as state:
        changed = state.person(person_id)
        change(changed, _body(request))
        state.check_person(changed)
    return JsonResponse(to_json(changed))
