"""The parts of a guide. A guide is data: no code depends on which identity provider it is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sso.phrases import Text, gettext_noop, values_in
from sso.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Fix:
    """The cure of a refusal: a menu path, whose menu it is (`system`), and what to do there.

    Path and system are empty if the cure is not in a menu.
    """

    menu_path: str
    instruction: str
    system: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of the attribute mapping: our name, and the identity provider's field for it."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class AttributeMapping:
    """The attribute mapping: its name in the console, its menu path, what to do there, and its table."""

    title: str
    menu_path: str
    instruction: str
    columns: tuple[str, str]
    rows: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """A field of the identity provider's console: its label and its menu path."""

    label: str
    menu_path: str


NEVER = r"(?!)"


@dataclass(frozen=True, slots=True)
class UrlShapes:
    """Regular expressions for whole hosts and paths of the addresses of an identity provider.

    All but `hosts` are for paths. `tile` is the address that its tile leads to. `NEVER` stands for an address that it
    does not have, or whose path is not its own. `telling` names the paths that no other identity provider has: they
    identify it on a company's own host.
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
    """An error page that the identity provider shows instead of sending a response."""

    name: str
    seen: str
    meaning: str
    fix: Fix


# Cures with the same words in each guide: the attribute of `Guide` with the field, and what to do there.
CURES_AT_SETTING: dict[Refusal, tuple[str, str]] = {
    Refusal.LOGOUT_AT_ACS: (
        "acs_url",
        gettext_noop(
            "On the same page, leave the address for signing out (single logout, SLO) empty: JustCall has no single "
            "logout."
        ),
    ),
    Refusal.WRONG_ADDRESS: (
        "acs_url",
        gettext_noop(
            "Your identity provider's ACS URL must be the ACS URL shown in JustCall, with the slash at its end. Paste it "
            "there."
        ),
    ),
    Refusal.NOT_BY_POST: (
        "acs_url",
        gettext_noop("Let the response be sent to the ACS URL by HTTP-POST, not by HTTP-Redirect."),
    ),
}


# Cures in the menu of another one: its cause, and what to do there. None: the same.
CURES_BESIDE: dict[Refusal, tuple[Refusal, str | None]] = {
    Refusal.EMAIL_AS_NAME_ID: (Refusal.EMAIL_MISSING, None),
    Refusal.EMAIL_NOT_ASCII: (
        Refusal.EMAIL_UNUSABLE,
        gettext_noop(
            "Give the person an email address in plain letters there (ue for ü), or send another attribute as email. A "
            "domain with other letters is sent in its ASCII form (xn--…)."
        ),
    ),
    Refusal.NAME_ID_OF_ANOTHER: (
        Refusal.NAME_ID_EMAIL_DISAGREE,
        gettext_noop(
            "Send NameID and email of one and the same person. If the NameID has passed to another person, use Reset SSO "
            "link in JustCall at the member who had it."
        ),
    ),
    Refusal.NAME_ID_FORMAT_CHANGED: (
        Refusal.NAME_ID_NOT_EMAIL,
        gettext_noop(
            "Send the NameID in one format, from the tile as when JustCall asks: it asks for an email address. If the "
            "change is meant to stay, use Reset SSO link in JustCall at each member."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Guide:
    """Everything that the pages say about one identity provider.

    Texts are marked for translation. `**…**` in `steps` and in the instruction of `mapping` is emphasis.
    """

    name: str
    # Written as within a sentence.
    title: str
    # What people click there, and what the page asks when it recognises a pasted value.
    tile: str
    recognised: str
    # What to do first, and the fields for our values. None: the console has no such field.
    steps: tuple[str, ...]
    acs_url: Setting
    entity_id: Setting
    acs_url_validator: Setting | None
    login_url: Setting | None
    encryption: Setting | None
    mapping: AttributeMapping
    # The fields with its own values.
    sso_url: Setting
    issuer: Setting
    certificate: Setting
    metadata_path: str
    # Where and how to allow people to use the app, and what somebody sees who may not.
    people_path: str
    people_how: str
    unassigned: str
    url_shapes: UrlShapes
    fixes: Mapping[Refusal, Fix]
    # Closer cures: {text in the received value, such as a status or placeholder: cure}. The first match counts.
    closer_fixes: Mapping[Refusal, Mapping[str, Fix]] = field(default_factory=dict)
    # Its error pages, the most frequent first.
    shown_errors: tuple[ShownError, ...] = ()
    # A regular expression for status messages that only this one sends.
    status_messages: str = NEVER
    # Its name in the list of all guides. Empty: its title.
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
        """The cure of a refusal. `received` may select a closer one."""
        for sign, fix in self.closer_fixes.get(refusal, {}).items():
            if any(sign in value for value in values_in(received)):
                return fix
        if refusal in self.fixes:
            return self.fixes[refusal]
        if refusal in CURES_BESIDE:
            other, words = CURES_BESIDE[refusal]
            beside = self.fix_for(other, received)
            return beside if words is None else replace(beside, instruction=words)
        setting, instruction = CURES_AT_SETTING[refusal]
        return Fix(getattr(self, setting).menu_path, instruction, self.title)
