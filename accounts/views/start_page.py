"""The page a member arrives at, and the way into the settings."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.roles import Permission


@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Who is signed in, at which company, in which role."""
    assert request.user.is_authenticated
    return render(
        request,
        "accounts/home.html",
        {"manages": request.user.may(Permission.MANAGE_SSO), "organization": request.user.organization},
    )


@login_required
def settings(request: HttpRequest) -> HttpResponse:
    """The first page of the settings, for those who may."""
    assert request.user.is_authenticated
    return redirect("team" if request.user.may(Permission.MANAGE_TEAM) else "home")
