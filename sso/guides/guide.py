"""What a guide is made of. A vendor is data: nothing in here knows one from another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sso.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Fix:
    """The cure of a refusal: where to click, what to do there. `system` is whose menu it is, empty for none."""

    menu_path: str
    instruction: str
    system: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of the attribute mapping: our name, and the identity provider's field it is filled from."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of the identity provider's console: its label, and the menu path that leads to it."""

    label: str
    menu_path: str


@dataclass(frozen=True, slots=True)
class UrlShapes:
    """Regular expressions for the path of an address, as this identity provider makes them."""

    sso: str
    slo: str
    metadata: str


@dataclass(frozen=True, slots=True)
class Guide:
    """One identity provider: its words, its menus, the shapes of its addresses, its cure for every refusal."""

    name: str
    title: str
    connector: str
    add_app_path: str
    # Where our values are pasted.
    acs_url: Setting
    entity_id: Setting
    acs_url_validator: Setting
    login_url: Setting
    encryption: Setting
    name_id_format: Setting
    name_id_value: str
    # Where its values are found.
    sso_url: Setting
    issuer: Setting
    certificate: Setting
    metadata_path: str
    people_path: str
    parameters_path: str
    include_label: str
    parameters: tuple[Parameter, ...]
    url_shapes: UrlShapes
    fixes: Mapping[Refusal, Fix]
