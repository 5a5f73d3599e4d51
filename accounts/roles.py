"""The roles of members, and what each role may do."""

from enum import StrEnum


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    AGENT = "agent"

    @property
    def label(self) -> str:
        return self.value.capitalize()


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

ROLE_CHOICES = [(role.value, role.label) for role in Role]


def allows(role: str, permission: Permission) -> bool:
    """Whether a role has a permission."""
    return permission in GRANTS[Role(role)]
