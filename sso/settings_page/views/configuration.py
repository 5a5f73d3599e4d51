"""Settings → Security → Single Sign-On: HTTP in, services of sso/connection/, page out."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import actor_of, organization_of, requires
from accounts.models import User
from accounts.roles import Permission
from accounts.throttle import hit
from sso.connection import setup
from sso.connection.metadata_fetch import FetchFailed, fetch_idp_metadata, fetcher_for
from sso.connection.own_connection import connection_of, own_connection
from sso.connection.saving import Saved, save_configuration
from sso.connection.staging import ChangedMeanwhile
from sso.saml.pasted.metadata import MetadataRefused
from sso.settings_page.forms import TYPED, ConfigurationForm, filled_form
from sso.settings_page.metadata_form import FilledIn, MetadataForm, filled_in
from sso.settings_page.page import delete_page, settings_page, start_page
from sso.settings_page.staged_change import Conflict, conflict_of

RECENT = timedelta(minutes=15)
_FETCHES, _FETCH_WINDOW = 10, timedelta(minutes=10)


# A private key may be pasted into any field.
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_SSO)
def sso_settings(request: HttpRequest) -> HttpResponse:
    """The page, and Save Configuration."""
    if request.method != "POST":
        return _page(request)
    connection = own_connection(request)
    form = ConfigurationForm(connection, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    try:
        saved = save_configuration(
            connection,
            actor_of(request),
            form.configuration,
            timezone.now(),
            seen=request.POST.get("seen", ""),
        )
    except ChangedMeanwhile:
        connection.refresh_from_db()
        conflict = conflict_of(connection, form.configuration)
        return _page(request, form=form, conflict=conflict, status=409)
    level = messages.INFO if saved in (Saved.DISCARDED, Saved.UNCHANGED) else messages.SUCCESS
    messages.add_message(request, level, " ".join([_(saved.sentence), *form.put_right]))
    return redirect("sso_settings")


@never_cache
@require_POST
@requires(Permission.MANAGE_SSO)
def enable(request: HttpRequest) -> HttpResponse:
    """Enable SSO → SAML 2.0: makes the draft."""
    try:
        setup.enable_sso(organization_of(request), actor_of(request))
    except setup.PlanWithoutSso:
        messages.error(request, _("Single sign-on is available on the Business plan."))
    else:
        messages.success(
            request, _("A draft was made. Nobody signs in differently until you turn single sign-on on.")
        )
    return redirect("sso_settings")


@never_cache
@require_POST
@requires(Permission.MANAGE_SSO)
def turn_on(request: HttpRequest) -> HttpResponse:
    """Turn single sign-on on, or name every gate that is unmet."""
    try:
        setup.turn_on(own_connection(request), actor_of(request), timezone.now())
    except setup.NotReady as not_ready:
        reasons = " ".join(_(gate.sentence) for gate in not_ready.gates)
        messages.error(request, _("Single sign-on is not on yet.") + " " + reasons)
    else:
        messages.success(request, _("Single sign-on is on. People can sign in with SSO now."))
    return redirect("sso_settings")


@never_cache
@require_POST
@requires(Permission.MANAGE_SSO)
def turn_off(request: HttpRequest) -> HttpResponse:
    """Turn single sign-on off; the configuration stays."""
    setup.turn_off(own_connection(request), actor_of(request))
    messages.success(request, _("Single sign-on is off. The configuration is kept."))
    return redirect("sso_settings")


@never_cache
@require_POST
@requires(Permission.MANAGE_SSO)
def upload_metadata(request: HttpRequest) -> HttpResponse:
    """Fill the fields from metadata, fetched or uploaded. Nothing is saved before the admin saves it."""
    connection = own_connection(request)
    upload = MetadataForm(request.POST, request.FILES)
    if not upload.is_valid():
        return _page(request, metadata_form=upload, status=422)
    now = timezone.now()
    if upload.url and not hit(f"metadata-fetch:{connection.organization_id}", _FETCHES, _FETCH_WINDOW, now):
        upload.add_error("metadata_url", _("Too many tries. Wait a few minutes, or upload the file instead."))
        return _page(request, metadata_form=upload, status=429)
    try:
        site = settings.PUBLIC_BASE_URL
        metadata = (
            fetch_idp_metadata(upload.url, fetcher_for(site), site) if upload.url else upload.read(site)
        )
        filled = filled_in(metadata, now)
    except (FetchFailed, MetadataRefused) as failure:
        upload.explain(failure)
        return _page(request, metadata_form=upload, status=422)
    # What Save Configuration would refuse is said now.
    return _page(request, form=filled_form(connection, filled.initial), filled_in=filled)


@sensitive_post_parameters()
@never_cache
@require_POST
@requires(Permission.MANAGE_SSO)
def choose_guide(request: HttpRequest) -> HttpResponse:
    """Which identity provider? Only the words of the page change; what was typed comes back as it was."""
    connection = own_connection(request)
    try:
        setup.choose_guide(connection, actor_of(request), request.POST.get("guide", ""))
    except KeyError:
        return HttpResponseBadRequest()
    typed = {name: request.POST[name] for name in TYPED if name in request.POST}
    if typed:
        return _page(request, form=ConfigurationForm(connection, initial=typed))
    return redirect(reverse("sso_settings") + "#step-values")


@never_cache
@require_POST
@requires(Permission.MANAGE_SSO)
def accept_sha1(request: HttpRequest) -> HttpResponse:
    """Accept signatures made with SHA-1 for this connection, or stop it."""
    accept = "allow" in request.POST
    setup.accept_sha1(own_connection(request), actor_of(request), accept)
    if accept:
        messages.warning(
            request, _("SHA-1 signatures are accepted now. Switch to SHA-256 as soon as you can.")
        )
    else:
        messages.success(request, _("SHA-1 signatures are refused again."))
    return redirect("sso_settings")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_SSO)
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the configuration: who loses what, a recent sign-in, the company's name, then it is gone."""
    connection = own_connection(request)
    actor = actor_of(request)
    name = request.POST.get("name", "")
    error = ""
    if "sign_in_again" in request.POST:
        logout(request)
        return redirect_to_login(request.path)
    if request.method == "POST" and _signed_in_recently(actor):
        if name.strip().casefold() == connection.organization.name.casefold():
            setup.delete_connection(connection, actor)
            messages.success(request, _("The single sign-on configuration was deleted."))
            return redirect("sso_settings")
        error = _("This is not your company's name. Nothing was deleted.")
    page = delete_page(connection, is_recent=_signed_in_recently(actor), name=name, error=error)
    return render(request, "sso/settings_page/delete.html", {"page": page}, status=422 if error else 200)


def _page(
    request: HttpRequest,
    *,
    form: ConfigurationForm | None = None,
    metadata_form: MetadataForm | None = None,
    filled_in: FilledIn | None = None,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    organization = organization_of(request)
    connection = form.connection if form else connection_of(organization)
    if connection is None:
        start = start_page(organization, is_choosing_protocol="enable" in request.GET)
        return render(request, "sso/settings_page/start.html", {"page": start}, status=status)
    page = settings_page(
        connection,
        timezone.now(),
        form=form,
        metadata_form=metadata_form,
        filled_in=filled_in,
        conflict=conflict,
    )
    return render(request, "sso/settings_page/settings.html", {"page": page}, status=status)


def _signed_in_recently(user: User) -> bool:
    return user.last_login is not None and timezone.now() - user.last_login <= RECENT
