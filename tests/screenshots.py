"""`make screenshots`: takes docs/screenshots/ anew from the app and the stand-in, running with new data.

Each page three times: light and dark at 1280, and light at 390 as on a telephone.
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from playwright.sync_api import Browser, sync_playwright

from justcall_sso.machine import CHROMIUM
from tests.demo.running import ROOT, Demo, copy_of_repository

if TYPE_CHECKING:
    from accounts.models import Organization, User
    from sso.models import Connection

FOLDER = ROOT / "docs" / "screenshots"
REFUSED = "SSO-9HB5CXEJ"
OWNER, OWNER_OF_LOWER_PLAN = "olivia@acme.example", "ian@initech.example"


class Shot(NamedTuple):
    """A page: the name of its files, its path, who looks at it, and how much of it is taken (pixels; 0: all)."""

    name: str
    path: str
    person: str | None = None
    height: int = 0


BEFORE_SETUP = [
    Shot("sign-in", "/login/"),
    Shot("sign-in-password", "/login/password/"),
    Shot("sign-in-with-sso", "/login/sso/"),
    Shot("sso-off", "/settings/security/sso/", OWNER),
    Shot("sso-not-in-plan", "/settings/security/sso/", OWNER_OF_LOWER_PLAN),
    Shot("domains", "/settings/security/domains/", OWNER),
    Shot("team", "/settings/team/", OWNER),
    Shot("not-found", "/no/such/page/"),
]
AFTER_SETUP = [
    Shot("sso-settings", "/settings/security/sso/", OWNER, height=1180),
    Shot("sso-settings-whole", "/settings/security/sso/", OWNER),
    Shot("sign-in-log", "/settings/security/log/", OWNER),
    Shot("sign-in-entry", f"/settings/security/log/{REFUSED}/", OWNER),
    Shot("audit-trail", "/settings/security/log/audit/", OWNER),
]
# After those of the log, which they would add lines to.
_TEST_PAGES = ["waiting", "no-response", "passed", "three-failures"]
TESTS = [
    *(
        Shot(f"test-{name}", f"/settings/security/sso/test/{at:032x}/", OWNER)
        for at, name in enumerate(_TEST_PAGES)
    ),
    Shot("test-staged-change", "/settings/security/sso/", OWNER, height=900),
]
LOOKS = [("", "light", 1280), ("-dark", "dark", 1280), ("-phone", "light", 390)]


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        clone = copy_of_repository(Path(place) / "justcall")
        # The addresses of the README, since they are in the pictures.
        demo = Demo(clone, 8000, 8001)
        try:
            demo.wait()
            _use_database_of(clone)
            _take_all(demo)
        finally:
            demo.stop()


def _use_database_of(clone: Path) -> None:
    os.chdir(clone)
    env_file = clone / "var" / "demo.env"
    for line in env_file.read_text(encoding="utf-8").splitlines():
        os.environ.pop(line.split("=", 1)[0], None)
    os.environ.update(
        ENV_FILE=str(env_file),
        DJANGO_SETTINGS_MODULE="justcall_sso.settings",
        DJANGO_ALLOW_ASYNC_UNSAFE="1",
    )
    import django

    django.setup()


def _take_all(demo: Demo) -> None:
    from accounts.models import Organization

    address, idp_address = f"http://localhost:{demo.port}", f"http://127.0.0.1:{demo.idp_port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for shot in BEFORE_SETUP:
            _take(browser, address, shot)
        _set_up(Organization.objects.get(slug="acme"))
        for shot in AFTER_SETUP:
            _take(browser, address, shot)
        _test(Organization.objects.get(slug="acme").connections.get())
        for shot in TESTS:
            _take(browser, address, shot)
        _take(browser, idp_address, Shot("onelogin-stand-in", "/login/"))
        browser.close()


def _take(browser: Browser, address: str, shot: Shot) -> None:
    for suffix, scheme, width in LOOKS:
        context = browser.new_context(
            base_url=address,
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": width, "height": shot.height or 800},
        )
        if shot.person:
            name, value = _session_of(shot.person)
            context.add_cookies([{"name": name, "value": value, "url": address}])
        page = context.new_page()
        response = page.goto(shot.path)
        if response is None or page.url != address + shot.path:
            sys.exit(f"{shot.path} leads to {page.url}")
        if response.status >= 500:
            sys.exit(f"{shot.path} answers {response.status}")
        page.screenshot(path=FOLDER / f"{shot.name}{suffix}.png", full_page=not shot.height)
        context.close()
    sys.stdout.write(f"{shot.name}\n")


def _session_of(email: str) -> tuple[str, str]:
    from django.conf import settings
    from django.test import Client

    from accounts.models import User

    client = Client()
    client.force_login(User.objects.get(email=email))
    return settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value


def _set_up(acme: Organization) -> None:
    """Acme as it is a week after its admin followed the help article, with a few sign-ins."""
    from accounts import audit
    from sso.models import Flow
    from sso.refusals import Refusal

    now = datetime.now(UTC)
    certificate, sha256, not_before, not_after = _certificate(now)
    connection = acme.connections.create(
        guide="onelogin",
        idp_entity_id="https://app.onelogin.com/saml/metadata/1234567",
        sso_url="https://acme.onelogin.com/trust/saml2/http-post/sso/1234567",
        enabled_at=now - timedelta(days=6),
        tested_version=1,
        tested_at=now - timedelta(days=6, minutes=5),
    )
    connection.certificates.create(
        pem=certificate, sha256=sha256, not_before=not_before, not_after=not_after, last_used_at=now
    )
    people = dict(acme.members.values_list("email", "pk"))
    for minutes, reference, email, flow, refusal in [
        (3, "SSO-7K2M9QXD", "agnes@acme.example", Flow.TILE, ""),
        (26, "SSO-4TRW83VN", "adam@acme.example", Flow.SSO_PAGE, ""),
        (95, REFUSED, "agnes@acme.example", Flow.SSO_PAGE, Refusal.WRONG_AUDIENCE.value),
    ]:
        connection.events.create(
            reference=reference,
            organization=acme,
            user_id=people[email],
            occurred_at=now - timedelta(minutes=minutes),
            flow=flow,
            refusal=refusal,
            email=email,
            requested_at=now - timedelta(minutes=minutes, seconds=9) if flow == Flow.SSO_PAGE else None,
            checks=_wrong_audience(connection) if refusal else [],
        )
    made: list[tuple[str, audit.Action, audit.Changes]] = [
        ("olivia@acme.example", audit.Action.SSO_ENABLED, {"protocol": ["", "saml2"]}),
        ("olivia@acme.example", audit.Action.SSO_TURNED_ON, {"enabled": [False, True]}),
        ("adam@acme.example", audit.Action.CONFIGURATION_SAVED, {"default_role": ["agent", "supervisor"]}),
    ]
    for person, action, changes in made:
        audit.record(acme, acme.members.get(email=person), action, changes)


def _test(connection: Connection) -> None:
    """Tests in each state they can be in, and a change that waits for its test."""
    from sso.models import ConfigurationCandidate, Flow

    now = datetime.now(UTC)
    owner = connection.organization.members.get(email=OWNER)
    # The attribute's name is why the last one fails.
    found = [(None, ""), (None, ""), (_all_passed(owner), "email"), (_three_failures(connection), "Email")]
    for at, (name, (report, email)) in enumerate(zip(_TEST_PAGES, found, strict=True)):
        event = (
            None
            if report is None
            else connection.events.create(
                reference=f"SSO-8QXK4T{at}Z",
                organization=connection.organization,
                user=owner,
                flow=Flow.TEST,
                email=OWNER,
                checks=report,
                attributes={email: [OWNER], "firstName": ["Olivia"], "lastName": ["Owner"]},
            )
        )
        connection.tests.create(
            public_id=f"{at:032x}",
            version=connection.version,
            started_by=owner,
            started_at=now - timedelta(minutes=6 if name == "no-response" else 1),
            finished_at=now if event else None,
            passed=name == "passed",
            event=event,
        )
    ConfigurationCandidate.objects.create(
        connection=connection,
        sso_url=connection.sso_url.replace("1234567", "7654321"),
        idp_entity_id=connection.idp_entity_id,
        staged_by=owner,
    )


def _all_passed(owner: User) -> list[dict[str, str]]:
    from sso.phrases import Phrase
    from sso.refusals import Check
    from sso.saml.report import complete, passed

    who = Phrase.WOULD_SIGN_IN(email=owner.email, name=owner.get_full_name(), role=owner.role)
    return complete((*(passed(check) for check in Check), passed(Check.MEMBER, who))).as_list()


def _three_failures(connection: Connection) -> list[dict[str, str]]:
    from sso.refusals import Check, Refusal
    from sso.saml.report import complete, failed, passed

    here = connection.entity_id
    wrong = (
        failed(Refusal.WRONG_AUDIENCE, expected=here, received=here.rstrip("/")),
        failed(Refusal.WRONG_RECIPIENT, expected=connection.acs_url, received=here),
        failed(Refusal.EMAIL_MISSING, expected="email", received="Email"),
    )
    # Without an email nobody is named, and the second judge is not asked about what the first refuses.
    unreached = (Check.SECOND_LOCK, Check.DOMAIN, Check.MEMBER)
    good = tuple(passed(check) for check in Check if check not in unreached)
    return complete((*good, *wrong)).as_list()


def _wrong_audience(connection: Connection) -> list[dict[str, str]]:
    from sso.refusals import Check, Refusal
    from sso.saml.report import complete, failed, passed

    good = [passed(check) for check in Check if check not in (Check.DOMAIN, Check.MEMBER)]
    wrong = failed(
        Refusal.WRONG_AUDIENCE,
        expected=connection.entity_id,
        received=connection.entity_id.rstrip("/"),
    )
    return complete((*good, wrong)).as_list()


def _certificate(now: datetime) -> tuple[str, str, datetime, datetime]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import NameOID

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    names = [
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Acme"),
        x509.NameAttribute(NameOID.COMMON_NAME, "OneLogin"),
    ]
    name = x509.Name(names)
    not_before, not_after = now - timedelta(days=30), now + timedelta(days=1795)
    certificate = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), not_before, not_after
        )
    ).sign(key, hashes.SHA256())
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
    return pem, certificate.fingerprint(hashes.SHA256()).hex(), not_before, not_after


if __name__ == "__main__":
    main()
