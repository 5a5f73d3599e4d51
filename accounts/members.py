"""Members of an organization: created within its seats, given roles, deactivated."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.addresses import canonical_email
from accounts.audit import Action
from accounts.models import Organization, User
from accounts.roles import Role


class NoSeatLeft(Exception):
    """All seats of the plan are taken."""


class EmailTaken(Exception):
    """Somebody has this address already, in this organization or another one."""


class NotAllowed(Exception):
    """A rule of the team forbids the change. The message is for whoever tried."""


def lock_organization(organization_id: int) -> Organization:
    """Lock an organization until the transaction ends, so that two people cannot take one seat."""
    # `no_key`: rows that only refer to the organization can still be written.
    return Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


def admin_addresses(organization: Organization) -> list[str]:
    """The e-mail addresses of the Owner and the Admins, by the age of their accounts."""
    people = organization.members.filter(is_active=True, role__in=[Role.OWNER.value, Role.ADMIN.value])
    return list(people.order_by("pk").values_list("email", flat=True))


def require_seat(organization: Organization) -> None:
    """Raise NoSeatLeft if all seats are taken. Lock the organization first."""
    if organization.seats_taken() >= organization.seat_limit:
        raise NoSeatLeft


def create_member(
    organization: Organization,
    *,
    email: str,
    first_name: str,
    last_name: str,
    role: str,
    password: str | None = None,
) -> User:
    """Create a member. Lock the organization and see that it has a seat first. Raises EmailTaken."""
    try:
        with transaction.atomic():
            return User.objects.create_user(
                email,
                password,
                organization=organization,
                first_name=first_name[:100],
                last_name=last_name[:100],
                role=role,
            )
    except IntegrityError as error:
        raise EmailTaken(canonical_email(email)) from error


def change_role(member: User, role: Role, *, actor: User) -> None:
    """Give a member another role of the plan. Raises NotAllowed: there is always exactly one Owner."""
    if member.role == Role.OWNER.value or role is Role.OWNER:
        raise NotAllowed(_("The Owner's role can't be changed here."))
    organization = member.organization
    if organization is None or role not in organization.current_plan.roles:
        raise NotAllowed(_("Your plan does not include this role."))
    if member.pk == actor.pk:
        raise NotAllowed(_("You can't change your own role. Ask another admin."))
    with transaction.atomic():
        before = User.objects.select_for_update(no_key=True).get(pk=member.pk).role
        member.role = role.value
        member.save(update_fields=["role"])
        if before != member.role:
            audit.record(
                organization,
                actor,
                Action.MEMBER_ROLE_CHANGED,
                {"role": [before, member.role]},
                subject=member.email,
            )


def deactivate(member: User, *, actor: User) -> None:
    """End a member's access at once, in every browser. Raises NotAllowed for the Owner and oneself."""
    if member.role == Role.OWNER.value:
        raise NotAllowed(_("The Owner can't be deactivated."))
    if member.pk == actor.pk:
        raise NotAllowed(_("You can't deactivate yourself. Ask another admin."))
    assert member.organization is not None
    with transaction.atomic():
        was_active = User.objects.select_for_update(no_key=True).get(pk=member.pk).is_active
        member.is_active = False
        member.session_epoch += 1
        member.save(update_fields=["is_active", "session_epoch"])
        if was_active:
            audit.record(member.organization, actor, Action.MEMBER_DEACTIVATED, subject=member.email)


def reactivate(member: User, *, actor: User) -> None:
    """Let a deactivated member back in. Raises NoSeatLeft."""
    with transaction.atomic():
        assert member.organization_id is not None
        organization = lock_organization(member.organization_id)
        member.refresh_from_db()
        if member.is_active:
            return
        require_seat(organization)
        member.is_active = True
        member.save(update_fields=["is_active"])
        audit.record(organization, actor, Action.MEMBER_REACTIVATED, subject=member.email)
