"""The list of people: 50 a page, searched, filtered and sorted, at the same cost for 10 and for 500 people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html as lxml_html

from accounts.models import Organization, User
from accounts.roles import Role
from accounts.team_list import Wanted, team_page
from tests.cast import SignedIn
from tests.in_browser import LookAt

TEAM = "/settings/team/"


def crowd(organization: Organization, number: int) -> None:
    """So many members: every third has used single sign-on, every fifth is deactivated."""
    now = timezone.now()
    User.objects.bulk_create(
        User(
            email=f"person{at:03}@{organization.slug}.example",
            first_name=f"Person{at:03}",
            last_name="Long",
            organization=organization,
            role=[Role.AGENT, Role.SUPERVISOR][at % 2],
            is_active=at % 5 != 0,
            last_sso_at=now - timedelta(days=at) if at % 3 == 0 else None,
        )
        for at in range(number)
    )


def invitations(organization: Organization, number: int) -> None:
    for at in range(number):
        organization.invitations.create(
            email=f"guest{at}@{organization.slug}.example",
            token_hash=f"{organization.slug}{at}",
            expires_at=timezone.now() + timedelta(days=1),
        )


@pytest.fixture
def emails(admin: User, signed_in: SignedIn) -> Callable[[str], list[str]]:
    """The e-mails of the members that a page shows, from the top."""
    client = signed_in(admin)

    def shown(query: str) -> list[str]:
        page = lxml_html.document_fromstring(client.get(f"{TEAM}{query}").content.decode())
        rows = [row for row in page.iter("tr") if row.get("id", "").startswith("member-")]
        return ["".join(map(str, row[1].itertext())).strip() for row in rows]

    return shown


def test_a_page_has_fifty_people_and_says_which_of_how_many(
    acme: Organization, admin: User, signed_in: SignedIn, emails: Callable[[str], list[str]]
) -> None:
    crowd(acme, 120)
    assert [len(emails(f"?page={number}")) for number in (1, 2, 3)] == [50, 50, 21]
    assert not set(emails("?page=1")) & set(emails("?page=2"))
    page = signed_in(admin).get(f"{TEAM}?page=3&role=").content.decode()
    assert "101–121 of 121" in page
    assert 'href="/settings/team/?page=2&amp;role="' in page


@pytest.mark.parametrize("number", ["0", "-1", "x", "4", "9" * 5000, "²", ""])
def test_a_page_that_is_not_there_is_the_first_or_last_one(
    acme: Organization, emails: Callable[[str], list[str]], number: str
) -> None:
    crowd(acme, 120)
    assert len(emails(f"?page={number}")) in (50, 21)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=agnes", ["agnes@acme.example"]),
        ("?q=AGENT+agn", ["agnes@acme.example"]),
        ("?q=sam%40", ["sam@acme.example"]),
        ("?q=agnes+owner", []),
        ("?q=%25", []),
        ("?q=_", []),
        ("?role=supervisor", ["sam@acme.example"]),
        ("?role=agent&state=active", ["agnes@acme.example"]),
        ("?state=deactivated", ["sam@acme.example"]),
        ("?sso=used", ["agnes@acme.example"]),
        ("?sso=not_yet&state=active", ["adam@acme.example", "olivia@acme.example"]),
    ],
)
def test_people_are_found_by_name_email_role_status_and_single_sign_on(
    owner: User,
    admin: User,
    supervisor: User,
    agent: User,
    stranger: User,
    emails: Callable[[str], list[str]],
    query: str,
    found: list[str],
) -> None:
    User.objects.filter(pk=supervisor.pk).update(is_active=False)
    User.objects.filter(pk=agent.pk).update(last_sso_at=timezone.now())
    assert emails(query) == found


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["adam", "olivia", "agnes", "sam"]),
        ("name", ["adam", "agnes", "olivia", "sam"]),
        ("-name", ["sam", "olivia", "agnes", "adam"]),
        ("email", ["adam", "agnes", "olivia", "sam"]),
        ("-email", ["sam", "olivia", "agnes", "adam"]),
        ("role", ["olivia", "adam", "sam", "agnes"]),
        ("-role", ["agnes", "sam", "adam", "olivia"]),
        ("sso", ["olivia", "agnes", "adam", "sam"]),
        ("-sso", ["agnes", "olivia", "adam", "sam"]),
        ("nonsense", ["adam", "olivia", "agnes", "sam"]),
    ],
)
def test_people_are_sorted_by_a_column_either_way(
    owner: User,
    admin: User,
    supervisor: User,
    agent: User,
    emails: Callable[[str], list[str]],
    sort: str,
    names: list[str],
) -> None:
    now = timezone.now()
    User.objects.filter(pk__in=[supervisor.pk, agent.pk]).update(is_active=False)
    User.objects.filter(pk=agent.pk).update(last_sso_at=now - timedelta(days=1))
    User.objects.filter(pk=owner.pk).update(last_sso_at=now)
    assert [email.partition("@")[0] for email in emails(f"?sort={sort}")] == names


def test_a_heading_sorts_keeps_the_filters_and_says_how_the_list_is_sorted(
    admin: User, signed_in: SignedIn
) -> None:
    page = signed_in(admin).get(f"{TEAM}?q=adam&sort=email&page=1").content.decode()
    assert 'aria-sort="ascending"' in page
    assert 'href="/settings/team/?q=adam&amp;sort=-email"' in page
    assert 'href="/settings/team/?q=adam&amp;sort=name"' in page


def test_invitations_are_on_top_a_few_of_them_and_all_when_asked_for(
    acme: Organization, admin: User, signed_in: SignedIn
) -> None:
    crowd(acme, 60)
    invitations(acme, 60)
    client = signed_in(admin)
    page = client.get(TEAM).content.decode()
    assert page.index("guest0@") < page.index("person001@")
    assert page.count("/resend/") == 5
    assert "All 60 invitations" in page
    assert client.get(f"{TEAM}?page=2").content.decode().count("/resend/") == 0
    assert client.get(f"{TEAM}?state=active").content.decode().count("/resend/") == 0
    assert client.get(f"{TEAM}?q=guest59").content.decode().count("/resend/") == 1
    page = client.get(f"{TEAM}?state=invited").content.decode()
    assert page.count("/resend/") == 50
    assert "1–50 of 60" in page
    assert 'id="member-' not in page
    assert client.get(f"{TEAM}?state=invited&page=2").content.decode().count("/resend/") == 10


def test_a_search_that_finds_nobody_says_so(admin: User, signed_in: SignedIn) -> None:
    assert "Nobody matches this search." in signed_in(admin).get(f"{TEAM}?q=zzz").content.decode()


def test_what_cannot_be_searched_for_is_no_fault_of_ours(admin: User, signed_in: SignedIn) -> None:
    client = signed_in(admin)
    for query in ("?q=%00", "?q=" + "x" * 500, "?role=king&state=x&sso=x&sort=x", "?q=" + "a+" * 50):
        assert client.get(f"{TEAM}{query}").status_code == 200


def test_an_action_leads_back_to_the_list_as_it_was_at_its_person(
    admin: User, agent: User, signed_in: SignedIn
) -> None:
    client = signed_in(admin)
    query = "?q=agnes&page=1"
    for action, form in (
        ("role", {"role": "supervisor"}),
        ("end-sessions", {}),
        ("deactivate", {}),
        ("reactivate", {}),
        ("reset-sso-link", {}),
    ):
        answer = client.post(f"{TEAM}{agent.pk}/{action}/{query}", form)
        assert answer["Location"] == f"{TEAM}{query}#member-{agent.pk}"
    assert (
        f'href="{TEAM}?q=agnes&amp;page=1"'
        in client.get(f"{TEAM}{agent.pk}/deactivate/{query}").content.decode()
    )


def _statements(client: Client, query: str) -> int:
    with CaptureQueriesContext(database) as queries:
        assert client.get(f"{TEAM}{query}").status_code == 200
    return len(queries)


@pytest.mark.parametrize("query", ["", "?q=person&sort=-sso", "?state=invited", "?sso=used&role=agent"])
def test_a_page_costs_the_same_statements_for_ten_people_and_for_five_hundred(
    acme: Organization, admin: User, globex: Organization, stranger: User, signed_in: SignedIn, query: str
) -> None:
    crowd(acme, 10)
    invitations(acme, 3)
    crowd(globex, 500)
    invitations(globex, 300)
    few, many = (_statements(signed_in(user), query) for user in (admin, stranger))
    assert few == many <= 9


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(search="person"),
        Wanted(role="agent", sort="-sso"),
        Wanted(state="invited"),
        Wanted(sso="used"),
    ],
)
def test_a_page_reads_the_people_of_its_company_by_an_index_and_no_others(
    acme: Organization, globex: Organization, wanted: Wanted
) -> None:
    crowd(acme, 20)
    crowd(globex, 400)
    with CaptureQueriesContext(database) as queries:
        page = team_page(acme, wanted, "1")
        list(page.shown)
    plans = [_plan(query["sql"]) for query in queries]
    assert plans
    assert not [plan for plan in plans if "SCAN accounts_" in plan or "Seq Scan on accounts_" in plan]


def _plan(sql: str) -> str:
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN " if database.vendor == "sqlite" else "EXPLAIN "
        cursor.execute(explain + sql)
        return "\n".join(str(row) for row in cursor.fetchall())


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_five_hundred_people_fit_a_wide_and_a_narrow_page(
    acme: Organization, owner: User, look_at: LookAt
) -> None:
    crowd(acme, 500)
    invitations(acme, 7)

    look_at(owner, f"{TEAM}?q=person&page=2")
    look_at(owner, TEAM)
    look_at(owner, f"{TEAM}{acme.members.get(email='person003@acme.example').pk}/?q=person&page=2")


def test_a_member_has_a_page_with_what_can_be_done_which_leads_back_to_the_list(
    owner: User, admin: User, agent: User, stranger: User, signed_in: SignedIn
) -> None:
    client = signed_in(admin)
    query = "?q=acme&page=1"
    assert (
        f'href="{TEAM}{agent.pk}/?q=acme&amp;page=1">Agnes Agent'
        in client.get(f"{TEAM}{query}").content.decode()
    )

    def page_of(member: User) -> str:
        return client.get(f"{TEAM}{member.pk}/{query}").content.decode()

    page = page_of(agent)
    assert f'href="{TEAM}?q=acme&amp;page=1#member-{agent.pk}"' in page
    for action in ("role", "end-sessions", "deactivate"):
        assert f'"{TEAM}{agent.pk}/{action}/?q=acme&amp;page=1"' in page
    assert "/reset-sso-link/" not in page
    assert "/reactivate/" not in page
    User.objects.filter(pk=agent.pk).update(last_sso_at=timezone.now(), is_active=False)
    page = page_of(agent)
    assert "/reset-sso-link/" in page
    assert "/reactivate/" in page
    assert "/deactivate/" not in page
    # Nobody takes the role of the Owner or their own.
    for member in (owner, admin):
        assert "/role/" not in page_of(member)
        assert "/deactivate/" not in page_of(member)
    assert client.get(f"{TEAM}{stranger.pk}/").status_code == 404
    assert signed_in(agent).get(f"{TEAM}{admin.pk}/").status_code == 302
