"""What the pages of a report need besides its rows."""

from __future__ import annotations

from dataclasses import dataclass

from django import template

from sso.saml.attributes import meant_by, read_as

register = template.Library()


@dataclass(frozen=True, slots=True)
class AttributeRow:
    """An attribute that arrived: what it is read as, or what somebody may have meant by it."""

    name: str
    values: list[str]
    read_as: str
    meant: str


@register.filter
def attribute_rows(attributes: dict[str, list[str]]) -> list[AttributeRow]:
    """The attributes of an event, with near misses: `Email` where `email` is needed and did not arrive."""
    arrived = {read_as(name) for name, values in attributes.items() if any(values)}
    rows = []
    for name, values in attributes.items():
        meant = meant_by(name)
        rows.append(AttributeRow(name, values, read_as(name), "" if meant in arrived else meant))
    return rows
