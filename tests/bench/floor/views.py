"""The least that a Django view does for a sign-in: it believes what comes, writes the rows, a session, and redirects."""

import base64
import hashlib
import re
import secrets
from datetime import timedelta

from django.contrib.auth import login
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from tests.bench.floor.models import Asked, Event, UsedAssertion

_ID = re.compile(rb'Assertion [^>]*ID="([^"]+)"')
_EMAIL = re.compile(rb"NameID [^>]*>([^<]+)<")
# As many as a check report has, each about as long.
_CHECKS = [{"check": f"check {number}", "outcome": "passed", "received": "x" * 40} for number in range(20)]
_PAGE = "<!doctype html><title>Sign in</title><h1>Sign in</h1><p>{{ asked }}</p>"


@csrf_exempt
def sign_in(request: HttpRequest) -> HttpResponse:
    xml = base64.b64decode(request.POST["SAMLResponse"])
    (assertion_id,), (email,) = _ID.findall(xml), _EMAIL.findall(xml)
    now = timezone.now()
    with transaction.atomic():
        user, _is_new = User.objects.get_or_create(
            username=email.decode(), defaults={"email": email.decode()}
        )
        UsedAssertion.objects.create(
            id_hash=hashlib.sha256(assertion_id).hexdigest(),
            used_at=now,
            expires_at=now + timedelta(minutes=5),
        )
        Event.objects.create(
            reference=secrets.token_hex(8),
            user=user,
            occurred_at=now,
            email=user.email,
            checks=_CHECKS,
            attributes={"email": [user.email]},
            xml=xml.decode(),
        )
        login(request, user, "django.contrib.auth.backends.ModelBackend")
    return redirect("/")


def page(request: HttpRequest) -> HttpResponse:
    """A page with one insert."""
    asked = Asked.objects.create(request_id=secrets.token_hex(16), asked_at=timezone.now())
    return HttpResponse(engines["django"].from_string(_PAGE).render({"asked": asked}, request))


urlpatterns = [path("acs/", sign_in), path("page/", page)]
