"""The plans an organization can be on, and what each includes."""

from enum import StrEnum

from accounts.roles import Role


class Plan(StrEnum):
    ESSENTIALS = "essentials"
    TEAM = "team"
    PRO = "pro"
    BUSINESS = "business"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def includes_sso(self) -> bool:
        return self is Plan.BUSINESS

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles of this plan. Supervisor comes with Pro and Business."""
        if self in (Plan.PRO, Plan.BUSINESS):
            return tuple(Role)
        return (Role.OWNER, Role.ADMIN, Role.AGENT)


PLAN_CHOICES = [(plan.value, plan.label) for plan in Plan]
