"""Signing in with a password, signing out, and taking up an invitation."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import SignInForm, TakeUpForm
from accounts.invitations import InvitationOver, find_open, take_up
from accounts.members import EmailTaken, NoSeatLeft
from accounts.own_paths import own_path_or
from accounts.passwords import FAILURES_ALLOWED, LOCKED_FOR, sign_in_with_password
from accounts.sessions import start_session
from accounts.throttle import give_back, hit, network_of

_FAILURES, _WINDOW = 50, timedelta(minutes=5)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in to JustCall with email and password. A form without a password asks for it, its email filled in."""
    next_path = own_path_or(request.POST.get("next") or request.GET.get("next") or "", "/")
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(next_path)
        return render(request, "accounts/sign_in.html", {"form": SignInForm(), "next": next_path})
    if "password" not in request.POST:
        form = SignInForm(initial={"email": request.POST.get("email", "")[:254].strip()})
        return render(request, "accounts/sign_in.html", {"form": form, "next": next_path})
    form = SignInForm(request.POST)
    status = 422
    if form.is_valid():
        now = timezone.now()
        throttle_key = f"password:{network_of(request.META['REMOTE_ADDR'])}"
        # Counted before the password is looked at: tries at the same moment don't pass the limit together.
        if not hit(throttle_key, _FAILURES, _WINDOW, now):
            form.add_error(None, _("Too many tries. Wait a few minutes, then try again."))
            status = 429
        else:
            user = sign_in_with_password(form.cleaned_data["email"], form.cleaned_data["password"], now)
            if user is not None:
                give_back(throttle_key, now)
                start_session(request, user)
                return redirect(next_path)
            form.add_error(
                None,
                _(
                    "We couldn't sign you in with this email and password. "
                    "After %(failures)d failures an account is locked for %(minutes)d minutes. "
                    "If your company uses single sign-on, use “Sign in with SSO”."
                )
                % {"failures": FAILURES_ALLOWED, "minutes": LOCKED_FOR // timedelta(minutes=1)},
            )
    return render(request, "accounts/sign_in.html", {"form": form, "next": next_path}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD"])
def operator_sign_in(request: HttpRequest) -> HttpResponse:
    """Operators sign in on the same page as everybody, with the same lock and limits."""
    next_path = own_path_or(request.GET.get("next", ""), reverse("admin:index"))
    if not request.user.is_authenticated:
        return redirect_to_login(next_path, reverse("login_password"))
    if not request.user.is_staff:
        raise PermissionDenied
    return redirect(next_path)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out of JustCall in this browser."""
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("login")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take up an invitation with a name and a password."""
    now = timezone.now()
    found = find_open(token, now)
    if found is None:
        return render(request, "accounts/invitation_over.html", status=404)
    form = TakeUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = take_up(found, now=now, **form.cleaned_data)
        except InvitationOver:
            # Taken up or revoked a moment ago.
            return render(request, "accounts/invitation_over.html", status=404)
        except NoSeatLeft:
            form.add_error(None, _("All seats of your company's plan are taken. Ask your JustCall admin."))
        except EmailTaken:
            form.add_error(None, _("This email address already has an account. Sign in with it."))
        else:
            start_session(request, user)
            return redirect("home")
    status = 422 if form.errors else 200
    page = render(request, "accounts/invitation.html", {"form": form, "invitation": found}, status=status)
    # The path is a secret. Leave it out of the Referer header, even towards ourselves.
    page["Referrer-Policy"] = "strict-origin"
    return page
