"""Settings → Team members."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import members
from accounts.access import actor_of, organization_of, requires
from accounts.forms import InviteForm, TeamFilterForm, roles_to_give
from accounts.invitations import TooManyInvitations, invite, revoke, unsent_emails
from accounts.models import User
from accounts.roles import Permission, Role
from accounts.sessions import sign_out_everywhere
from accounts.team_list import back_to_list, team_page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_TEAM)
def team(request: HttpRequest) -> HttpResponse:
    """Members and open invitations, a page of them; POST invites somebody."""
    organization = organization_of(request)
    now = timezone.now()
    form = InviteForm(organization, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sent = invite(
                organization,
                form.cleaned_data["email"],
                Role(form.cleaned_data["role"]),
                actor=actor_of(request),
                now=now,
            )
        except members.EmailTaken:
            form.add_error(
                "email", _("This email address can't be invited: it already has a JustCall account.")
            )
        except TooManyInvitations as refused:
            form.add_error(None, str(refused))
        except members.NotAllowed as refused:
            form.add_error("role", str(refused))
        else:
            messages.success(
                request, _("%(email)s is invited. The e-mail is on its way.") % {"email": sent.email}
            )
            return redirect("team")
    filters = TeamFilterForm(request.GET)
    page = team_page(organization, filters.wanted, request.GET.get("page", ""))
    unsent = unsent_emails(page.invitations)
    context = {
        "form": form,
        "filters": filters,
        "wanted": filters.wanted,
        "page": page,
        "invitations": [(invitation, unsent.get(invitation.pk)) for invitation in page.invitations],
        "organization": organization,
        "seats_taken": organization.seats_taken(),
        "now": now,
    }
    return render(request, "accounts/team.html", context, status=422 if form.errors else 200)


def _member(request: HttpRequest, member_id: int) -> User:
    return get_object_or_404(organization_of(request).members, pk=member_id)


@never_cache
@require_safe
@requires(Permission.MANAGE_TEAM)
def member(request: HttpRequest, member_id: int) -> HttpResponse:
    """One member, and what can be done with them."""
    found = _member(request, member_id)
    return render(
        request,
        "accounts/member.html",
        {"member": found, "roles": roles_to_give(organization_of(request))},
    )


@require_POST
@requires(Permission.MANAGE_TEAM)
def change_role(request: HttpRequest, member_id: int) -> HttpResponse:
    member = _member(request, member_id)
    try:
        members.change_role(member, Role(request.POST.get("role", "")), actor=actor_of(request))
    except ValueError:
        messages.error(request, _("Choose a role from the list."))
    except members.NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("%(email)s is now %(role)s.") % {"email": member.email, "role": Role(member.role).label},
        )
    return back_to_list(request, member)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_TEAM)
def deactivate(request: HttpRequest, member_id: int) -> HttpResponse:
    member = _member(request, member_id)
    if request.method != "POST":
        return render(request, "accounts/deactivate.html", {"member": member})
    try:
        members.deactivate(member, actor=actor_of(request))
    except members.NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(email)s is deactivated and signed out.") % {"email": member.email})
    return back_to_list(request, member)


@require_POST
@requires(Permission.MANAGE_TEAM)
def reactivate(request: HttpRequest, member_id: int) -> HttpResponse:
    member = _member(request, member_id)
    try:
        members.reactivate(member, actor=actor_of(request))
    except members.NoSeatLeft:
        messages.error(request, _("All seats are taken. Deactivate somebody or add seats first."))
    else:
        messages.success(request, _("%(email)s is active again.") % {"email": member.email})
    return back_to_list(request, member)


@require_POST
@requires(Permission.MANAGE_TEAM)
def end_sessions(request: HttpRequest, member_id: int) -> HttpResponse:
    member = _member(request, member_id)
    sign_out_everywhere(member, actor=actor_of(request))
    messages.success(request, _("%(email)s is signed out everywhere.") % {"email": member.email})
    return back_to_list(request, member)


@require_POST
@requires(Permission.MANAGE_TEAM)
def resend_invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    found = get_object_or_404(
        organization_of(request).invitations, pk=invitation_id, accepted_at=None, revoked_at=None
    )
    try:
        invite(found.organization, found.email, Role(found.role), actor=actor_of(request), now=timezone.now())
    except TooManyInvitations as refused:
        messages.error(request, str(refused))
    except (members.EmailTaken, members.NotAllowed):
        messages.error(request, _("This invitation can't be sent again."))
    else:
        messages.success(
            request, _("%(email)s is invited again. The e-mail is on its way.") % {"email": found.email}
        )
    return back_to_list(request)


@require_POST
@requires(Permission.MANAGE_TEAM)
def revoke_invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    found = get_object_or_404(organization_of(request).invitations, pk=invitation_id)
    if revoke(found, timezone.now(), actor=actor_of(request)):
        messages.success(request, _("The invitation of %(email)s is revoked.") % {"email": found.email})
    else:
        messages.error(
            request,
            _(
                "The invitation of %(email)s was taken up or revoked before. Whoever took it up is a member: "
                "to end their access, deactivate them."
            )
            % {"email": found.email},
        )
    return back_to_list(request)
