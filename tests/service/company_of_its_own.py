"""Acme in the database of an app of its own, and the sign-in of one of its members."""

from __future__ import annotations

from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode

from sso.models import Connection
from tests.cast import IDP, Arrivals
from tests.saml.encrypting import encrypt, sp_key_pem
from tests.saml.messages import ISSUER
from tests.service.own_app import OwnApp

AGNES = "agnes@acme.example"
PUBLIC_ID = "0123456789abcdef0123456789abcdef"

# As this release writes it; with the keys of this process, which signs and encrypts.
FILL = f"""
from django.utils import timezone
from accounts.models import EmailDomain, Organization, User
from accounts.sealing import seal
from tests.cast import connect
from sso.saml.pasted.certificates import read_certificate
acme = Organization.objects.create(name="Acme", slug="acme", plan="business")
EmailDomain.objects.create(organization=acme, name="acme.example", verified_at=timezone.now())
User.objects.create_user("{AGNES}", organization=acme)
connection = connect(acme)
type(connection).objects.update(public_id="{PUBLIC_ID}")
pinned = read_certificate({IDP.pem!r})
connection.certificates.update(
    pem=pinned.pem, sha256=pinned.sha256, not_before=pinned.not_before, not_after=pinned.not_after
)
connection.sp_keys.update(sealed_private_key=seal({sp_key_pem()!r}))
"""


def fill(app: OwnApp, script: str = FILL) -> None:
    """Run a script in the app's environment, against its database."""
    outcome = app.manage("shell", "-c", script)
    assert outcome.returncode == 0, outcome.stderr


@dataclass(frozen=True)
class Came:
    """How the answer to a response ended: its status, and the session it began."""

    status: int
    session: str


def sign_in(app: OwnApp, email: str = AGNES, *, public_id: str = PUBLIC_ID, encrypted: bool = False) -> Came:
    """Post a response that has just been signed."""
    arrivals = Arrivals(Connection(public_id=public_id, idp_entity_id=ISSUER))
    rows = (("email", (email,)), ("firstName", ("Agnes",)), ("lastName", ("Person",)))
    message = arrivals.message(name_id=email, attributes=rows)
    return post(app, arrivals.idp.response(message, then=encrypt() if encrypted else None), public_id)


def post(app: OwnApp, response: str, public_id: str = PUBLIC_ID) -> Came:
    caller = HTTPConnection("127.0.0.1", app.port, timeout=30)
    headers = {"Host": "localhost", "Content-Type": "application/x-www-form-urlencoded"}
    caller.request("POST", f"/sso/saml/{public_id}/acs/", urlencode({"SAMLResponse": response}), headers)
    answer = caller.getresponse()
    answer.read()
    caller.close()
    cookies = answer.headers.get_all("Set-Cookie") or []
    session = next(
        (each.split(";")[0].partition("=")[2] for each in cookies if each.startswith("sessionid=")), ""
    )
    return Came(answer.status, session)
