"""Serves the metadata of a connection to identity providers. It contains no secret."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from sso.models import Connection
from sso.saml.sp_metadata import service_provider_metadata


@require_safe
def metadata(request: HttpRequest, public_id: str) -> HttpResponse:
    """The metadata document. With `?download`, the browser saves it as a file."""
    connection = get_object_or_404(Connection, public_id=public_id)
    key = connection.sp_keys.first()
    response = HttpResponse(
        service_provider_metadata(
            connection.entity_id, connection.acs_url, key.certificate_pem if key else ""
        ),
        content_type="application/samlmetadata+xml; charset=utf-8",
    )
    kind = "attachment" if "download" in request.GET else "inline"
    response["Content-Disposition"] = f'{kind}; filename="justcall-metadata.xml"'
    return response
