"""What a guide is made of. A vendor is data: nothing in here knows one from another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sso.guides.derived import AT_SETTING
from sso.phrases import Text, values_in
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
class AttributeMapping:
    """The attribute mapping: what the console calls it, where it is, what to do there, and its table."""

    title: str
    menu_path: str
    instruction: str
    columns: tuple[str, str]
    rows: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of the identity provider's console: its label, and the menu path that leads to it."""

    label: str
    menu_path: str


NEVER = r"(?!)"


@dataclass(frozen=True, slots=True)
class UrlShapes:
    """Regular expressions for whole hosts and paths of addresses, as this identity provider makes them.

    All but `hosts` are paths; the issuer may be the metadata's address. `tile` is an address that starts a sign-in at
    the identity provider, as its tile does. `NEVER` stands for an address that this identity provider does not have, or
    that is not told apart by its path. `telling` names the paths that tell whose they are on a host of a company's own.
    """

    hosts: str
    sso: str
    issuer: str
    slo: str = NEVER
    metadata: str = NEVER
    tile: str = NEVER
    telling: tuple[str, ...] = ("sso",)


@dataclass(frozen=True, slots=True)
class ShownError:
    """A page that the identity provider shows instead of sending a response: what is seen, what it means, the cure."""

    name: str
    seen: str
    meaning: str
    fix: Fix


@dataclass(frozen=True, slots=True)
class Guide:
    """One identity provider: its words, its menus, the shapes of its addresses, its cure for every refusal.

    Texts are marked for translation; `**…**` in `steps` and in the mapping's instruction is emphasis.
    """

    name: str
    # As it stands within a sentence.
    title: str
    # What people click there, and the question when a pasted value is this one's.
    tile: str
    recognised: str
    # What to do before our values are pasted, and where they go. None: the console has no such field.
    steps: tuple[str, ...]
    acs_url: Setting
    entity_id: Setting
    acs_url_validator: Setting | None
    login_url: Setting | None
    encryption: Setting | None
    mapping: AttributeMapping
    # Where its values are found.
    sso_url: Setting
    issuer: Setting
    certificate: Setting
    metadata_path: str
    # Who may use the app: where, how, and what somebody sees who may not.
    people_path: str
    people_how: str
    unassigned: str
    url_shapes: UrlShapes
    fixes: Mapping[Refusal, Fix]
    # A closer cure, for a text that is in what was received: a status, a placeholder.
    closer_fixes: Mapping[Refusal, Mapping[str, Fix]] = field(default_factory=dict)
    # What else it shows instead of a response, most frequent first.
    shown_errors: tuple[ShownError, ...] = ()
    # A regular expression for status messages that only this one sends.
    status_messages: str = NEVER
    # How it is called where one is chosen from all. Empty: by its title.
    choice: str = ""

    @property
    def label(self) -> str:
        return self.choice or self.title

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return self.mapping.rows

    @property
    def parameters_path(self) -> str:
        return self.mapping.menu_path

    def fix_for(self, refusal: Refusal, received: Text = "") -> Fix:
        """The cure of a refusal, as close as what was received allows."""
        for sign, fix in self.closer_fixes.get(refusal, {}).items():
            if any(sign in value for value in values_in(received)):
                return fix
        if refusal in self.fixes:
            return self.fixes[refusal]
        setting, instruction = AT_SETTING[refusal]
        return Fix(getattr(self, setting).menu_path, instruction, self.title)
