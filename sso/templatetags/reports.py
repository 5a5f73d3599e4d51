"""What the pages of a report need besides its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from sso.connection.own_values import OwnValue, own_values
from sso.guides import Fix
from sso.models import Connection
from sso.saml.attributes import meant_by, read_as
from sso.saml.differences import Piece

register = template.Library()


@dataclass(frozen=True, slots=True)
class AttributeRow:
    """An attribute that arrived: what it is read as, or what somebody may have meant by it."""

    name: str
    values: list[str]
    read_as: str
    meant: str


@register.simple_tag
def own_values_of(fix: Fix, connection: Connection | str | None) -> list[OwnValue]:
    """The values that a cure pastes; none where the page has no connection."""
    return own_values(connection, fix.pasted) if isinstance(connection, Connection) else []


@register.filter
def attribute_rows(attributes: dict[str, list[str]]) -> list[AttributeRow]:
    """The attributes of an event, with near misses: `Email` where `email` is needed and did not arrive."""
    arrived = {read_as(name) for name, values in attributes.items() if any(values)}
    rows = []
    for name, values in attributes.items():
        meant = meant_by(name)
        rows.append(AttributeRow(name, values, read_as(name), "" if meant in arrived else meant))
    return rows


@register.filter
def marked(pieces: Iterable[Piece] | None) -> SafeString:
    """A value in pieces, with those that differ from the other value marked."""
    rendered = (
        (format_html("<mark>{}</mark>", piece.text) if piece.differs else piece.text,)
        for piece in pieces or ()
    )
    return format_html_join("", "{}", rendered)
