"""What the team page does about single sign-on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import organization_of, requires
from accounts.roles import Permission
from sso.links import reset_link


@require_POST
@requires(Permission.MANAGE_TEAM)
def reset_sso_link(request: HttpRequest, member_id: int) -> HttpResponse:
    """Reset SSO link: the member's next sign-in by email links them anew."""
    member = get_object_or_404(organization_of(request).members, pk=member_id)
    assert request.user.is_authenticated
    if reset_link(member, request.user):
        messages.success(
            request,
            _("The SSO link of %(email)s is reset. The next sign-in makes a new one.")
            % {"email": member.email},
        )
    else:
        messages.info(request, _("%(email)s has no SSO link.") % {"email": member.email})
    return redirect("team")
