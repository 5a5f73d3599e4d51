"""The state of the stand-in and its rules: people, roles, apps, certificates."""

import datetime as dt
import secrets
from dataclasses import dataclass, field
from typing import TypeVar

from sso.simulator.connector import SamlApp
from sso.simulator.directory import DEFAULT_PEOPLE, DEFAULT_ROLE, Person, PersonStatus, Role
from sso.simulator.json_records import NotARecord, from_json
from sso.simulator.signing_keys import FIVE_YEARS, Certificate, KeyKind, make_certificate

FIRST_APP_ID = 500101

Row = TypeVar("Row")


class NotFound(LookupError):
    """There is no such app, person, role or certificate."""


@dataclass(kw_only=True)
class State:
    """One account. It is changed in `Store.change()` only. Private keys are in files of their own."""

    people: list[Person] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    apps: list[SamlApp] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)
    next_person_id: int = 1
    next_app_id: int = FIRST_APP_ID

    def app(self, id: int) -> SamlApp:
        """The app with this id, or NotFound."""
        return _first([app for app in self.apps if app.id == id], f"app {id}")

    def person(self, id: int) -> Person:
        """The person with this id, or NotFound."""
        return _first([person for person in self.people if person.id == id], f"person {id}")

    def person_by_email(self, email: str) -> Person:
        """The person with this e-mail address or username, or NotFound."""
        wanted = email.strip().lower()
        found = [
            person for person in self.people if wanted in (person.email.lower(), person.username.lower())
        ]
        return _first(found[:1], f"person {email!r}")

    def role(self, name: str) -> Role:
        """The role with this name, or NotFound."""
        return _first([role for role in self.roles if role.name == name], f"role {name!r}")

    def certificate(self, id: str) -> Certificate:
        """The certificate with this id, or NotFound."""
        return _first([row for row in self.certificates if row.id == id], f"certificate {id!r}")

    def roles_of(self, person: Person) -> list[str]:
        """The names of the roles somebody has."""
        return [role.name for role in self.roles if person.id in role.members]

    def is_assigned(self, app: SamlApp, person: Person) -> bool:
        """Whether somebody may use an app: by name, or through one of their roles."""
        return person.id in app.users or any(name in app.roles for name in self.roles_of(person))

    def apps_of(self, person: Person) -> list[SamlApp]:
        """The tiles on somebody's portal."""
        return [app for app in self.apps if app.visible_in_portal and self.is_assigned(app, person)]

    def add_person(self, person: Person) -> Person:
        """Add somebody. Without a username, the e-mail address is the username."""
        self.check_person(person)
        person.id = self.next_person_id
        self.next_person_id += 1
        person.username = person.username or person.email
        self.people.append(person)
        return person

    def check_person(self, person: Person) -> None:
        """Raise NotARecord if the e-mail address is no address or is taken."""
        if "@" not in person.email:
            raise NotARecord("email must be an e-mail address")
        if any(
            other.id != person.id and other.email.lower() == person.email.lower() for other in self.people
        ):
            raise NotARecord(f"email {person.email} belongs to somebody else already")

    def set_roles_of(self, person: Person, names: list[str]) -> None:
        """Give somebody exactly these roles. An unknown name makes a new role."""
        for name in names:
            if all(role.name != name for role in self.roles):
                self.roles.append(Role(name=name))
        for role in self.roles:
            others = [member for member in role.members if member != person.id]
            role.members = [*others, person.id] if role.name in names else others

    def add_app(self, app: SamlApp) -> SamlApp:
        """Add an app. Without a certificate, it gets the account's first one."""
        app.id = self.next_app_id
        app.certificate = app.certificate or self.certificates[0].id
        self.check_app(app)
        self.next_app_id += 1
        self.apps.append(app)
        return app

    def check_app(self, app: SamlApp) -> None:
        """Raise NotARecord if the app names a role, person or certificate that does not exist."""
        try:
            self.certificate(app.certificate)
            for name in app.roles:
                self.role(name)
            for id in app.users:
                self.person(id)
        except NotFound as trouble:
            raise NotARecord(str(trouble)) from trouble

    def signed_in(self, id: int | None) -> Person | None:
        """The active person with this id."""
        active = [
            person for person in self.people if person.id == id and person.status is PersonStatus.ACTIVE
        ]
        return active[0] if active else None


def _first(found: list[Row], what: str) -> Row:
    if not found:
        raise NotFound(f"there is no {what}")
    return found[0]


def new_certificate(
    kind: KeyKind, now: dt.datetime, *, name: str = "", valid_days: int = FIVE_YEARS, age_days: int = 0
) -> tuple[Certificate, bytes]:
    """A certificate with a new random id, and its private key as PEM."""
    id = secrets.token_hex(6)
    return make_certificate(kind, id=id, name=name, now=now, valid_days=valid_days, age_days=age_days)


def first_state(certificate: Certificate) -> State:
    """A new account: the default people, and no apps."""
    state = State(certificates=[certificate], roles=[Role(name=DEFAULT_ROLE)])
    for row in DEFAULT_PEOPLE:
        described = dict(row)
        roles = described.pop("roles", [DEFAULT_ROLE])
        person = state.add_person(from_json(Person, described))
        state.set_roles_of(person, [str(name) for name in roles])
    return state
