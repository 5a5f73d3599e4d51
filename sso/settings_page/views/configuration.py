"""Settings → Security → Single Sign-On: HTTP in, services of sso/connection/setup.py, page out."""

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
from sso.connection import setup, staging
from sso.connection.metadata_fetch import fetcher_for
from sso.connection.own_connection import connection_of, own_connection
from sso.connection.state import state_of_connection
from sso.guides import GUIDES, guide_named
from sso.guides.recognition import acs_url_validator, guide_of
from sso.models import new_public_id
from sso.refusals import Refusal
from sso.settings_page.forms import TYPED, ConfigurationForm, MetadataForm
from sso.settings_page.page import certificate_cards, members_without_password, recent_sign_ins
from sso.settings_page.staged_change import Conflict, conflict_of, staged_change
from sso.trial.state import state_of_test

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
    had_change = connection.staged is not None
    try:
        saved = staging.save(
            connection,
            actor_of(request),
            form.configuration,
            timezone.now(),
            seen=request.POST.get("seen", ""),
        )
    except staging.ChangedMeanwhile:
        connection.refresh_from_db()
        return _page(request, form=form, conflict=conflict_of(connection, form), status=409)
    if saved.staged:
        messages.success(
            request,
            _("The change is staged. What is live goes on working. Next: Test Connection, then apply it."),
        )
    elif had_change and connection.staged is None:
        messages.info(request, _("This is what is live already, so the staged change was discarded."))
    elif not saved.live:
        messages.info(request, _("Nothing was different, so nothing was changed."))
    elif connection.is_tested:
        messages.success(request, _("Configuration saved."))
    else:
        messages.success(request, _("Configuration saved. Next: Test Connection."))
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
    """Fill the fields from metadata, fetched or uploaded. Nothing is saved: the admin looks at it and saves it."""
    connection = own_connection(request)
    upload = MetadataForm(request.POST, request.FILES)
    if not upload.is_valid():
        return _page(request, metadata_form=upload, status=422)
    if upload.cleaned_data["metadata_url"] and not hit(
        f"metadata-fetch:{connection.organization_id}", _FETCHES, _FETCH_WINDOW, timezone.now()
    ):
        upload.add_error("metadata_url", _("Too many tries. Wait a few minutes, or upload the file instead."))
        return _page(request, metadata_form=upload, status=429)
    initial = upload.read(fetcher_for(settings.PUBLIC_BASE_URL))
    if initial is None:
        return _page(request, metadata_form=upload, status=422)
    return _page(request, form=ConfigurationForm(connection, initial=initial), from_metadata=True)


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
    context = {
        "connection": connection,
        "linked": connection.identities.count(),
        "without_password": members_without_password(connection.organization),
        "is_recent": _signed_in_recently(actor),
        "name": name,
        "error": error,
        "guide": guide_named(connection.guide),
    }
    return render(request, "sso/settings_page/delete.html", context, status=422 if error else 200)


def _page(
    request: HttpRequest,
    *,
    form: ConfigurationForm | None = None,
    metadata_form: MetadataForm | None = None,
    from_metadata: bool = False,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    organization = organization_of(request)
    connection = form.connection if form else connection_of(organization)
    domains = list(organization.domains.filter(verified_at__isnull=False).values_list("name", flat=True))
    context = {
        "organization": organization,
        "has_plan": organization.current_plan.includes_sso,
        "plan": organization.current_plan.label,
        "domains": domains,
        "connection": connection,
        "state": state_of_connection(connection),
        "guide": guide_named(connection.guide if connection else next(iter(GUIDES))),
        "choose_protocol": "enable" in request.GET,
    }
    if connection is None:
        return render(request, "sso/settings_page/start.html", context, status=status)
    now = timezone.now()
    shown = form or ConfigurationForm(connection)
    meant = guide_of(shown.addresses, GUIDES.values())
    last_test = connection.tests.order_by("-started_at", "-pk").first()
    context |= {
        "form": shown,
        "guides": list(GUIDES.values()),
        "recognised": meant if meant is not None and meant.name != connection.guide else None,
        "typed": shown.typed,
        "sha1_fix": guide_named(connection.guide).fixes[Refusal.WEAK_ALGORITHM],
        "metadata_form": metadata_form or MetadataForm(),
        "from_metadata": from_metadata,
        "conflict": conflict,
        "seen": staging.revision_of(connection),
        "staged": staged_change(connection),
        "window": new_public_id(),
        "validator": acs_url_validator(connection.acs_url),
        "sp_key": connection.sp_keys.first(),
        "company_login_url": settings.PUBLIC_BASE_URL + reverse("sso_start_at", args=[organization.slug]),
        "certificates": certificate_cards(connection, now),
        "gates": setup.unmet_gates(connection),
        "last_test": last_test,
        "last_test_state": state_of_test(last_test, now).value if last_test else "",
        "sign_ins": recent_sign_ins(connection, now),
        "without_password": members_without_password(organization),
    }
    return render(request, "sso/settings_page/settings.html", context, status=status)


def _signed_in_recently(user: User) -> bool:
    return user.last_login is not None and timezone.now() - user.last_login <= RECENT
