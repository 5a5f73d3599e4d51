"""The pages of the log, and what is put into them."""

from __future__ import annotations

from django.test import Client

from sso.models import Connection
from sso.refusals import Check, Refusal
from sso.saml.report import complete, failed, passed

LOG = "/settings/security/log/"
AUDIT = f"{LOG}audit/"
CSV = f"{LOG}export.csv"


def page_of(
    client: Client, query: dict[str, str] | None = None, *, path: str = LOG, status: int = 200
) -> str:
    response = client.get(path, query)
    assert response.status_code == status
    return response.content.decode()


def wrong_audience(connection: Connection) -> list[dict[str, str]]:
    """The checks of a response that was meant for another service."""
    return complete(
        (
            passed(Check.RESPONSE),
            passed(Check.STATUS),
            passed(Check.SIGNATURE),
            failed(
                Refusal.WRONG_AUDIENCE,
                expected=connection.entity_id,
                received=connection.entity_id.rstrip("/"),
            ),
        )
    ).as_list()
