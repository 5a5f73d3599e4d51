"""Each lock alone on a case, and the table of docs/security.md that says which class each of them refuses.

`python -m tests.saml.corpus.locks` writes the table between its markers; with `--check` it only compares.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import time_machine
from lxml import etree

from sso.policy import Facts, Member, Refuse, decide
from sso.refusals import Refusal, Refused
from sso.saml.envelope import decode
from sso.saml.examination import Acceptance, Examination, examine, unreadable
from sso.saml.second_lock import require_second_verdict
from sso.saml.types import UNSOLICITED, AnsweredRequest, RequestState, UnverifiedResponse
from tests.saml.corpus.case import ROOT, Case, all_cases, read
from tests.saml.corpus.kinds import KINDS

DOCUMENT = Path(__file__).parents[3] / "docs" / "security.md"
BEGIN, END = "<!-- corpus: begin -->", "<!-- corpus: end -->"

_STATES = {
    "open": RequestState.MATCHED,
    "expired": RequestState.EXPIRED,
    "answered": RequestState.ANSWERED,
    "other_browser": RequestState.OTHER_BROWSER,
    "other_connection": RequestState.UNKNOWN,
}


@dataclass(frozen=True)
class Found:
    """What came of a case without a database: the codes, or the acceptance; and what the second lock said, if asked."""

    codes: tuple[str, ...]
    acceptance: Acceptance | None
    examination: Examination


def posted_field(case: Case) -> str:
    """What the view hands on: the one field of the form, or nothing."""
    return case.field if case.sent == "once" else ""


def answered(case: Case, claimed: str | None) -> AnsweredRequest:
    """What our records say of the request a response claims to answer."""
    if claimed is None:
        return UNSOLICITED
    if case.request is None or claimed != case.request.id:
        return AnsweredRequest(RequestState.UNKNOWN)
    state = _STATES[case.request.state]
    return AnsweredRequest(state, "" if state is RequestState.UNKNOWN else case.request.id)


def examined(case: Case) -> Found:
    """Both locks at the case's time, then the policy, then one use: what a sign-in goes through, without a database."""
    config = case.connection.config()
    with time_machine.travel(case.now, tick=False):
        try:
            unverified = decode(posted_field(case))
            examination = examine(
                unverified, config, answered(case, unverified.claimed_in_response_to), case.now
            )
        except Refused as refused:
            examination = unreadable(refused)
    acceptance = examination.acceptance
    codes = [row.refusal.value for row in examination.report.failures if row.refusal]
    if acceptance is not None:
        codes = _refused_afterwards(case, acceptance)
    return Found(tuple(codes), acceptance, examination)


def _refused_afterwards(case: Case, acceptance: Acceptance) -> list[str]:
    if case.after:
        first = examined(read(ROOT / case.after)).acceptance
        if first is not None and first.assertion_id == acceptance.assertion_id:
            return [Refusal.REPLAYED.value]
    decision = decide(acceptance.identity, _facts(case, acceptance))
    return [decision.refusal.value] if isinstance(decision, Refuse) else []


def _facts(case: Case, acceptance: Acceptance) -> Facts:
    about = case.organization
    people = {
        member: Member(number, member.email, member.active, member.linked or None)
        for number, member in enumerate(about.members)
    }
    ours = [member for member in about.members if member.organization == "acme"]
    identity = acceptance.identity
    return Facts(
        verified_domains=frozenset(about.domains),
        linked=next((people[member] for member in ours if member.linked == identity.name_id), None),
        invitation_id=1 if identity.email in about.invited else None,
        member=next((people[member] for member in ours if member.email == identity.email), None),
        email_is_elsewhere=any(
            member.email == identity.email for member in about.members if member.organization != "acme"
        ),
        seats_taken=sum(member.active for member in ours),
        seat_limit=about.seats,
        create_members=about.create_members,
        default_role="agent",
    )


def our_gate_refuses(case: Case) -> bool:
    """Our gate alone. It is asked first, and python3-saml only if it has nothing against the message."""
    found = examined(case)
    return any(code != Refusal.SECOND_LOCK.value for code in found.codes)


def python3_saml_refuses(case: Case) -> bool:
    """python3-saml alone, in the settings we use it with, on the field as it was posted."""
    unread = UnverifiedResponse(encoded=case.field, xml=b"", root=etree.Element("unread"))
    asked = case.request.id if case.request and case.request.state == "open" else ""
    with time_machine.travel(case.now, tick=False):
        try:
            require_second_verdict(unread, case.connection.config(), asked)
        except Refused:
            return True
    return False


def table(cases: list[Case]) -> str:
    """The part of docs/security.md between the markers."""
    hostile = [case for case in cases if not case.is_good]
    ours = {case.path: our_gate_refuses(case) for case in hostile}
    theirs = {case.path: python3_saml_refuses(case) for case in hostile}
    rows = [
        "| class of hostile messages | cases | our gate alone | python3-saml alone |",
        "| --- | --- | --- | --- |",
    ]
    passed = []
    for kind in KINDS:
        of_kind = [case.path for case in hostile if case.kind == kind]
        rows.append(f"| {kind} | {len(of_kind)} | {_share(of_kind, ours)} | {_share(of_kind, theirs)} |")
        let = [path.removeprefix("bad/") for path in of_kind if not theirs[path]]
        if let and len(let) < len(of_kind):
            passed.append(f"- {kind}: " + ", ".join(f"`{path}`" for path in let))
    paths = [case.path for case in hostile]
    rows.append(f"| **all** | {len(paths)} | {_share(paths, ours)} | {_share(paths, theirs)} |")
    return "\n".join(
        [
            *rows,
            "",
            "What python3-saml alone lets in of the classes it refuses in part (folders of `tests/saml/corpus/bad/`):",
            "",
            *passed,
        ]
    )


def _share(paths: list[str], refused: dict[str, bool]) -> str:
    count = sum(refused[path] for path in paths)
    return "all" if count == len(paths) else "none" if not count else f"{count} of {len(paths)}"


def written(text: str, part: str) -> str:
    """A document with the part between the markers replaced."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{part}\n{END}{after}"


def main(arguments: list[str]) -> int:
    text = DOCUMENT.read_text(encoding="utf-8")
    wanted = written(text, table(all_cases()))
    if arguments == ["--check"]:
        return int(wanted != text)
    DOCUMENT.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
