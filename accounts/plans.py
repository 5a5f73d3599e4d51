"""The plans an organization can be on, and what each includes."""

from enum import StrEnum

from django.utils.translation import gettext, gettext_lazy, gettext_noop

from accounts.roles import Role


class Plan(StrEnum):
    ESSENTIALS = "essentials"
    TEAM = "team"
    PRO = "pro"
    BUSINESS = "business"

    @property
    def label(self) -> str:
        """The name, in the reader's language."""
        return gettext(_LABELS[self])

    @property
    def includes_sso(self) -> bool:
        return self is Plan.BUSINESS

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles of this plan. Supervisor comes with Pro and Business."""
        if self in (Plan.PRO, Plan.BUSINESS):
            return tuple(Role)
        return (Role.OWNER, Role.ADMIN, Role.AGENT)


_LABELS = {
    Plan.ESSENTIALS: gettext_noop("Essentials"),
    Plan.TEAM: gettext_noop("Team"),
    Plan.PRO: gettext_noop("Pro"),
    Plan.BUSINESS: gettext_noop("Business"),
}

PLAN_CHOICES = [(plan.value, gettext_lazy(label)) for plan, label in _LABELS.items()]
