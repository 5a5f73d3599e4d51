"""The page of the domains: trouble first, a record to copy, where it goes, and a look that is repeated by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import dns_proof
from accounts.dns_hosts import DNS_HOSTS
from accounts.dns_proof import Proof, record_host, record_value
from accounts.domain_page import what_was_found
from accounts.domains import claim
from accounts.models import EmailDomain, Organization, User
from accounts.public_suffixes import registered_domain
from tests.accounts.test_team_list import crowd
from tests.cast import SignedIn
from tests.in_browser import LookAt
from tests.name_server import NameServer

PAGE = "/settings/security/domains/"


@pytest.mark.parametrize(
    ("name", "registered"),
    [
        ("acme.com", "acme.com"),
        ("mail.acme.co.uk", "acme.co.uk"),
        ("a.b.acme.com", "acme.com"),
        ("acme.github.io", "acme.github.io"),
        ("mail.acme.example", "acme.example"),
        ("co.uk", ""),
        ("github.io", ""),
    ],
)
def test_the_registered_domain_is_what_stands_below_a_public_suffix(name: str, registered: str) -> None:
    assert registered_domain(name) == registered


def test_domains_in_trouble_come_first(acme: Organization, admin: User, signed_in: SignedIn) -> None:
    claim(acme, "zeta.test")
    claim(acme, "alpha.test")
    acme.domains.create(name="gone.test", verified_at=timezone.now(), missing_since=timezone.now())
    page = signed_in(admin).get(PAGE).content.decode()
    order = ["gone.test</h2>", "alpha.test</h2>", "zeta.test</h2>", "acme.example</h2>"]
    assert sorted(order, key=page.index) == order


@pytest.mark.parametrize(
    ("name", "short", "zone"),
    [
        ("acme.com", "_justcall-verification", "acme.com"),
        ("mail.acme.co.uk", "_justcall-verification.mail", "acme.co.uk"),
    ],
)
def test_the_record_is_shown_whole_without_its_domain_and_as_each_dns_host_wants_it(
    acme: Organization, admin: User, signed_in: SignedIn, name: str, short: str, zone: str
) -> None:
    domain = claim(acme, name)
    page = signed_in(admin).get(PAGE).content.decode()
    for shown in ("TXT", record_host(domain), short, record_value(domain)):
        assert f">{shown}</code>" in page
    assert f"<code>{short}</code>, in the zone {zone}." in page
    for host in DNS_HOSTS:
        assert f"<dt>{host.name}</dt>" in page
        assert f"<strong>{host.host_field}</strong> <code>{short}</code>," in page


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ({"{host}": "justcall-domain-verification=old"}, "its value is “justcall-domain-verification=old”"),
        ({"{host}": "<script>alert(1)</script>"}, "its value is “&lt;script&gt;alert(1)&lt;/script&gt;”"),
        (
            {"{host}.acme.com": "{value}"},
            "has added the domain once more. As host enter only _justcall-verification.mail.",
        ),
        (
            {"mail.acme.com": "{value}"},
            "is at mail.acme.com itself. Its host must be _justcall-verification.mail.acme.com.",
        ),
        ({"mail.acme.com": "v=spf1 -all"}, "is not there yet"),
        ({}, "is not there yet"),
    ],
)
@pytest.mark.parametrize("watch", ["", "1"])
def test_a_check_says_what_is_there_instead_of_the_record(
    acme: Organization,
    admin: User,
    signed_in: SignedIn,
    name_server: NameServer,
    there: dict[str, str],
    said: str,
    watch: str,
) -> None:
    domain = claim(acme, "mail.acme.com")
    facts = {"host": record_host(domain), "value": record_value(domain)}
    for name, text in there.items():
        name_server.say(name.format(**facts), text.format(**facts))
    page = signed_in(admin).post(f"{PAGE}{domain.pk}/check/", {"watch": watch}, follow=True)
    assert said in page.content.decode()
    domain.refresh_from_db()
    assert not domain.is_verified


def test_a_text_of_anybody_is_shown_cut(
    acme: Organization, admin: User, signed_in: SignedIn, name_server: NameServer
) -> None:
    domain = claim(acme, "acme.test")
    name_server.records[record_host(domain)] = [[b"x" * 250, b"x" * 250]]
    page = signed_in(admin).post(f"{PAGE}{domain.pk}/check/", follow=True).content.decode()
    assert f"“{'x' * 100}”" in page


def test_a_mistake_is_not_looked_for_while_another_domain_is(
    acme: Organization, name_server: NameServer
) -> None:
    domain = claim(acme, "acme.test")
    name_server.say(record_host(domain), "something else")
    assert "something else" in what_was_found(domain, Proof.MISSING)
    with dns_proof._asking:
        assert "is not there yet" in what_was_found(domain, Proof.MISSING)


def test_the_open_page_gets_the_part_of_one_domain_and_a_limit_of_its_own(
    acme: Organization, admin: User, agent: User, stranger: User, signed_in: SignedIn, name_server: NameServer
) -> None:
    domain, client = claim(acme, "acme.test"), signed_in(admin)
    path = f"{PAGE}{domain.pk}/check/"
    part = client.post(path, {"watch": "1"}).content.decode()
    assert part.lstrip().startswith('<section class="card')
    assert 'data-domain="pending"' in part
    assert signed_in(agent).post(path, {"watch": "1"}).status_code == 403
    assert signed_in(stranger).post(path, {"watch": "1"}).status_code == 404
    statuses = [client.post(path, {"watch": "1"}).status_code for _ in range(100)]
    assert statuses == [200] * 99 + [429]
    # Whoever presses the button is not kept from it.
    assert "is not there yet" in client.post(path, follow=True).content.decode()


def test_a_domain_of_somebody_else_is_refused_to_the_open_page_as_well(
    acme: Organization, globex: Organization, admin: User, signed_in: SignedIn, name_server: NameServer
) -> None:
    mine = claim(acme, "shared.test")
    globex.domains.create(name="shared.test", verified_at=timezone.now())
    name_server.say(record_host(mine), record_value(mine))
    part = signed_in(admin).post(f"{PAGE}{mine.pk}/check/", {"watch": "1"}).content.decode()
    assert "contact support" in part
    assert 'data-domain="pending"' in part


def test_a_removal_names_a_few_counts_all_and_costs_the_same_for_ten_and_for_five_hundred(
    acme: Organization, admin: User, globex: Organization, stranger: User, signed_in: SignedIn
) -> None:
    crowd(acme, 10)
    crowd(globex, 500)
    User.objects.filter(email="person001@globex.example").update(password="!")
    User.objects.filter(email="person005@globex.example").update(password="!")
    statements = []
    for user, company in ((admin, acme), (stranger, globex)):
        client = signed_in(user)
        with CaptureQueriesContext(database) as queries:
            page = client.get(f"{PAGE}{company.domains.get().pk}/remove/").content.decode()
        statements.append(len(queries))
    # Of 500 every fifth is deactivated; Greta is one more.
    assert "401 people can't sign in with SSO any more" in page
    assert "and 381 more" in page
    # The other one is deactivated.
    assert "1 of them has no password" in page
    assert page.count(" · ") <= 25
    assert statements[0] == statements[1] <= 7


def test_many_domains_cost_one_statement(acme: Organization, admin: User, signed_in: SignedIn) -> None:
    client = signed_in(admin)
    with CaptureQueriesContext(database) as one:
        client.get(PAGE)
    EmailDomain.objects.bulk_create(
        EmailDomain(organization=acme, name=f"d{at}.test", missing_since=timezone.now()) for at in range(60)
    )
    with CaptureQueriesContext(database) as many:
        client.get(PAGE)
    assert len(one) == len(many)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_open_page_finds_the_record_by_itself(
    acme: Organization,
    owner: User,
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    name_server: NameServer,
) -> None:
    domain = claim(acme, "acme.test")
    page = new_page(user=owner)
    page.clock.install()
    page.goto(PAGE)
    section = page.locator(f"#domain-{domain.pk}")
    page.get_by_label("Email domain").fill("typed.example")
    page.clock.run_for(timedelta(seconds=31) // timedelta(milliseconds=1))
    expect(section).to_contain_text("is not there yet")
    name_server.say(record_host(domain), record_value(domain))
    page.clock.run_for(timedelta(seconds=31) // timedelta(milliseconds=1))
    expect(section).to_contain_text("Verified")
    expect(page.get_by_role("status")).to_contain_text("acme.test is verified.")
    # What was typed meanwhile is still there.
    expect(page.get_by_label("Email domain")).to_have_value("typed.example")
    axe(page)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_of_the_domains_fits_and_its_record_can_be_copied(
    acme: Organization, owner: User, new_page: Callable[..., Page], app_server: str, look_at: LookAt
) -> None:
    domain = claim(acme, "a-company-with-a-long-name.and.subdomains.acme.co.uk")
    acme.domains.create(name="gone.test", verified_at=timezone.now(), missing_since=timezone.now())
    look_at(owner, PAGE)
    page = new_page(user=owner)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=app_server)
    page.goto(PAGE)
    section = page.locator(f"#domain-{domain.pk}")
    for name, value in (("Type", "TXT"), ("Host", record_host(domain)), ("Value", record_value(domain))):
        section.get_by_role("button", name=f"Copy {name}", exact=True).click()
        expect(section.get_by_role("button", name=f"Copied {name}", exact=True)).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == value


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_without_javascript_the_button_looks(
    acme: Organization, owner: User, new_page: Callable[..., Page], name_server: NameServer
) -> None:
    domain = claim(acme, "acme.test")
    name_server.say(record_host(domain), record_value(domain))
    page = new_page(user=owner, javascript=False)
    page.goto(PAGE)
    expect(page.get_by_text("every half minute")).to_have_count(1)
    expect(page.get_by_text("every half minute")).to_be_hidden()
    page.get_by_role("button", name="Check now acme.test").click()
    expect(page.get_by_role("status").first).to_contain_text("acme.test is verified.")
