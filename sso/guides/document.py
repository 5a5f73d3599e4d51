"""Writes docs/troubleshooting.md: each cause of a failed sign-in with its cures (`make docs`)."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence

from sso.guides import FREQUENT, GUIDES, OTHER, Fix, Guide
from sso.phrases import Phrase
from sso.refusals import CATALOGUE, EmployeeClass, Entry, Mailed, Refusal, Retry, Stops

_HEAD = """# Troubleshooting

<!-- Written by `make docs` from sso/refusals/ and sso/guides/. Change those. -->

Every failed sign-in has one cause, and every cause has one code. The person who is refused sees one sentence and a
reference such as `SSO-7K2M9QXD`; the company's admins find that reference in Settings → Security → Single Sign-On, with
the cause, what was expected, what arrived, and the cure. `make matrix` provokes every cause and prints who is told what.
An identity provider that a table does not name has the cure of “any other”.

What the person sees:

| class | sentence |
| --- | --- |
"""
_PLACEHOLDER = re.compile(r"%\(\w+\)s")
_CLASSES = {
    EmployeeClass.RETRY: "start again",
    EmployeeClass.ADMIN: "an admin's matter",
    EmployeeClass.NOT_SET_UP: "not set up",
    EmployeeClass.NEUTRAL: "neutral",
    EmployeeClass.SIGNED_OUT: "signed out there",
    EmployeeClass.OURS: "our fault",
}
_STOPS = {Stops.NOBODY: "nobody", Stops.ONE_PERSON: "one person", Stops.EVERYBODY: "everybody"}
_RETRY = {
    Retry.HELPS: "can help",
    Retry.IN_VAIN: "is in vain",
    Retry.AFTER_A_CHANGE: "helps only if the configuration was changed while the person was on the way",
}
_MAILED = {
    Mailed.NEVER: "never",
    Mailed.WHEN_VOUCHED_FOR: "if the message is signed, or answers a request of that browser",
    Mailed.EVEN_UNSIGNED: "always; all such causes of strangers count as one",
}


def document() -> str:
    """The whole text, in Markdown."""
    classes = "".join(f"| {_CLASSES[kind]} | {kind.sentence} |\n" for kind in EmployeeClass)
    return _HEAD + classes + "".join(_section(refusal) for refusal in Refusal)


def _section(refusal: Refusal) -> str:
    entry = CATALOGUE[refusal]
    return (
        f'\n<a id="{refusal.value}"></a>\n\n## {entry.title}\n\n`{refusal.value}`. {entry.sentence}\n\n'
        f"The person sees: {_shown(refusal)}\n\n{_columns(entry)}\n\n{_cures(refusal)}"
    )


def _shown(refusal: Refusal) -> str:
    if refusal is Refusal.NO_RESPONSE:
        return "Nothing of ours: the person is on the identity provider's page. The unanswered request shows."
    entry = CATALOGUE[refusal]
    if entry.is_warning:
        return "Nothing: the person is signed in, and the admin is warned."
    return f"“{entry.employee_class.sentence}”"


def _columns(entry: Entry) -> str:
    told = [f"Check: {entry.check.label}.", f"Stops: {_STOPS[entry.stops]}."]
    if not entry.is_warning:
        told += [f"Trying again {_RETRY[entry.retry]}.", f"E-mail to the admins: {_MAILED[entry.mailed]}."]
    return " ".join(told)


def _cures(refusal: Refusal) -> str:
    """The cures of the frequent identity providers, and of the others folded away, if they differ."""
    rows = [*_rows(refusal, FREQUENT), *_rows(refusal, [OTHER])]
    others = [guide for guide in GUIDES.values() if guide not in (*FREQUENT, OTHER)]
    more = {guide.title: own for guide in others if (own := list(_rows(refusal, [guide])))}
    if not more:
        return _table(rows)
    folded = _table(row for own in more.values() for row in own)
    return f"{_table(rows)}\n<details>\n<summary>{', '.join(more)}</summary>\n\n{folded}\n</details>\n"


def _table(rows: Iterable[tuple[str, str, str]]) -> str:
    cures = "".join(f"| {who} | {where} | {what} |\n" for who, where, what in rows)
    return f"| identity provider | where | what to do |\n| --- | --- | --- |\n{cures}"


def _rows(refusal: Refusal, guides: Sequence[Guide]) -> Iterator[tuple[str, str, str]]:
    """One row for each guide and for each closer cure, without those that are as for any other guide."""
    usual = OTHER.closer_for(refusal)
    for guide in guides:
        if guide is OTHER or guide.fix_for(refusal) != OTHER.fix_for(refusal):
            yield _row(_name(guide, refusal), guide.fix_for(refusal))
    for guide in guides:
        for sign, fix in guide.closer_for(refusal).items():
            if guide is OTHER or usual.get(sign) != fix:
                arrived = (
                    f"“{_PLACEHOLDER.sub('…', sign.value)}”"
                    if isinstance(sign, Phrase)
                    else f"`{sign.removesuffix('$')}`"
                )
                yield _row(f"{_name(guide, refusal)}, when {arrived} arrived", fix)


def _name(guide: Guide, refusal: Refusal) -> str:
    if guide is not OTHER:
        return guide.title
    same = all(each.fix_for(refusal) == OTHER.fix_for(refusal) for each in GUIDES.values())
    return "all" if same else "any other"


def _row(who: str, fix: Fix) -> tuple[str, str, str]:
    where = f"JustCall: {fix.menu_path}" if fix.system == "JustCall" else fix.menu_path or "–"
    if fix.copied_from:
        where = f"{where}; from {fix.copied_from}"
    return who, where.replace("|", "\\|"), fix.instruction.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(document())
