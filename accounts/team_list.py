"""The list of a company's people: searched, filtered, sorted, and 50 a page.

Each query reads one range of an index, the people of the company, however many companies there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import and_, or_
from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, IntegerField, Model, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import Invitation, Organization, User
from accounts.roles import Role

PAGE = 50
# Above the members, unless invitations are asked for.
INVITATIONS_ABOVE = 5
_MOST_WORDS = 5
Row = TypeVar("Row", bound=Model)


class State(StrEnum):
    """Whom to show, by what they may do."""

    ACTIVE = "active"
    DEACTIVATED = "deactivated"
    INVITED = "invited"


class SsoUse(StrEnum):
    """Whom to show, by whether they have ever signed in with single sign-on."""

    USED = "used"
    NOT_YET = "not_yet"


class Sort(StrEnum):
    """The columns that the list can be sorted by. A dash before one turns it round."""

    NAME = "name"
    EMAIL = "email"
    ROLE = "role"
    LAST_SSO = "sso"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list was asked for. An empty filter filters nothing; no sort is: active people first, by name."""

    search: str = ""
    role: str = ""
    state: str = ""
    sso: str = ""
    sort: str = ""

    @property
    def narrows(self) -> bool:
        return bool(self.search or self.role or self.state or self.sso)


@dataclass(frozen=True, slots=True)
class TeamPage:
    """One page of the list: members with the first invitations above them, or invitations alone."""

    members: Page[User] | None
    invitations: Page[Invitation]

    @property
    def shown(self) -> Page[User] | Page[Invitation]:
        """What the numbers of the page speak of."""
        return self.invitations if self.members is None else self.members

    @property
    def hidden_invitations(self) -> int:
        """How many invitations are not on this page, which shows the first above its members."""
        return self.invitations.paginator.count - len(self.invitations)


def team_page(organization: Organization, wanted: Wanted, number: str) -> TeamPage:
    """The page of this number; the first or last one if there is none such."""
    invitations = _invitations(organization, wanted)
    if wanted.state == State.INVITED:
        return TeamPage(None, Paginator(invitations, PAGE).get_page(number))
    members = Paginator(_members(organization, wanted), PAGE).get_page(number)
    is_beginning = members.number == 1 and not wanted.state and not wanted.sso
    above = invitations if is_beginning else invitations.none()
    return TeamPage(members, Paginator(above, INVITATIONS_ABOVE).get_page(1))


def _members(organization: Organization, wanted: Wanted) -> QuerySet[User]:
    rows = _matching(organization.members.all(), wanted.search, "first_name", "last_name", "email")
    if wanted.role:
        rows = rows.filter(role=wanted.role)
    if wanted.state:
        rows = rows.filter(is_active=wanted.state == State.ACTIVE)
    if wanted.sso:
        rows = rows.filter(last_sso_at__isnull=wanted.sso == SsoUse.NOT_YET)
    column, is_reversed = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    by_name = ("first_name", "last_name", "email")
    match column:
        case Sort.NAME | Sort.EMAIL:
            fields = by_name if column == Sort.NAME else ("email",)
            return rows.order_by(*(f"-{field}" if is_reversed else field for field in fields))
        case Sort.ROLE:
            return rows.order_by(_RANK.desc() if is_reversed else _RANK.asc(), *by_name)
        case Sort.LAST_SSO:
            # The newest first; whoever has never used it is last either way.
            last = F("last_sso_at")
            order = last.asc(nulls_last=True) if is_reversed else last.desc(nulls_last=True)
            return rows.order_by(order, *by_name)
        case _:
            return rows.order_by("-is_active", *by_name)


def _invitations(organization: Organization, wanted: Wanted) -> QuerySet[Invitation]:
    rows = organization.invitations.filter(accepted_at=None, revoked_at=None)
    rows = _matching(rows, wanted.search, "email")
    return (rows.filter(role=wanted.role) if wanted.role else rows).order_by("email")


def _matching(rows: QuerySet[Row], search: str, *fields: str) -> QuerySet[Row]:
    """The rows that have each word of the search in one of the fields."""
    words = search.split()[:_MOST_WORDS]
    each = (reduce(or_, (Q(**{f"{field}__icontains": word}) for field in fields)) for word in words)
    return rows.filter(reduce(and_, each, Q()))


# As the roles are named: the Owner first.
_RANK = Case(
    *(When(role=role.value, then=Value(rank)) for rank, role in enumerate(Role)), output_field=IntegerField()
)


def back_to_list(request: HttpRequest, member: User | None = None) -> HttpResponse:
    """After an action: the list as it was, at its person. An action's address carries the query of the list."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    place = f"#member-{member.pk}" if member else ""
    return redirect(f"{reverse('team')}{query}{place}")
