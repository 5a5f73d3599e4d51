"""The buttons of a staged change: apply it once tested, apply it by typing, or discard it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.access import actor_of, requires
from accounts.roles import Permission
from sso.connection import staging
from sso.connection.own_connection import own_connection


@never_cache
@require_POST
@requires(Permission.MANAGE_SSO)
def apply_change(request: HttpRequest) -> HttpResponse:
    """Make a change live that has passed its test."""
    try:
        staging.apply(own_connection(request), actor_of(request), timezone.now(), version=_version(request))
    except staging.ChangedMeanwhile:
        _say_changed(request)
    except staging.NotTested:
        messages.error(request, _("This change has not passed a test yet. Test it first."))
    else:
        messages.success(request, _("The change is live: from now on people sign in by it."))
    return redirect("sso_settings")


@never_cache
@require_POST
@requires(Permission.MANAGE_SSO)
def apply_untested(request: HttpRequest) -> HttpResponse:
    """Make a change live that nobody has tested, by typing the company's name."""
    connection = own_connection(request)
    if request.POST.get("name", "").strip().casefold() != connection.organization.name.casefold():
        messages.error(request, _("This is not your company's name. Nothing was applied."))
        return redirect("sso_settings")
    try:
        staging.apply(connection, actor_of(request), timezone.now(), version=_version(request), untested=True)
    except staging.ChangedMeanwhile:
        _say_changed(request)
    else:
        messages.success(request, _("The change is live without a test. Test the connection now."))
    return redirect("sso_settings")


@never_cache
@require_POST
@requires(Permission.MANAGE_SSO)
def discard_change(request: HttpRequest) -> HttpResponse:
    """Forget a change that is not live."""
    try:
        staging.discard(own_connection(request), actor_of(request), version=_version(request))
    except staging.ChangedMeanwhile:
        _say_changed(request)
    else:
        messages.success(request, _("The staged change was discarded. What is live stays as it is."))
    return redirect("sso_settings")


def _say_changed(request: HttpRequest) -> None:
    messages.error(
        request, _("Somebody else changed this meanwhile. Look at it again: this page shows it as it is now.")
    )


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    # A version nobody has: whoever leaves it out has not looked.
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
