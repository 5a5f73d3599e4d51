"""What an identity provider says instead of a sign-in: codes and a message (SAML core 3.2.2)."""

from __future__ import annotations

from lxml import etree

from sso.refusals import Refusal
from sso.saml.names import STATUS_SUCCESS, samlp
from sso.saml.report import CheckResult, failed

_MAX_LENGTH = 600
# Messages that mean more than their codes. Keycloak sends this one when its page was open too long, or the person signed
# in in another tab: its documents ask for a new request at once.
_MEANING = {"authentication_expired": Refusal.IDP_TIMED_OUT}


def is_success(response: etree._Element) -> bool:
    return _codes(response)[0] == STATUS_SUCCESS


def refused_status(response: etree._Element) -> CheckResult:
    """The failure that a status other than Success means."""
    message = _message(response)
    received = " / ".join([*(code.rpartition(":")[2] for code in _codes(response)), message])
    return failed(
        _MEANING.get(message, Refusal.IDP_REFUSED),
        expected="Success",
        received=received[:_MAX_LENGTH].strip(" /"),
    )


def _codes(response: etree._Element) -> list[str]:
    """The status codes, outermost first (SAML core 3.2.2.2)."""
    return [node.get("Value", "") for node in response.iterfind(f".//{samlp('StatusCode')}")]


def _message(response: etree._Element) -> str:
    """The StatusMessage without white space around it, or empty (SAML core 3.2.2.3)."""
    found = response.find(f"{samlp('Status')}/{samlp('StatusMessage')}")
    return "" if found is None else str(found.text or found.get("Value", "")).strip()
