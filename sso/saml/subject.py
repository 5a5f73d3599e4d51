"""The checks of NameID, email and names, and the identity that they give."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from sso.identity import NameIdKind, VerifiedIdentity
from sso.phrases import Phrase
from sso.refusals import Check, Refusal
from sso.saml.attributes import (
    EMAIL_NAMES,
    FIRST_NAME_NAMES,
    LAST_NAME_NAMES,
    MAX_NAME_ID_LENGTH,
    NameId,
    letters_outside_ascii,
    near_misses,
    person_name,
    read_attributes,
    read_email,
    read_name_id,
    values_of,
)
from sso.saml.names import NAME_ID_EMAIL, NAME_ID_PERSISTENT, NAME_ID_TRANSIENT
from sso.saml.report import CheckResult, failed, passed, warning


def check_subject(assertion: etree._Element) -> list[CheckResult]:
    """The results for NameID, email and names."""
    name = read_name_id(assertion)
    found = read_attributes(assertion)
    return [_check_name_id(name), _check_email(name, found), _check_names(found)]


def read_identity(assertion: etree._Element, session_ends_at: datetime | None) -> VerifiedIdentity:
    """The person of an assertion. The checks of NameID and email must have passed."""
    name = read_name_id(assertion)
    found = read_attributes(assertion)
    email = _email(name, values_of(found, EMAIL_NAMES))
    # The checks of both have passed. The types do not know.
    assert name is not None
    assert email is not None
    return VerifiedIdentity(
        name_id=stable_name_id(name),
        email=email,
        first_name=person_name(values_of(found, FIRST_NAME_NAMES)),
        last_name=person_name(values_of(found, LAST_NAME_NAMES)),
        session_ends_at=session_ends_at,
        name_id_kind=_kind(name),
    )


def email_of(assertion: etree._Element) -> str:
    """The email of an assertion, whether or not its checks have passed. Empty if it has no valid one."""
    return _email(read_name_id(assertion), values_of(read_attributes(assertion), EMAIL_NAMES)) or ""


def stable_name_id(name: NameId) -> str:
    """The NameID by which we recognise a person. An email address is put in lower case.

    A persistent NameID is compared exactly (SAML core 8.3.7).
    """
    if name.format == NAME_ID_PERSISTENT:
        return name.value
    return read_email(name.value) or name.value


def _kind(name: NameId) -> NameIdKind:
    if read_email(name.value) is None:
        return NameIdKind.ANY
    return NameIdKind.PERSISTENT if name.format == NAME_ID_PERSISTENT else NameIdKind.ADDRESS


def _check_name_id(name: NameId | None) -> CheckResult:
    if name is None:
        return failed(Refusal.NAME_ID_MISSING, expected=Phrase.A_NAME_ID(), received=Phrase.NONE())
    received = Phrase.NAME_ID_IN_FORMAT(name_id=name.value[:254], format=name.format or Phrase.NO_FORMAT())
    if name.format == NAME_ID_TRANSIENT:
        return failed(Refusal.NAME_ID_TRANSIENT, expected=Phrase.AN_EMAIL_ADDRESS(), received=received)
    if name.format == NAME_ID_EMAIL and letters_outside_ascii(name.value):
        return failed(
            Refusal.EMAIL_NOT_ASCII, expected=Phrase.AN_ASCII_ADDRESS(), received=received, at=Check.NAME_ID
        )
    unusable = len(name.value) > MAX_NAME_ID_LENGTH or not name.value.isprintable()
    if unusable or (name.format == NAME_ID_EMAIL and read_email(name.value) is None):
        return failed(Refusal.NAME_ID_NOT_EMAIL, expected=Phrase.AN_EMAIL_ADDRESS(), received=received)
    return passed(Check.NAME_ID, received)


def _email(name: NameId | None, values: list[str]) -> str | None:
    return read_email(values[0]) if values else _email_in_name_id(name)


def _email_in_name_id(name: NameId | None) -> str | None:
    # A persistent NameID is opaque, whatever it looks like (SAML core 8.3.7).
    if name is None or name.format == NAME_ID_PERSISTENT:
        return None
    return read_email(name.value)


def _check_email(name: NameId | None, found: dict[str, list[str]]) -> CheckResult:
    values = values_of(found, EMAIL_NAMES)
    if len({read_email(value) or value for value in values}) > 1:
        return failed(
            Refusal.EMAIL_AMBIGUOUS,
            expected=Phrase.ONE_EMAIL_ADDRESS(),
            received=", ".join(values),
        )
    email = _email(name, values)
    if other := _address_with_other_letters(name, values):
        letters = ", ".join(letters_outside_ascii(other))
        return failed(
            Refusal.EMAIL_NOT_ASCII,
            expected=Phrase.AN_ASCII_ADDRESS(),
            received=Phrase.WITH_LETTERS(email=other[:254], letters=letters),
        )
    if email is None and values:
        return failed(Refusal.EMAIL_UNUSABLE, expected=Phrase.AN_EMAIL_ADDRESS(), received=values[0])
    if email is None:
        meant = near_misses(found, EMAIL_NAMES[0])
        names = ", ".join(meant or found)
        return failed(Refusal.EMAIL_MISSING, expected="email", received=names or Phrase.NO_ATTRIBUTES())
    named = _email_in_name_id(name)
    if named is not None and named != email:
        return failed(
            Refusal.NAME_ID_EMAIL_DISAGREE,
            expected=Phrase.SAME_ADDRESS(),
            received=Phrase.TWO_ADDRESSES(name_id=named, email=email),
        )
    if not values:
        # The NameID is signed too, so it is as good. The admin may still want the attribute of the help article.
        return warning(
            Refusal.EMAIL_AS_NAME_ID, expected="email", received=Phrase.AS_NAME_ID_ONLY(email=email)
        )
    return passed(Check.EMAIL, email)


def _address_with_other_letters(name: NameId | None, values: list[str]) -> str:
    """What would be the email but for letters outside ASCII, or empty."""
    as_name_id = "" if name is None or name.format == NAME_ID_PERSISTENT else name.value
    address = next(iter(values), as_name_id)
    return address if letters_outside_ascii(address) else ""


def _check_names(found: dict[str, list[str]]) -> CheckResult:
    first = person_name(values_of(found, FIRST_NAME_NAMES))
    last = person_name(values_of(found, LAST_NAME_NAMES))
    if not (first and last):
        received = ", ".join(found) or Phrase.NO_ATTRIBUTES()
        return warning(Refusal.NAMES_MISSING, expected="firstName, lastName", received=received)
    return passed(Check.NAMES, f"{first} {last}")
