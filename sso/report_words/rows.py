"""A check report as rows of a page, in words, with the cures of the identity provider's guide."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from sso.guides import Fix, fix_for, guide_named
from sso.phrases import Phrase, Text, values_in
from sso.refusals import CATALOGUE, Check, Compared, Refusal
from sso.report_words.words import in_words, instant_in_words
from sso.saml.attributes import EMAIL_NAMES, FIRST_NAME_NAMES, LAST_NAME_NAMES, near_misses
from sso.saml.differences import Piece, compare
from sso.saml.fingerprints import shortened
from sso.saml.report import CheckReport, CheckResult, Outcome

# As the release before this one stored them.
_NOTHING_SENT = {
    phrase.value
    for phrase in (
        Phrase.NO_AUDIENCE,
        Phrase.NO_DESTINATION,
        Phrase.EMPTY_DESTINATION,
        Phrase.NO_RECIPIENT,
    )
}
_DIGEST = re.compile("[0-9a-f]{64}", re.ASCII)
_WANTED = {
    Compared.EMAIL_ATTRIBUTE: (EMAIL_NAMES,),
    Compared.NAME_ATTRIBUTES: (FIRST_NAME_NAMES, LAST_NAME_NAMES),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One check as an admin reads it.

    `differences` says in sentences what the marked pieces of `expected_marked` and `received_marked` show. All three are
    empty if the two values cannot be compared. `note` says why a check was not reached. `refusal` is the code of the
    cause that `title` names.
    """

    check: str
    label: str
    outcome: str
    refusal: str
    title: str
    sentence: str
    expected: str
    received: str
    fix: Fix | None
    differences: tuple[str, ...] = ()
    expected_marked: tuple[Piece, ...] = ()
    received_marked: tuple[Piece, ...] = ()
    note: str = ""


def rows_of(report: CheckReport, guide: str, attribute_names: Iterable[str] = ()) -> list[Row]:
    """The rows of a report, in reading order. Without a response only its cause is one.

    `attribute_names` are those that were received: with them, a row names attributes that are nearly right.
    """
    names = tuple(attribute_names)
    shown = report.results if _has_response(report) else report.failures
    return [_row(result, report, guide, names) for result in shown]


def _has_response(report: CheckReport) -> bool:
    """Whether a response was examined. A start that is refused, or a message at a wrong address, has none."""
    return not any(
        result.check is Check.RESPONSE and result.outcome is Outcome.NOT_REACHED for result in report.results
    )


def _row(result: CheckResult, report: CheckReport, guide: str, names: Sequence[str]) -> Row:
    refusal = result.refusal
    entry = CATALOGUE[refusal] if refusal else None
    compares = entry.compared if entry else Compared.NOTHING
    fix = fix_for(guide, refusal, result.received) if refusal else None
    left: tuple[Piece, ...] = ()
    right: tuple[Piece, ...] = ()
    sentences: tuple[str, ...] = ()
    if refusal and fix and compares is Compared.TO_THE_LETTER:
        compared = compare(in_words(result.expected), _sent(result.received))
        words = {
            "idp": guide_named(guide).title,
            "field": _field(refusal, fix, guide),
            "received": in_words(result.received).strip()[:100],
        }
        is_saved = refusal is Refusal.WRONG_ISSUER
        sentences = tuple(
            gettext(difference.sentence_of_saved if is_saved else difference.sentence) % words
            for difference in compared.differences
        )
        left, right = compared.expected, compared.received
    elif compares in _WANTED:
        sentences = _near_misses(_WANTED[compares], names or in_words(result.received).split(", "), guide)
    return Row(
        check=result.check.value,
        label=gettext(result.check.label),
        outcome=result.outcome.value,
        refusal=refusal.value if refusal else "",
        title=gettext(entry.title) if entry else "",
        sentence=gettext(entry.sentence) if entry else "",
        expected=in_words(result.expected),
        received=_received(result),
        fix=fix,
        differences=sentences,
        expected_marked=left,
        received_marked=right,
        note=_why_not_reached(result, report),
    )


def _received(result: CheckResult) -> str:
    """What was received, with times and fingerprints spelt as everywhere."""
    words = in_words(result.received)
    if result.check is Check.CERTIFICATE and _DIGEST.fullmatch(words):
        return shortened(words)
    return instant_in_words(words) if result.check is Check.TIME else words


def _sent(received: Text) -> str:
    """The value that arrived, or several with commas between; empty if nothing was sent."""
    nothing = not any(values_in(received)) or received in _NOTHING_SENT
    return "" if nothing else in_words(received)


def _field(refusal: Refusal, fix: Fix, guide: str) -> str:
    """The label of the identity provider's field with the wrong value."""
    if refusal is Refusal.WRONG_ISSUER:
        return guide_named(guide).issuer.label
    return fix.menu_path.rpartition("→")[2].strip()


def _near_misses(needed: tuple[tuple[str, ...], ...], names: Sequence[str], guide: str) -> tuple[str, ...]:
    words = {"idp": guide_named(guide).title}
    return tuple(
        capfirst(
            gettext("%(idp)s sent “%(name)s”; we need “%(wanted)s”.")
            % (words | {"name": name, "wanted": wanted[0]})
        )
        for wanted in needed
        if not set(wanted) & set(names)
        for name in near_misses(names, wanted[0])
    )


def _why_not_reached(result: CheckResult, report: CheckReport) -> str:
    if result.outcome is not Outcome.NOT_REACHED or (result.received and not result.refusal):
        # `received` says why.
        return ""
    at = {failure.check for failure in report.failures}
    if at & {Check.SIGNATURE, Check.CERTIFICATE}:
        if result.check in (Check.SIGNATURE, Check.CERTIFICATE):
            return ""
        if result.refusal:
            return gettext("Nothing can be believed before the signature verifies, but this would fail next:")
        return gettext("The signature must verify first.")
    if Check.STATUS in at:
        return gettext("There is no sign-in to look at.")
    if Check.RESPONSE in at:
        return gettext("There is no response to look at.")
    if result.check in (Check.DOMAIN, Check.MEMBER):
        return gettext("Somebody must be named first.")
    return gettext("Asked once all other checks of the response pass.")


def summary_of(report: CheckReport, guide: str = "") -> str:
    """One line, such as "15 of 17 checks passed, 1 failed, 1 not reached. 1 thing to change in OneLogin.".

    Passed, failed, with a warning and not reached are all checks together.
    """
    if not _has_response(report):
        return " ".join([gettext("No response was examined."), *_to_change(report, guide)])
    outcomes = Counter(result.outcome for result in report.results)
    passed = {"passed": outcomes[Outcome.PASSED], "all": len(report.results)}
    parts = [gettext("%(passed)d of %(all)d checks passed") % passed]
    if failed := outcomes[Outcome.FAILED]:
        parts.append(gettext("%(n)d failed") % {"n": failed})
    if warnings := outcomes[Outcome.WARNING]:
        parts.append(gettext("%(n)d with a warning") % {"n": warnings})
    if missed := outcomes[Outcome.NOT_REACHED]:
        parts.append(gettext("%(n)d not reached") % {"n": missed})
    return " ".join([", ".join(parts) + ".", *_to_change(report, guide)])


def _to_change(report: CheckReport, guide: str) -> list[str]:
    """How many things to change, by system. Each cure counts once."""
    cures = {
        fix_for(guide, result.refusal, result.received)
        for result in report.failures
        if result.refusal is not None
    }
    sentences = []
    for system, n in sorted(Counter(cure.system for cure in cures).items(), reverse=True):
        if system:
            text = ngettext(
                "%(n)d thing to change in %(system)s.", "%(n)d things to change in %(system)s.", n
            )
        else:
            text = ngettext("%(n)d thing to look at.", "%(n)d things to look at.", n)
        sentences.append(text % {"n": n, "system": system})
    hints = sum(
        result.outcome is Outcome.NOT_REACHED and result.refusal is not None for result in report.results
    )
    if hints:
        text = ngettext("%(n)d more would fail next.", "%(n)d more would fail next.", hints)
        sentences.append(text % {"n": hints})
    return sentences
