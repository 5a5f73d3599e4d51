"""The columns of the catalogue: what has to be decided about every cause of a failed sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sso.phrases import gettext_noop
from sso.refusals.checks import Check


class EmployeeClass(StrEnum):
    """What the employee is told: one sentence a class, never the cause."""

    RETRY = "R"
    ADMIN = "A"
    NOT_SET_UP = "N"
    NEUTRAL = "D"
    SIGNED_OUT = "S"
    OURS = "U"

    @property
    def sentence(self) -> str:
        return _EMPLOYEE_SENTENCES[self]


_EMPLOYEE_SENTENCES = {
    EmployeeClass.RETRY: gettext_noop("Your sign-in expired or was interrupted. Start again."),
    EmployeeClass.ADMIN: gettext_noop(
        "There's a problem with your company's single sign-on setup. Your IT admin can fix it."
    ),
    EmployeeClass.NOT_SET_UP: gettext_noop(
        "You're signed in to your company, but not set up for JustCall. Ask your IT admin."
    ),
    EmployeeClass.NEUTRAL: gettext_noop(
        "We couldn't start single sign-on for this email. Check the address, sign in with your password, "
        "or open JustCall from your company portal."
    ),
    EmployeeClass.SIGNED_OUT: gettext_noop(
        "Your company's sign-in says that you have signed out of it. That does not sign you out of JustCall."
    ),
    EmployeeClass.OURS: gettext_noop("Something went wrong on our side."),
}


class Stops(StrEnum):
    """Whom a cause keeps out, as far as anybody can tell from one sign-in."""

    # Only a warning: no sign-in is ever refused for it.
    NOBODY = "nobody"
    ONE_PERSON = "one_person"
    # A fault of the set-up, or of ours.
    EVERYBODY = "everybody"


class Mailed(StrEnum):
    """Whether Owner and Admins get an e-mail when a cause is met for the first time on a day."""

    # Nothing an admin can mend, or something they have decided themselves.
    NEVER = "never"
    # If a trusted key has signed the message, or it answers a request of that very browser.
    WHEN_VOUCHED_FOR = "when_vouched_for"
    # From a stranger as well: it looks like a setting of signing or encryption gone wrong. All of these count as one
    # cause a day.
    EVEN_UNSIGNED = "even_unsigned"


class Compared(StrEnum):
    """What of expected and received can be laid side by side."""

    NOTHING = "nothing"
    # One value each, which should be the same to the letter.
    TO_THE_LETTER = "to_the_letter"
    # The names of the attributes received, with the one we need.
    EMAIL_ATTRIBUTE = "email_attribute"
    NAME_ATTRIBUTES = "name_attributes"


class Retry(StrEnum):
    """Whether trying again can help the person who was refused."""

    HELPS = "helps"
    IN_VAIN = "in_vain"
    # Only if an admin has changed our configuration while the person was on the way.
    AFTER_A_CHANGE = "after_a_change"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the catalogue. No column has a default: whoever adds a code decides each of them."""

    title: str
    sentence: str
    # Where the check report shows it.
    check: Check
    employee_class: EmployeeClass
    stops: Stops
    mailed: Mailed
    compared: Compared
    retry: Retry

    @property
    def is_warning(self) -> bool:
        """Whether a sign-in goes through with it, always."""
        return self.stops is Stops.NOBODY
