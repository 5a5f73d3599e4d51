"""The connection of whoever is signed in."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.access import organization_of
from sso.models import Connection


def connection_of(request: HttpRequest) -> Connection:
    """The connection of one's own organization, which comes with it. Raises Http404 if there is none."""
    return get_object_or_404(
        Connection.objects.select_related("organization"), organization=organization_of(request)
    )
