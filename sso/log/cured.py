"""Whether a refused cause was cured since: a later success that could not have happened with it.

A cause of the set-up is cured by a later sign-in of the same flow, or by a passed test of the saved configuration: but a
test cannot vouch for what depends on how people start, or on the plan. A cause of one person is cured by this person
alone. What no later success can vouch for stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext

from accounts.models import Organization
from justcall_sso.moments import in_utc
from sso.models import Flow, PendingLogin, SignInEvent
from sso.refusals import CATALOGUE, Check, Refusal, Stops

# What these checks look at belongs to one person, whomever the catalogue says it stops.
_OF_A_PERSON = frozenset({Check.STATUS, Check.NAME_ID, Check.EMAIL, Check.NAMES, Check.DOMAIN})
# Nobody is named by it, so nobody can show that it is cured for them.
_OF_THE_SET_UP = frozenset({Refusal.EMAIL_MISSING})
# A test passes with these all the same.
_NO_TEST_VOUCHES = frozenset({Refusal.SSO_OFF, Refusal.PLAN_LAPSED})


@dataclass(frozen=True, slots=True)
class Cured:
    """The newest sign-in, or test, that shows it."""

    sign_in_at: datetime | None
    test_at: datetime | None

    @property
    def words(self) -> str:
        if self.sign_in_at is not None:
            return gettext("Cured since: a sign-in succeeded on %(at)s.") % {"at": in_utc(self.sign_in_at)}
        return gettext("Cured since: a test passed on %(at)s.") % {"at": in_utc(self.test_at)}


def is_personal(refusal: Refusal) -> bool:
    """Whether only the person who was refused can show that the cause is cured."""
    entry = CATALOGUE[refusal]
    is_about_a_person = entry.check in _OF_A_PERSON and refusal not in _OF_THE_SET_UP
    return entry.stops is Stops.ONE_PERSON or is_about_a_person


def is_vouched_for_by_tests(refusal: Refusal) -> bool:
    """Whether a passed test shows that the cause is cured for everybody."""
    depends_on_the_start = CATALOGUE[refusal].check is Check.REQUEST
    return not (is_personal(refusal) or depends_on_the_start or refusal in _NO_TEST_VOUCHES)


_KNOWN = [refusal.value for refusal in Refusal]
_PERSONAL = [refusal.value for refusal in Refusal if is_personal(refusal)]
_SAME_ADMIN = {"connection_test__started_by": OuterRef("connection_test__started_by")}
_TESTABLE = [refusal.value for refusal in Refusal if is_vouched_for_by_tests(refusal)]


def with_cures(events: QuerySet[SignInEvent], organization: Organization) -> QuerySet[SignInEvent]:
    """Refused events of a company with `sign_in_at` and `test_at`: when the newest success happened that cures each.

    Those of the set-up are looked up once for all events, those of people in the index of the addresses.
    """
    successes = SignInEvent.objects.filter(organization=organization, refusal="")
    later = successes.filter(occurred_at__gt=OuterRef("occurred_at"))
    tests = successes.filter(flow=Flow.TEST)
    return events.annotate(
        # No success has an empty address.
        person=NullIf(Coalesce(NullIf("email", Value("")), "typed_email"), Value("")),
        of_flow=Case(
            *(
                When(flow=flow, then=_newest(successes.filter(flow=flow)))
                for flow in (Flow.TILE, Flow.SSO_PAGE)
            ),
            default=_newest(successes.exclude(flow=Flow.TEST)),
        ),
        # People sign in with what is saved, not with a staged change.
        of_saved=_newest(tests.filter(connection_test__candidate_version__isnull=True)),
        of_tests=_newest(tests),
    ).annotate(
        sign_in_at=Case(
            When(Q(flow=Flow.TEST) | ~Q(refusal__in=_KNOWN), then=None),
            When(
                refusal__in=_PERSONAL,
                then=_newest(later.filter(email=OuterRef("person")).exclude(flow=Flow.TEST)),
            ),
            When(of_flow__gt=F("occurred_at"), then=F("of_flow")),
        ),
        test_at=Case(
            When(
                Q(refusal__in=_PERSONAL) & Q(flow=Flow.TEST) & Q(person__isnull=True),
                then=_newest(later.filter(flow=Flow.TEST, **_SAME_ADMIN)),
            ),
            When(
                Q(refusal__in=_PERSONAL) & Q(flow=Flow.TEST),
                then=_newest(later.filter(flow=Flow.TEST, email=OuterRef("person"))),
            ),
            When(Q(refusal__in=_PERSONAL) | ~Q(refusal__in=_KNOWN), then=None),
            When(Q(flow=Flow.TEST) & Q(of_tests__gt=F("occurred_at")), then=F("of_tests")),
            When(Q(refusal__in=_TESTABLE) & Q(of_saved__gt=F("occurred_at")), then=F("of_saved")),
        ),
    )


def with_answers(requests: QuerySet[PendingLogin], organization: Organization) -> QuerySet[PendingLogin]:
    """Requests without a response with `sign_in_at` and `test_at`, as above: it is one person who met no answer."""
    later = SignInEvent.objects.filter(
        organization=organization, refusal="", occurred_at__gt=OuterRef("created_at")
    )
    return requests.annotate(
        person=NullIf("typed_email", Value("")),
        sign_in_at=Case(
            When(
                test__isnull=True,
                then=_newest(later.filter(email=OuterRef("person")).exclude(flow=Flow.TEST)),
            )
        ),
        test_at=Case(
            When(
                test__isnull=False,
                then=_newest(
                    later.filter(flow=Flow.TEST, connection_test__started_by=OuterRef("test__started_by"))
                ),
            )
        ),
    )


def cure_of_event(event: SignInEvent) -> Cured | None:
    """What shows that the cause of this event was cured since; None if nothing does. One query."""
    if event.succeeded or event.organization is None:
        return None
    found: Any = with_cures(SignInEvent.objects.filter(pk=event.pk), event.organization).only("pk").get()
    return Cured(found.sign_in_at, found.test_at) if found.sign_in_at or found.test_at else None


def _newest(successes: QuerySet[SignInEvent]) -> Subquery:
    return Subquery(successes.order_by("-occurred_at", "-pk").values("occurred_at")[:1])
