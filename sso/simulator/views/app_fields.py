"""The fields of each tab of an app, with OneLogin's labels."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.http import QueryDict

from sso.simulator.connector import (
    EncryptionMethod,
    IssuerType,
    NameIdFormat,
    SamlApp,
    SamlInitiator,
    SignatureAlgorithm,
    SignatureElement,
)
from sso.simulator.directory import OneLoginField
from sso.simulator.signing_keys import KeyKind
from sso.simulator.state import State

TABS = {
    "info": "Info",
    "configuration": "Configuration",
    "parameters": "Parameters",
    "sso": "SSO",
    "access": "Access",
    "users": "Users",
}


@dataclass(frozen=True)
class Field:
    """One input: `kind` is text, area, number, check or choice."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    value: Any = field(default="", compare=False)


def _choice(name: str, label: str, options: type[StrEnum], hint: str = "") -> Field:
    return Field(name, label, "choice", hint, tuple((str(option), str(option)) for option in options))


_FIELDS: dict[str, tuple[Field, ...]] = {
    "info": (
        Field("name", "Display Name"),
        Field("description", "Description"),
        Field("visible_in_portal", "Visible in portal", "check"),
    ),
    "configuration": (
        Field("relay_state", "RelayState"),
        Field("audience", "Audience (EntityID)"),
        Field("recipient", "Recipient"),
        Field("acs_validator", "ACS (Consumer) URL Validator", hint="Required. A regular expression."),
        Field("acs_url", "ACS (Consumer) URL", hint="Required."),
        Field("single_logout_url", "Single Logout URL"),
        Field("login_url", "Login URL", hint="Only if Service Provider is the initiator."),
        _choice("saml_initiator", "SAML initiator", SamlInitiator),
        _choice("name_id_format", "SAML nameID format", NameIdFormat),
        _choice("issuer_type", "SAML issuer type", IssuerType),
        _choice("signature_element", "SAML signature element", SignatureElement),
        Field("encrypt_assertion", "Encrypt assertion", "check"),
        _choice("encryption_method", "SAML encryption method", EncryptionMethod),
        Field("encryption_certificate", "SAML encryption certificate", "area"),
        Field("not_before_minutes", "SAML not valid before", "number", "Minutes."),
        Field("not_on_or_after_minutes", "SAML not valid on or after", "number", "Minutes."),
        Field("session_minutes", "SAML sessionNotOnOrAfter", "number", "Minutes."),
        Field("empty_attribute_values", "Generate AttributeValue tag for empty values", "check"),
        Field("sign_slo_request", "Sign SLO Request", "check"),
        Field("sign_slo_response", "Sign SLO Response", "check"),
    ),
    "parameters": (
        _choice("name_id_value", "NameID value", OneLoginField),
        Field("name_id_macro", "NameID macro", hint="Only if NameID value is Macro."),
    ),
    "sso": (
        Field("certificate", "X.509 Certificate", "choice"),
        _choice("signature_algorithm", "SAML Signature Algorithm", SignatureAlgorithm),
    ),
    "access": (),
    "users": (),
}


def fields_of(tab: str, app: SamlApp, state: State) -> list[Field]:
    """The fields of a tab with the app's values."""
    certificates = tuple(
        (row.id, f"{row.name} · until {row.valid_until:%Y-%m-%d} · {row.id}") for row in state.certificates
    )
    new = tuple((str(kind), f"Change: a new certificate, {kind}") for kind in KeyKind)
    return [
        Field(
            row.name,
            row.label,
            row.kind,
            row.hint,
            certificates + new if row.name == "certificate" else row.choices,
            getattr(app, row.name),
        )
        for row in _FIELDS[tab]
    ]


def read_fields(tab: str, posted: QueryDict) -> dict[str, Any]:
    """The posted values of a tab, for `json_records.change`, which refuses a bad choice."""
    if tab == "users":
        return {"users": [int(value) for value in posted.getlist("users") if value.isdigit()]}
    if tab == "access":
        return {"roles": posted.getlist("roles")}
    values: dict[str, Any] = {}
    for row in _FIELDS[tab]:
        text = posted.get(row.name, "").strip()
        if row.kind == "check":
            values[row.name] = row.name in posted
        elif row.kind == "number":
            values[row.name] = int(text) if text.isdigit() else 0
        else:
            values[row.name] = text
    return values
