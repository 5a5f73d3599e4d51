"""The roles of members, and what each role may do."""

from enum import StrEnum

from django.utils.translation import gettext, gettext_lazy, gettext_noop


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    AGENT = "agent"

    @property
    def label(self) -> str:
        """The name, in the reader's language."""
        return gettext(_LABELS[self])


_LABELS = {
    Role.OWNER: gettext_noop("Owner"),
    Role.ADMIN: gettext_noop("Admin"),
    Role.SUPERVISOR: gettext_noop("Supervisor"),
    Role.AGENT: gettext_noop("Agent"),
}


class Permission(StrEnum):
    MANAGE_SSO = "manage_sso"
    MANAGE_DOMAINS = "manage_domains"
    MANAGE_TEAM = "manage_team"
    VIEW_SIGN_IN_LOG = "view_sign_in_log"


_ADMINISTRATION = frozenset(Permission)
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: _ADMINISTRATION,
    Role.ADMIN: _ADMINISTRATION,
    Role.SUPERVISOR: frozenset(),
    Role.AGENT: frozenset(),
}

ROLE_CHOICES = [(role.value, gettext_lazy(label)) for role, label in _LABELS.items()]


def allows(role: str, permission: Permission) -> bool:
    """Whether a role has a permission."""
    return permission in GRANTS[Role(role)]
