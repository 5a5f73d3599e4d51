"""Finds the connection of a company, and that of the person who is signed in."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from accounts.access import organization_of
from accounts.models import Organization
from sso.models import Connection


def connection_of(organization: Organization) -> Connection | None:
    """The connection of a company with its staged change and certificates, or None. Two queries."""
    found = organization.connections.select_related("candidate").prefetch_related("certificates").first()
    if found is not None:
        found.organization = organization
    return found


def own_connection(request: HttpRequest) -> Connection:
    """The connection of the company of the person who is signed in. Raises Http404 if there is none."""
    connection = connection_of(organization_of(request))
    if connection is None:
        raise Http404
    return connection
