"""The parts of a guide. A guide is data: no code depends on which identity provider it is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sso.guides.derived import CLOSER, CURES_AT_SETTING, CURES_BESIDE, PASTED_THERE, SAVED_HERE
from sso.phrases import Phrase, Text, phrases_in, values_in
from sso.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Fix:
    """The cure of a refusal: a menu path, whose menu it is (`system`), and what to do there.

    Path and system are empty if the cure is not in a menu. `copied_from`, with its system, is the place of a value that
    is saved in JustCall. `pasted` names values of JustCall that are pasted there (sso/connection/own_values.py).
    """

    menu_path: str
    instruction: str
    system: str
    copied_from: str = ""
    pasted: tuple[str, ...] = ()


CloserFixes = Mapping[str | Phrase, Fix]


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
    # Closer cures by what was received: a phrase, or a text in a value, such as a status. The first match counts.
    # A text with a $ at its end is the whole value.
    closer_fixes: Mapping[Refusal, CloserFixes] = field(default_factory=dict)
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
        return replace(self._cure(refusal, received), pasted=PASTED_THERE.get(refusal, ()))

    def saved_here(self, fix: Fix, field: str) -> Fix:
        """A cure that copies a value from this console into a field of JustCall's page: it is mended there."""
        return replace(fix, system="JustCall", menu_path=field, copied_from=f"{self.title}: {fix.menu_path}")

    def _cure(self, refusal: Refusal, received: Text) -> Fix:
        for sign, fix in self.closer_for(refusal).items():
            if _is_in(received, sign):
                return fix
        if refusal in SAVED_HERE:
            return self.saved_here(self.fixes[refusal], SAVED_HERE[refusal])
        if refusal in self.fixes:
            return self.fixes[refusal]
        if refusal in CURES_BESIDE:
            other, words = CURES_BESIDE[refusal]
            return self._beside(other, words, received)
        setting, instruction = CURES_AT_SETTING[refusal]
        return Fix(getattr(self, setting).menu_path, instruction, self.title)

    def closer_for(self, refusal: Refusal) -> CloserFixes:
        """The closer cures of a refusal: its own, then those with the same words in each guide."""
        derived = {
            sign: Fix("", words, "") if other is None else self._beside(other, words)
            for sign, (other, words) in CLOSER.get(refusal, {}).items()
        }
        return derived | dict(self.closer_fixes.get(refusal, {}))

    def _beside(self, other: Refusal, words: str | None, received: Text = "") -> Fix:
        """A cure in the menu of another one."""
        beside = self.fix_for(other, received)
        return beside if words is None else replace(beside, instruction=words)


def _is_in(received: Text, sign: str | Phrase) -> bool:
    if isinstance(sign, Phrase):
        return sign in phrases_in(received)
    if sign.endswith("$"):
        return sign.removesuffix("$") in values_in(received)
    return any(sign in value for value in values_in(received))
