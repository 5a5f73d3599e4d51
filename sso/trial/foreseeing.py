"""What would happen to the person a signed message names, without doing it."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Invitation, User
from sso.identity import VerifiedIdentity
from sso.models import Connection
from sso.phrases import Phrase
from sso.policy import Create, Decision, Refuse, SignIn, TakeUpInvitation, decide
from sso.refusals import Check
from sso.saml.report import CheckResult, failed, passed
from sso.signing_in.provisioning import gather_facts


def foresee(connection: Connection, person: VerifiedIdentity | None, now: datetime) -> list[CheckResult]:
    """The results of the two checks about members. Nobody is signed in, created or changed."""
    if person is None:
        return []
    return _results(decide(person, gather_facts(connection, person, now)), person.email)


def _results(decision: Decision, email: str) -> list[CheckResult]:
    domain = passed(Check.DOMAIN, email.rpartition("@")[2])
    match decision:
        case Refuse(refusal, expected, received):
            # The later of two results for one check counts: it may be the domain that is refused.
            return [domain, failed(refusal, expected=expected, received=received)]
        case SignIn(member_id):
            member = User.objects.get(pk=member_id)
            who = Phrase.WOULD_SIGN_IN(email=email, name=member.get_full_name(), role=member.role)
        case TakeUpInvitation(invitation_id):
            invitation = Invitation.objects.get(pk=invitation_id)
            who = Phrase.WOULD_TAKE_UP_INVITATION(email=email, role=invitation.role)
        case Create(role):
            who = Phrase.WOULD_BE_CREATED(email=email, role=role)
    return [domain, passed(Check.MEMBER, who)]
