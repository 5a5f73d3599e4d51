"""One sign-in as a line of a page: who, how, the result, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext

from accounts.models import User
from sso.guides import Fix, fix_for, guide_named
from sso.models import Flow, PendingLogin, SignInEvent
from sso.phrases import Text, from_json
from sso.refusals import CATALOGUE, Refusal
from sso.report_words.words import in_words
from sso.saml.report import Outcome


@dataclass(frozen=True, slots=True)
class SignInLine:
    """One sign-in as a line of a page.

    `person` is proven by a signature; without one, `presumed` is what else is known of them. `reason` is the code of a
    refusal. Title, sentence and fix explain it, or the first `warning` of a sign-in that succeeded. `repeated` is how
    many more attempts the line stands for.
    """

    at: datetime
    badge: str
    tone: str
    person: str
    presumed: str
    flow: str
    reference: str = ""
    reason: str = ""
    title: str = ""
    sentence: str = ""
    expected: str = ""
    received: str = ""
    fix: Fix | None = None
    warning: str = ""
    repeated: int = 0

    @property
    def who(self) -> str:
        """The person, or what is known of them."""
        return self.person or self.presumed or gettext("Unknown")


def event_line(event: SignInEvent, guide: str, *, explained: bool = True) -> SignInLine:
    """The line of an event. With `explained`, a refusal has sentence, Expected / Received and cure."""
    person, presumed = person_of(event), presumed_of(event)
    flow = flow_label(event.flow, guide)
    is_test = event.flow == Flow.TEST
    if event.succeeded:
        badge = gettext("Test passed") if is_test else gettext("Signed in")
        line = SignInLine(event.occurred_at, badge, "success", person, presumed, flow, event.reference)
        return _warned(line, event, guide) if explained else line
    badge = gettext("Test failed") if is_test else gettext("Refused")
    line = SignInLine(
        event.occurred_at,
        badge,
        "danger",
        person,
        presumed,
        flow,
        event.reference,
        reason=event.refusal,
        title=title_of(event.refusal),
        repeated=event.repeated or 0,
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
    line = replace(line, warning=title_of(warning["refusal"]))
    return _explained(line, Refusal(warning["refusal"]), guide, *_expected_and_received(warning))


def person_of(event: SignInEvent) -> str:
    """The address of the person that a signature names; empty if none does."""
    return event.email or (event.user.email if event.user else "")


def presumed_of(event: SignInEvent) -> str:
    """What is known of a person whom no signature names: who started the test, or what was typed."""
    test = getattr(event, "connection_test", None) if event.flow == Flow.TEST else None
    return "" if person_of(event) else _presumed(test.started_by if test else None, event.typed_email)


def _presumed(admin: User | None, typed: str) -> str:
    if admin is not None:
        return gettext("started by %(name)s") % {"name": admin.get_full_name()}
    return gettext("typed %(email)s, not proven") % {"email": typed} if typed else ""


def no_response_line(request: PendingLogin, guide: str) -> SignInLine:
    """The line of a request without a response: somebody went to the identity provider and stayed away."""
    flow = Flow.TEST if request.test_id else Flow.SSO_PAGE
    line = SignInLine(
        request.created_at,
        gettext("No response"),
        "warning",
        "",
        _presumed(request.test.started_by if request.test else None, request.typed_email),
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
