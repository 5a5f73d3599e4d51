"""Settings → Team members: “Reset SSO link”."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.access import organization_of, requires
from accounts.roles import Permission
from accounts.team_list import back_to_list
from sso.signing_in.links import reset_link


@require_POST
@requires(Permission.MANAGE_TEAM)
def reset_sso_link(request: HttpRequest, member_id: int) -> HttpResponse:
    """Reset SSO link: the member's next sign-in by email links them anew."""
    member = get_object_or_404(organization_of(request).members, pk=member_id)
    assert request.user.is_authenticated
    if reset_link(member, request.user):
        messages.success(
            request,
            gettext("The SSO link of %(email)s is reset. The next sign-in makes a new one.")
            % {"email": member.email},
        )
    else:
        messages.info(request, gettext("%(email)s has no SSO link.") % {"email": member.email})
    return back_to_list(request, member)
