"""Email domains: what may be claimed, how it is proved, and how a proof is lost."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from accounts.dns_proof import Proof, record_host, record_value
from accounts.domains import GRACE, DomainRefused, check, claim, normalize
from accounts.members import deactivate
from accounts.models import EmailDomain, Organization, User
from tests.accounts.mail_relay import Relay
from tests.cast import SignedIn
from tests.name_server import NameServer
from tests.outbox import deliver
from tests.processes import in_thread

PAGE = "/settings/security/domains/"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("acme.example", "acme.example"),
        (" ACME.Example. ", "acme.example"),
        ("nora@acme.example", "acme.example"),
        ("https://acme.example/about", "acme.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("mail.acme.co.uk", "mail.acme.co.uk"),
    ],
)
def test_a_domain_is_read_from_what_people_type(typed: str, name: str) -> None:
    assert normalize(typed) == name


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "not a domain name"),
        ("acme", "not a domain name"),
        ("acme example", "not a domain name"),
        ("-acme.example", "not a domain name"),
        ("a" * 64 + ".example", "not a domain name"),
        (".".join(["a" * 60] * 5), "not a domain name"),
        ("xn--\u2603.example", "not a domain name"),
        ("127.0.0.1", "not a domain name"),
        ("gmail.com", "public mail domain"),
        ("GoogleMail.com", "public mail domain"),
        ("mail.gmail.com", "public mail domain"),
        ("co.uk", "belongs to everybody"),
        ("github.io", "belongs to everybody"),
        ("com", "not a domain name"),
    ],
)
def test_a_domain_that_is_nobodys_own_is_refused_with_its_reason(typed: str, why: str) -> None:
    with pytest.raises(DomainRefused, match=why):
        normalize(typed)


def test_the_txt_record_verifies_a_domain(
    admin: User, acme: Organization, signed_in: SignedIn, name_server: NameServer
) -> None:
    client = signed_in(admin)
    page = client.post(PAGE, {"name": "acme.test"}, follow=True).content.decode()
    domain = acme.domains.get(name="acme.test")
    assert record_host(domain) in page
    assert record_value(domain) in page
    assert "Pending" in page

    page = client.post(f"{PAGE}{domain.pk}/check/", follow=True).content.decode()
    assert "is not there yet" in page

    name_server.say(record_host(domain), "v=spf1 -all", record_value(domain))
    page = client.post(f"{PAGE}{domain.pk}/check/", follow=True).content.decode()
    assert "acme.test is verified." in page
    domain.refresh_from_db()
    assert domain.is_verified


def test_a_record_cut_into_strings_and_one_of_another_domain(
    acme: Organization, name_server: NameServer
) -> None:
    domain = claim(acme, "acme.test")
    value = record_value(domain).encode()
    name_server.records[record_host(domain)] = [[value[:10], value[10:]]]
    assert check(domain, timezone.now()) is Proof.FOUND
    other = claim(acme, "other.test")
    name_server.records[record_host(other)] = [[value]]
    assert check(other, timezone.now()) is Proof.MISSING


@pytest.mark.parametrize("silent", [True, False])
def test_no_answer_changes_nothing(
    acme: Organization, name_server: NameServer, settings: object, silent: bool
) -> None:
    if silent:
        settings.DNS_RESOLVERS = ["127.0.0.1:9"]  # type: ignore[attr-defined]
    name_server.fails = True
    domain = acme.domains.get()
    assert check(domain, timezone.now()) is Proof.UNKNOWN
    domain.refresh_from_db()
    assert domain.is_verified
    assert domain.missing_since is None


def test_a_vanished_record_gives_seven_days_and_one_email_to_each_admin(
    acme: Organization, owner: User, admin: User, agent: User, name_server: NameServer
) -> None:
    domain, now = acme.domains.get(), timezone.now()
    check(domain, now)
    check(domain, now + timedelta(days=1))
    assert sorted(message.to[0] for message in deliver()) == [admin.email, owner.email]
    assert "acme.example" in mail.outbox[0].subject
    domain.refresh_from_db()
    assert domain.is_verified
    check(domain, now + GRACE)
    domain.refresh_from_db()
    assert not domain.is_verified


def test_a_deactivated_admin_gets_no_mail_about_the_company(
    acme: Organization, owner: User, admin: User, name_server: NameServer
) -> None:
    deactivate(admin, actor=owner)
    check(acme.domains.get(), timezone.now())
    assert [message.to for message in deliver()] == [[owner.email]]


def test_an_admin_whose_mail_is_refused_keeps_no_mail_from_the_others(
    acme: Organization,
    owner: User,
    admin: User,
    signed_in: SignedIn,
    name_server: NameServer,
    relay: Relay,
) -> None:
    relay.refuses = {owner.email}
    domain = acme.domains.get()
    page = signed_in(admin).post(f"{PAGE}{domain.pk}/check/", follow=True)
    assert page.status_code == 200
    deliver()
    domain.refresh_from_db()
    assert domain.missing_since is not None
    assert relay.recipients == [admin.email]


def test_a_record_that_comes_back_in_time_ends_the_grace(acme: Organization, name_server: NameServer) -> None:
    domain, now = acme.domains.get(), timezone.now()
    check(domain, now)
    name_server.say(record_host(domain), record_value(domain))
    check(domain, now + timedelta(days=6))
    domain.refresh_from_db()
    assert domain.is_verified
    assert domain.missing_since is None


def test_a_domain_is_verified_by_one_organization_only(
    acme: Organization, globex: Organization, admin: User, signed_in: SignedIn, name_server: NameServer
) -> None:
    mine, theirs = claim(acme, "shared.test"), claim(globex, "shared.test")
    for domain in (mine, theirs):
        name_server.say(record_host(domain), record_value(mine), record_value(theirs))
    assert check(theirs, timezone.now()) is Proof.FOUND
    page = signed_in(admin).post(f"{PAGE}{mine.pk}/check/", follow=True).content.decode()
    assert "contact support" in page
    assert "Globex" not in page
    mine.refresh_from_db()
    assert not mine.is_verified
    with pytest.raises(DomainRefused, match="contact support"):
        claim(acme, "globex.example")


def test_the_same_domain_twice_is_said(admin: User, signed_in: SignedIn) -> None:
    response = signed_in(admin).post(PAGE, {"name": "acme.example"})
    assert response.status_code == 422
    assert "in the list already" in response.content.decode()


def test_removing_says_who_is_affected_and_only_a_post_removes(
    admin: User, agent: User, acme: Organization, signed_in: SignedIn
) -> None:
    domain = acme.domains.get()
    page = signed_in(admin).get(f"{PAGE}{domain.pk}/remove/").content.decode()
    assert agent.email in page
    assert EmailDomain.objects.filter(pk=domain.pk).exists()
    signed_in(admin).post(f"{PAGE}{domain.pk}/remove/")
    assert not EmailDomain.objects.filter(pk=domain.pk).exists()


def test_checking_is_limited(
    admin: User, acme: Organization, signed_in: SignedIn, name_server: NameServer
) -> None:
    client, domain = signed_in(admin), acme.domains.get()
    for _number in range(20):
        client.post(f"{PAGE}{domain.pk}/check/")
    assert "Too many checks" in client.post(f"{PAGE}{domain.pk}/check/", follow=True).content.decode()


def test_housekeeping_rechecks_each_verified_domain_once_a_day(
    acme: Organization, globex: Organization, name_server: NameServer, capsys: pytest.CaptureFixture[str]
) -> None:
    domain = acme.domains.get()
    name_server.say(record_host(domain), record_value(domain))
    EmailDomain.objects.update(last_checked_at=timezone.now() - timedelta(hours=19))
    call_command("housekeeping")
    assert "0 domains rechecked" in capsys.readouterr().out
    EmailDomain.objects.update(last_checked_at=timezone.now() - timedelta(hours=21))
    call_command("housekeeping", "--dry-run")
    assert globex.domains.get().missing_since is None
    call_command("housekeeping")
    said = capsys.readouterr().out
    assert "globex.example: missing" in said
    assert "2 domains rechecked" in said
    assert globex.domains.get().missing_since is not None
    assert acme.domains.get().missing_since is None
    call_command("housekeeping")
    assert "0 domains rechecked" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_a_name_server_that_hangs_holds_one_thread_and_says_so_to_the_others(
    acme: Organization, admin: User, signed_in: SignedIn, silent_name_server: None
) -> None:
    domain = acme.domains.get()

    def press() -> tuple[float, str]:
        client, began = signed_in(admin), time.monotonic()
        client.post(f"{PAGE}{domain.pk}/check/")
        taken = time.monotonic() - began
        return taken, client.get(PAGE).content.decode()

    with ThreadPoolExecutor(5) as pool:
        answers = sorted(each.result(30) for each in [pool.submit(in_thread, press) for _ in range(5)])
    assert [taken < 2 for taken, _page in answers] == [True] * 4 + [False]
    assert all("Check it again in a few seconds." in page for _taken, page in answers[:4])
    assert "No name server answered" in answers[4][1]


def test_a_domain_that_is_removed_during_its_check_is_said(
    acme: Organization, name_server: NameServer
) -> None:
    domain = acme.domains.get()
    EmailDomain.objects.all().delete()
    with pytest.raises(DomainRefused, match="removed meanwhile"):
        check(domain, timezone.now())
