"""One way to provoke each refusal: a state of the company, and what arrives there over HTTP."""

from __future__ import annotations

import base64
import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from cryptography import x509
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from lxml import etree

from accounts.sealing import seal
from sso.models import Connection
from sso.refusals import Refusal
from sso.signing_in import pending
from tests.cast import IDP, company, member
from tests.causes.scene import NORA, Scene
from tests.saml.encrypting import encrypt
from tests.saml.messages import PERSISTENT, SAML, TRANSIENT, IdentityProvider, encode, instant
from tests.saml.moves import assertion_of, child


@dataclass(frozen=True)
class Cause:
    """How a refusal comes about.

    `message` makes what is posted to the ACS; without it, `start` is what the person does at JustCall, and without that
    nothing arrives at all. `untested` says why Test Connection can't meet the cause.
    """

    message: Callable[[Scene], str] | None = None
    start: Callable[[Scene], HttpResponse] | None = None
    before: Callable[[Scene], object] | None = None
    untested: str = ""


def _says(email: str = NORA, **fields: Any) -> Cause:
    return Cause(message=lambda scene: scene.says(email, **fields))


def _as(idp: IdentityProvider, **options: Any) -> Cause:
    return Cause(message=lambda scene: scene.says_as(idp, **options))


def _with(cause: Cause, **changes: Any) -> Cause:
    return replace(cause, **changes)


def _set(**fields: Any) -> Callable[[Scene], object]:
    return lambda scene: Connection.objects.filter(pk=scene.connection.pk).update(**fields)


def _organization(**fields: Any) -> Callable[[Scene], object]:
    def change(scene: Scene) -> None:
        for name, value in fields.items():
            setattr(scene.acme, name, value)
        scene.acme.save(update_fields=list(fields))

    return change


def _email(address: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (("email", (address,)), ("firstName", ("Nora",)), ("lastName", ("New",)))


def _answer(scene: Scene) -> str:
    """An answer to a request of this very browser."""
    return scene.says(in_response_to=scene.arrivals.ask(scene.browser))


def _answer_of_another_browser(scene: Scene) -> str:
    return scene.says(in_response_to=scene.arrivals.ask(Client()))


def _answer_without_the_request(scene: Scene) -> str:
    """An answer whose assertion does not say to which request."""
    return scene.says(in_response_to=scene.arrivals.ask(scene.browser), confirmed_in_response_to=None)


def _second_assertion(root: etree._Element) -> etree._Element:
    root.append(copy.deepcopy(assertion_of(root)))
    return root


def _changed_afterwards(root: etree._Element) -> etree._Element:
    child(root, "saml:Assertion/saml:Subject/saml:NameID").text = "mallory@acme.example"
    return root


def _authenticated_tomorrow(scene: Scene) -> str:
    return _authenticated_at(scene, instant(timezone.now() + timedelta(days=1)))


def _name_id_encrypted(scene: Scene) -> str:
    xml = scene.arrivals.message(name_id=None, attributes=_email(NORA)).xml()
    return encode(IDP.sign(xml.replace("<saml:Subject>", "<saml:Subject><saml:EncryptedID/>")))


def _one_transform(root: etree._Element) -> etree._Element:
    """What is signed says that it is enveloped, and no canonicalization."""
    transforms = child(root, "saml:Assertion/ds:Signature/ds:SignedInfo/ds:Reference/ds:Transforms")
    transforms.remove(transforms[1])
    return root


def _without_a_real_instant(scene: Scene) -> str:
    """Only the second lock validates by schema; our gate asks whether AuthnInstant is still to come."""
    return _authenticated_at(scene, "this morning")


def _authenticated_at(scene: Scene, text: str) -> str:
    message = scene.arrivals.message(name_id=NORA, attributes=_email(NORA))
    root = etree.fromstring(message.xml())
    statement = next(root.iter(f"{{{SAML}}}AuthnStatement"))
    statement.set("AuthnInstant", text)
    return encode(IDP.sign(etree.tostring(root).decode()))


def _sealed_to_us(scene: Scene) -> str:
    certificate = x509.load_pem_x509_certificate(scene.connection.sp_keys.get().certificate_pem.encode())
    public = certificate.public_key()

    class _Key:
        def public_key(self) -> object:
            return public

    return scene.says_as(IDP, then=encrypt("aes256-cbc", key=_Key()))  # type: ignore[arg-type]


def _break_our_key(scene: Scene) -> None:
    """A row of ours that nobody can have sent: the key behind the seal is none."""
    scene.connection.sp_keys.update(sealed_private_key=seal(b"not a key"))


def _sign_in_first(scene: Scene) -> str:
    message = scene.says(scene.agent.email)
    assert scene.arrivals.post(message).status_code == 303
    return message


def _nora_elsewhere(scene: Scene) -> None:
    globex = company("Globex", "business")
    nora = member(globex, "Nora", "Elsewhere", "owner")
    nora.email = NORA
    nora.save(update_fields=["email"])


def _ask_long_ago(scene: Scene) -> None:
    pending.start(scene.connection, timezone.now() - timedelta(minutes=6))


def _sso_page(email: str) -> Callable[[Scene], HttpResponse]:
    return lambda scene: scene.browser.post("/login/sso/", {"email": email})  # type: ignore[return-value]


_LOGOUT_RESPONSE = '<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1"/>'


def _posted_to_the_entity_id(scene: Scene) -> HttpResponse:
    path = f"/sso/saml/{scene.connection.public_id}/metadata/"
    return scene.browser.post(path, {"SAMLResponse": scene.says()})  # type: ignore[return-value]


def _by_redirect(scene: Scene) -> HttpResponse:
    path = f"/sso/saml/{scene.connection.public_id}/acs/"
    return scene.browser.get(path, {"SAMLResponse": scene.says()})  # type: ignore[return-value]


CAUSES: dict[Refusal, Cause] = {
    Refusal.UNKNOWN_DOMAIN: Cause(start=_sso_page("nora@nowhere.example"), untested="no company is known"),
    Refusal.SSO_OFF: Cause(message=_answer, before=_set(enabled_at=None), untested="a draft may be tested"),
    Refusal.PLAN_LAPSED: Cause(
        message=_answer, before=_organization(plan="pro"), untested="a paused configuration may be tested"
    ),
    Refusal.NO_RESPONSE: Cause(before=_ask_long_ago),
    Refusal.LOGOUT_AT_ACS: Cause(
        start=lambda scene: scene.arrivals.post(encode(_LOGOUT_RESPONSE), scene.browser),
        untested="signing out ends no test",
    ),
    Refusal.WRONG_ADDRESS: Cause(start=_posted_to_the_entity_id, untested="it never comes to the test"),
    Refusal.NOT_BY_POST: Cause(start=_by_redirect, untested="it never comes to the test"),
    Refusal.NOT_A_RESPONSE: Cause(message=lambda scene: "this is no base64!"),
    Refusal.NOT_BASE64: Cause(
        message=lambda scene: base64.b64decode(scene.says_as(IDP)).decode(),
    ),
    Refusal.TOO_LARGE: Cause(message=lambda scene: "A" * (300 * 1024)),
    Refusal.FORBIDDEN_XML: _says(name_id="nora@acme.example<!-- -->.evil.example"),
    Refusal.UNEXPECTED_STRUCTURE: _as(IDP, then=_second_assertion),
    Refusal.ENCRYPTED_PART: Cause(message=_name_id_encrypted),
    Refusal.STRUCTURED_ATTRIBUTE: _says(
        attributes=(("email", (f'<x:mail xmlns:x="urn:x">{NORA}</x:mail>',)),)
    ),
    Refusal.WRONG_VERSION: _says(assertion_version="1.1"),
    Refusal.IDP_REFUSED: _says(status=("Responder", "AuthnFailed"), status_message="Wrong password"),
    Refusal.IDP_TIMED_OUT: _says(
        status=("Responder", "AuthnFailed"), status_message="authentication_expired"
    ),
    Refusal.NOT_SIGNED: _as(IDP, sign="nothing"),
    Refusal.SIGNATURE_INVALID: _as(IDP, then=_changed_afterwards),
    Refusal.CERTIFICATE_REPLACED: _as(IdentityProvider("rsa-new")),
    Refusal.WEAK_ALGORITHM: _as(IdentityProvider(hash="SHA1")),
    Refusal.OTHER_CANONICALIZATION: _as(IDP, then=_one_transform),
    Refusal.UNKNOWN_ENCRYPTION: _as(IDP, then=encrypt("tripledes-cbc")),
    Refusal.CANNOT_DECRYPT: _as(IDP, then=encrypt("aes256-gcm")),
    Refusal.CERTIFICATE_EXPIRED: Cause(
        message=lambda scene: scene.says(),
        before=lambda scene: scene.connection.certificates.update(
            not_after=timezone.now() - timedelta(days=3)
        ),
    ),
    Refusal.WRONG_ISSUER: _says(
        issuer="https://other.example/idp", response_issuer="https://other.example/idp"
    ),
    Refusal.WRONG_AUDIENCE: _says(audiences=lambda connection: (connection.entity_id[:-1],)),
    Refusal.WRONG_DESTINATION: _says(destination=lambda connection: connection.acs_url[:-1]),
    Refusal.WRONG_RECIPIENT: _says(recipient="{recipient}"),
    Refusal.NOT_CONFIRMED: _says(method="urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"),
    Refusal.NOT_AUTHENTICATED: _says(authn=False),
    Refusal.AUTHENTICATED_LATER: Cause(message=_authenticated_tomorrow),
    Refusal.EXPIRED: _says(not_on_or_after="-3"),
    Refusal.NOT_YET_VALID: _says(not_before="+3"),
    Refusal.SESSION_OVER: _says(session_until="-3"),
    Refusal.TIME_NOT_UTC: _says(not_on_or_after="2099-01-31T09:00:00+02:00"),
    Refusal.UNKNOWN_REQUEST: _says(in_response_to="_0123456789abcdef0123456789abcdef"),
    Refusal.REQUEST_NOT_OURS: _says(in_response_to="IdP_Initiated_Login"),
    Refusal.IN_RESPONSE_TO_MISSING: Cause(
        message=_answer_without_the_request, untested="the test of the tile asks for nothing"
    ),
    Refusal.OTHER_BROWSER: Cause(message=_answer_of_another_browser, untested="a test in another browser"),
    Refusal.TILE_NOT_ALLOWED: _with(
        _says(),
        before=_set(allow_idp_initiated=False),
        untested="the tile is not tested while it is switched off",
    ),
    Refusal.REPLAYED: Cause(message=_sign_in_first, untested="a test uses nothing up"),
    Refusal.SECOND_LOCK: Cause(message=_without_a_real_instant),
    Refusal.NAME_ID_MISSING: _says(name_id=None),
    Refusal.NAME_ID_TRANSIENT: _says(name_id="_8f2c1e", name_id_format=TRANSIENT),
    Refusal.NAME_ID_NOT_EMAIL: _says(name_id="nora"),
    Refusal.EMAIL_MISSING: _says(
        name_id="00u1", name_id_format=PERSISTENT, attributes=(("Email", (NORA,)), ("Role", ("Sales",)))
    ),
    Refusal.EMAIL_AS_NAME_ID: _says(attributes=(("firstName", ("Nora",)), ("lastName", ("New",)))),
    Refusal.EMAIL_NOT_ASCII: _says(
        name_id="00u1", name_id_format=PERSISTENT, attributes=_email("nöra@acme.example")
    ),
    Refusal.EMAIL_UNUSABLE: _says(
        name_id="00u1", name_id_format=PERSISTENT, attributes=_email("nora at acme.example")
    ),
    Refusal.EMAIL_AMBIGUOUS: _says(attributes=(("email", (NORA, "nora.new@acme.example")),)),
    Refusal.NAME_ID_EMAIL_DISAGREE: _says(attributes=_email("nora.new@acme.example")),
    Refusal.NAMES_MISSING: _says(attributes=(("email", (NORA,)),)),
    Refusal.DOMAIN_NOT_VERIFIED: _says("nora@elsewhere.example"),
    Refusal.MEMBER_DEACTIVATED: Cause(
        message=lambda scene: scene.says(scene.agent.email),
        before=lambda scene: type(scene.agent).objects.filter(pk=scene.agent.pk).update(is_active=False),
    ),
    Refusal.CREATION_OFF: _with(_says(), before=_set(create_members=False)),
    Refusal.NO_SEAT: _with(_says(), before=_organization(seat_limit=2)),
    Refusal.EMAIL_ELSEWHERE: _with(_says(), before=_nora_elsewhere),
    Refusal.EMAIL_CHANGED: Cause(
        message=lambda scene: scene.says(NORA, name_id="00u1", name_id_format=PERSISTENT),
        before=lambda scene: scene.connection.identities.create(name_id="00u1", user=scene.agent),
    ),
    Refusal.NAME_ID_OF_ANOTHER: Cause(
        message=lambda scene: scene.says(scene.admin.email, name_id="00u1", name_id_format=PERSISTENT),
        before=lambda scene: scene.connection.identities.create(name_id="00u1", user=scene.agent),
    ),
    Refusal.NAME_ID_FORMAT_CHANGED: Cause(
        message=lambda scene: scene.says(scene.agent.email, name_id="00u2", name_id_format=PERSISTENT),
        before=lambda scene: scene.connection.identities.create(name_id=scene.agent.email, user=scene.agent),
    ),
    Refusal.LINK_MOVED: Cause(
        message=lambda scene: scene.says(scene.agent.email, name_id="00u2", name_id_format=PERSISTENT),
        before=lambda scene: scene.connection.identities.create(name_id="00u1", user=scene.agent),
    ),
    Refusal.OUR_FAULT: Cause(message=_sealed_to_us, before=_break_our_key, untested="nothing to test"),
}
