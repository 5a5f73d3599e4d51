"""The login page: one e-mail field, which leads to the company's single sign-on or to the password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.own_paths import own_path_or
from accounts.throttle import hit, network_of
from sso.connection.availability import connection_for_email, why_unavailable
from sso.saml.attributes import read_email
from sso.signing_in import last_company
from sso.signing_in.forms import EmailForm
from sso.signing_in.sending import start_and_send

# A whole office signs in from one address at nine o'clock, with single sign-on or without.
_EMAILS, _WINDOW = 1000, timedelta(minutes=5)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest, *, password: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    """Sign in to JustCall. An email whose company has single sign-on on leads there, any other to the password.

    Only its domain is looked at, so nobody learns who exists. `password` is the view that asks for it and looks at it:
    a form with a password in it is for that view, too.
    """
    next_path = own_path_or(request.POST.get("next") or request.GET.get("next") or "", "/")
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(next_path)
        company = last_company.recall(request)
        return _page(request, EmailForm(has_focus=company is None), next_path, company=company)
    if "forget" in request.POST:
        response = redirect("login")
        last_company.forget(response)
        return response
    if "password" in request.POST:
        return password(request)
    form = EmailForm(request.POST)
    if not form.is_valid():
        return _page(request, form, next_path, status=422)
    now = timezone.now()
    if hit(f"login:{network_of(request.META['REMOTE_ADDR'])}", _EMAILS, _WINDOW, now):
        email = read_email(form.cleaned_data["email"]) or ""
        connection = connection_for_email(email)
        if connection is None or why_unavailable(connection) is not None:
            return password(request)
        if sent := start_and_send(request, connection, next_path, now, typed=email):
            return sent
    form.add_error(None, gettext("Too many tries. Wait a few minutes, then try again."))
    return _page(request, form, next_path, status=429)


def _page(
    request: HttpRequest, form: EmailForm, next_path: str, *, status: int = 200, **context: object
) -> HttpResponse:
    return render(
        request, "sso/signing_in/login.html", {"form": form, "next": next_path, **context}, status=status
    )
