"""OneLogin's directory: the company's people and roles."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class PersonStatus(StrEnum):
    """Whether somebody may sign in."""

    ACTIVE = "Active"
    SUSPENDED = "Suspended"


@dataclass(kw_only=True)
class Person:
    """Somebody in the directory."""

    id: int = 0
    first_name: str = ""
    last_name: str = ""
    email: str
    username: str = ""
    department: str = ""
    title: str = ""
    phone: str = ""
    groups: list[str] = field(default_factory=list)
    status: PersonStatus = PersonStatus.ACTIVE

    @property
    def name(self) -> str:
        """The full name, or the e-mail address of somebody without one."""
        return f"{self.first_name} {self.last_name}".strip() or self.email


@dataclass(kw_only=True)
class Role:
    """A named set of people; an app given to a role is given to everybody in it."""

    name: str
    members: list[int] = field(default_factory=list)


class OneLoginField(StrEnum):
    """Where a parameter of an app can take its value from."""

    EMAIL = "Email"
    FIRST_NAME = "First Name"
    LAST_NAME = "Last Name"
    USERNAME = "Username"
    DEPARTMENT = "Department"
    TITLE = "Title"
    PHONE = "Phone"
    GROUPS = "MemberOf"
    MACRO = "Macro"


def values_of(person: Person, source: OneLoginField, macro: str = "") -> list[str]:
    """The values of a parameter for a person. MemberOf has one for each group, an empty field none."""
    if source is OneLoginField.GROUPS:
        return list(person.groups)
    single = {
        OneLoginField.EMAIL: person.email,
        OneLoginField.FIRST_NAME: person.first_name,
        OneLoginField.LAST_NAME: person.last_name,
        OneLoginField.USERNAME: person.username,
        OneLoginField.DEPARTMENT: person.department,
        OneLoginField.TITLE: person.title,
        OneLoginField.PHONE: person.phone,
        OneLoginField.MACRO: expand_macro(macro, person),
    }[source]
    return [single] if single else []


def expand_macro(macro: str, person: Person) -> str:
    """Constant text with `{email}`, `{firstname}`, `{lastname}`, `{username}`, `{department}` filled in."""
    known = {
        "email": person.email,
        "firstname": person.first_name,
        "lastname": person.last_name,
        "username": person.username,
        "department": person.department,
    }
    return re.sub(r"\{(\w+)\}", lambda found: known.get(found[1].lower(), found[0]), macro)


DEFAULT_ROLE = "Default"

DEFAULT_PEOPLE: list[dict[str, Any]] = [
    {"first_name": "Olivia", "last_name": "Owner", "email": "olivia@acme.example", "department": "Management",
     "title": "Founder", "groups": ["Leadership", "JustCall Admins"], "roles": [DEFAULT_ROLE]},
    {"first_name": "Adam", "last_name": "Admin", "email": "adam@acme.example", "department": "IT",
     "title": "IT Manager", "groups": ["IT", "JustCall Admins"], "roles": [DEFAULT_ROLE]},
    {"first_name": "Agnes", "last_name": "Agent", "email": "agnes@acme.example", "department": "Support",
     "title": "Support Agent", "groups": ["Support"], "roles": [DEFAULT_ROLE]},
    {"first_name": "Nora", "last_name": "New", "email": "nora@acme.example", "department": "Sales",
     "title": "Sales Development", "groups": ["Sales"], "roles": [DEFAULT_ROLE]},
    {"first_name": "Una", "last_name": "Unassigned", "email": "una@acme.example", "department": "Finance",
     "title": "Accountant", "groups": ["Finance"], "roles": []},
    {"first_name": "Oscar", "last_name": "Outside", "email": "oscar@other.example", "department": "Contractors",
     "title": "Consultant", "groups": [], "roles": []},
]  # fmt: skip
