"""The page after signing in, and the way into the settings."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.roles import Permission


@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show who is signed in, at which company, in which role."""
    assert request.user.is_authenticated
    return render(
        request,
        "accounts/home.html",
        {"manages": request.user.may(Permission.MANAGE_SSO), "organization": request.user.organization},
    )


@login_required
def settings(request: HttpRequest) -> HttpResponse:
    """Redirect to the first page of the settings that this member may open."""
    assert request.user.is_authenticated
    return redirect("team" if request.user.may(Permission.MANAGE_TEAM) else "home")
