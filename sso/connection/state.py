"""The state of an organization's single sign-on, as the badge shows it."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext, gettext_noop

from sso.models import Connection


class State(StrEnum):
    """The state of single sign-on. Members notice nothing before it is on."""

    OFF = "off"
    DRAFT = "draft"
    ON_NOT_TESTED = "on_not_tested"
    ON = "on"
    PAUSED = "paused"

    @property
    def label(self) -> str:
        """The words on the badge, translated."""
        return gettext(_LABELS[self])

    @property
    def tone(self) -> str:
        """The name of the badge's colour in the style sheet. The words alone say the state."""
        return _TONES[self]


_LABELS = {
    State.OFF: gettext_noop("Off"),
    State.DRAFT: gettext_noop("Draft"),
    State.ON_NOT_TESTED: gettext_noop("On, not tested"),
    State.ON: gettext_noop("On"),
    State.PAUSED: gettext_noop("Paused: plan"),
}
_TONES = {
    State.OFF: "secondary",
    State.DRAFT: "info",
    State.ON_NOT_TESTED: "warning",
    State.ON: "success",
    State.PAUSED: "danger",
}


def state_of_connection(connection: Connection | None) -> State:
    """The state of a connection, or Off without one."""
    if connection is None:
        return State.OFF
    if not connection.is_enabled:
        return State.DRAFT
    if not connection.organization.current_plan.includes_sso:
        return State.PAUSED
    return State.ON if connection.is_tested else State.ON_NOT_TESTED
