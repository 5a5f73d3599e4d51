"""One sign-in as a line of a page: who, how, the result, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext

from sso.guides import Fix, fix_for, guide_named
from sso.models import Flow, PendingLogin, SignInEvent
from sso.phrases import Text, from_json
from sso.refusals import CATALOGUE, Refusal
from sso.report_words.words import in_words
from sso.saml.report import Outcome


@dataclass(frozen=True, slots=True)
class SignInLine:
    """One sign-in as a line of a page.

    `reason` is the code of a refusal, or of a warning. Title, sentence and fix explain it.
    """

    at: datetime
    badge: str
    tone: str
    person: str
    flow: str
    reference: str = ""
    reason: str = ""
    title: str = ""
    sentence: str = ""
    expected: str = ""
    received: str = ""
    fix: Fix | None = None


def event_line(event: SignInEvent, guide: str, *, explained: bool = True) -> SignInLine:
    """The line of an event. With `explained`, a refusal has sentence, Expected / Received and cure."""
    person = event.email or (event.user.email if event.user else "")
    flow = flow_label(event.flow, guide)
    is_test = event.flow == Flow.TEST
    if event.succeeded:
        badge = gettext("Test passed") if is_test else gettext("Signed in")
        line = SignInLine(event.occurred_at, badge, "success", person, flow, event.reference)
        return _warned(line, event, guide) if explained else line
    badge = gettext("Test failed") if is_test else gettext("Refused")
    line = SignInLine(
        event.occurred_at,
        badge,
        "danger",
        person,
        flow,
        event.reference,
        reason=event.refusal,
        title=title_of(event.refusal),
    )
    if not explained or event.refusal not in set(Refusal):
        return line
    failure: dict[str, Any] = next((row for row in event.checks if row.get("refusal") == event.refusal), {})
    return _explained(line, Refusal(event.refusal), guide, *_expected_and_received(failure))


def _warned(line: SignInLine, event: SignInEvent, guide: str) -> SignInLine:
    """The line of a sign-in that succeeded, with its first warning."""
    warning = next((row for row in event.checks if row.get("outcome") == Outcome.WARNING), None)
    if warning is None or warning["refusal"] not in set(Refusal):
        return line
    line = replace(line, title=title_of(warning["refusal"]))
    return _explained(line, Refusal(warning["refusal"]), guide, *_expected_and_received(warning))


def no_response_line(request: PendingLogin, guide: str) -> SignInLine:
    """The line of a request without a response: somebody went to the identity provider and stayed away."""
    flow = Flow.TEST if request.test_id else Flow.SSO_PAGE
    line = SignInLine(
        request.created_at,
        gettext("No response"),
        "warning",
        "",
        flow_label(flow, guide),
        reason=Refusal.NO_RESPONSE.value,
        title=title_of(Refusal.NO_RESPONSE),
    )
    return _explained(
        line, Refusal.NO_RESPONSE, guide, gettext("a response within 5 minutes"), gettext("none")
    )


def flow_label(flow: str, guide: str) -> str:
    """Where a sign-in was started, in the terms of its identity provider. An unknown code stays a code."""
    if flow == Flow.TILE:
        return capfirst(gettext(guide_named(guide).tile))
    return str(dict(Flow.choices).get(flow, flow))


def title_of(code: str) -> str:
    """The title of a refusal. An unknown code, of another release, stays a code."""
    return gettext(CATALOGUE[Refusal(code)].title) if code in set(Refusal) else code


def _expected_and_received(stored: dict[str, Any]) -> tuple[Text, Text]:
    """Expected and received of a stored check."""
    return from_json(stored.get("expected", "")), from_json(stored.get("received", ""))


def _explained(line: SignInLine, refusal: Refusal, guide: str, expected: Text, received: Text) -> SignInLine:
    return replace(
        line,
        sentence=gettext(CATALOGUE[refusal].sentence),
        expected=in_words(expected),
        received=in_words(received),
        fix=fix_for(guide, refusal, received),
    )
