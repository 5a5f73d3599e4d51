"""What arrives at an address that is not for it gets a page with a way on, and a line in the log."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.test import Client

from accounts.models import Throttle, User
from sso.models import SignInEvent
from sso.refusals import Refusal
from tests.cast import Arrivals, Newest, SignedIn
from tests.saml.messages import deflated


def test_the_acs_without_its_slash_takes_a_response(arrivals: Arrivals, agent: User) -> None:
    path = arrivals.acs_path.rstrip("/")
    assert Client().post(path, {"SAMLResponse": arrivals.of(agent.email)}).status_code == 303


def test_the_acs_without_its_slash_is_named_when_the_message_names_it(
    arrivals: Arrivals, agent: User, last_event: Newest, admin: User, signed_in: SignedIn
) -> None:
    without = arrivals.connection.acs_url.rstrip("/")
    message = arrivals.of(agent.email, destination=without, recipient=without)
    assert Client().post(arrivals.acs_path.rstrip("/"), {"SAMLResponse": message}).status_code == 403
    assert last_event().refusal == Refusal.WRONG_DESTINATION
    page = signed_in(admin).get(f"/settings/security/log/{last_event().reference}/").content.decode()
    assert "The slash at the end is missing." in page


def test_an_answer_at_the_acs_without_its_slash_brings_its_browsers_secret(
    arrivals: Arrivals, agent: User, last_event: Newest
) -> None:
    browser = Client()
    browser.get(f"/login/sso/{arrivals.connection.organization.slug}/")
    (cookie,) = (morsel for name, morsel in browser.cookies.items() if name.startswith("sso_"))
    # A path matches what it is the beginning of (RFC 6265 5.1.4): both spellings of the ACS.
    assert cookie["path"] == arrivals.acs_path.rstrip("/")


def test_a_reload_of_the_acs_shows_a_way_on_and_leaves_no_line(arrivals: Arrivals) -> None:
    response = Client().get(arrivals.acs_path)
    assert (response.status_code, response["Allow"]) == (405, "POST")
    page = response.content.decode()
    assert "Go to JustCall" in page
    assert f"/login/sso/{arrivals.connection.organization.slug}/" in page
    assert not SignInEvent.objects.exists()


def test_a_response_by_redirect_is_refused_and_told(arrivals: Arrivals, last_event: Newest) -> None:
    response = Client().get(arrivals.acs_path, {"SAMLResponse": deflated("<Response/>")})
    assert response.status_code == 403
    assert last_event().refusal == Refusal.NOT_BY_POST
    assert last_event().reference in response.content.decode()


@pytest.mark.parametrize("door", ["metadata/", "metadata"])
def test_a_response_posted_to_the_entity_id_says_where_it_belongs(
    door: str, arrivals: Arrivals, agent: User, admin: User, signed_in: SignedIn, last_event: Newest
) -> None:
    path = arrivals.acs_path.replace("acs/", door)
    response = Client(enforce_csrf_checks=True).post(path, {"SAMLResponse": arrivals.of(agent.email)})
    assert response.status_code == 403
    event = last_event()
    assert (event.refusal, event.organization) == (Refusal.WRONG_ADDRESS, arrivals.connection.organization)
    page = signed_in(admin).get(f"/settings/security/log/{event.reference}/").content.decode()
    assert arrivals.connection.acs_url in str(event.checks)
    assert "ACS URL must be" in page


def test_a_response_posted_to_a_login_address_tells_nobody_which_companies_exist(
    arrivals: Arrivals, agent: User, last_event: Newest
) -> None:
    browser = Client(enforce_csrf_checks=True)
    pages = []
    for slug, organization in (("acme", arrivals.connection.organization), ("nobody", None)):
        response = browser.post(f"/login/sso/{slug}/", {"SAMLResponse": arrivals.of(agent.email)})
        assert response.status_code == 403
        event = last_event()
        assert (event.refusal, event.organization) == (Refusal.WRONG_ADDRESS, organization)
        pages.append(response.content.decode().replace(event.reference, "").replace("\n", ""))
    assert len({page[: page.index("<time")] for page in pages}) == 1


def test_a_response_posted_to_the_sso_page_is_recognised_and_a_form_still_needs_its_token(
    arrivals: Arrivals, agent: User, last_event: Newest
) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post("/login/sso/", {"SAMLResponse": arrivals.of(agent.email)}).status_code == 403
    assert last_event().refusal == Refusal.WRONG_ADDRESS
    assert browser.post("/login/sso/", {"email": agent.email}).status_code == 403
    assert SignInEvent.objects.count() == 1


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Mode": "no-cors"}, {"Sec-Fetch-Dest": "image"}, {"Sec-Fetch-Dest": "iframe"}]
)
def test_a_start_that_is_no_navigation_gives_no_cookie(headers: dict[str, str], arrivals: Arrivals) -> None:
    path = f"/login/sso/{arrivals.connection.organization.slug}/"
    response = Client().get(path, headers=headers)
    assert response.status_code == 403
    assert not response.cookies
    went = Client().get(path, headers={"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"})
    assert went.status_code == 302


class TestTheSameResponseAgain:
    def test_it_leads_on_whoever_it_has_signed_in(self, arrivals: Arrivals, agent: User) -> None:
        browser, message = Client(), arrivals.of(agent.email)
        assert arrivals.post(message, browser).status_code == 303
        key = browser.session.session_key
        again = arrivals.post(message, browser)
        assert again.status_code == 403
        way = again.content.decode().partition('content="0; url=')[2].partition('"')[0]
        assert way.startswith("/login/sso/again/SSO-")
        assert browser.get(way)["Location"] == "/"
        assert browser.session.session_key == key

    def test_anybody_else_is_told_to_start_again(
        self, arrivals: Arrivals, agent: User, admin: User, signed_in: SignedIn
    ) -> None:
        message = arrivals.of(agent.email)
        arrivals.post(message)
        page = arrivals.post(message).content.decode()
        way = page.partition('content="0; url=')[2].partition('"')[0]
        for browser in (Client(), signed_in(admin)):
            shown = browser.get(way)
            assert shown.status_code == 403
            assert "Start again." in shown.content.decode()
            assert "http-equiv" not in shown.content.decode()
        assert Client().get("/login/sso/again/SSO-22222222/").status_code == 404


def test_two_thousand_posts_of_junk_leave_a_handful_of_events(arrivals: Arrivals, last_event: Newest) -> None:
    answers = {arrivals.post("junk").status_code for _ in range(60)}
    assert answers == {403}
    assert SignInEvent.objects.count() == 20
    assert last_event().repeated == 40


def test_an_honest_refusal_is_written_down_however_much_junk_came_before(
    arrivals: Arrivals, agent: User, last_event: Newest
) -> None:
    for _ in range(25):
        arrivals.post("junk")
    arrivals.post(arrivals.of(agent.email, audiences=("https://wrong.example/",)))
    assert last_event().refusal == Refusal.WRONG_AUDIENCE
    browser = Client()
    arrivals.ask(browser)
    arrivals.post("junk", browser)
    assert last_event().requested_at is not None
    assert SignInEvent.objects.count() == 22


def test_copies_of_one_response_are_counted_too(arrivals: Arrivals, agent: User, last_event: Newest) -> None:
    message = arrivals.of(agent.email)
    for _ in range(31):
        arrivals.post(message)
    assert SignInEvent.objects.count() == 21
    assert (last_event().refusal, last_event().repeated) == (Refusal.REPLAYED, 10)


@pytest.mark.parametrize("path", ["/login/sso/", "/login/sso/acme/", "/login/sso/nobody/"])
def test_responses_at_a_login_address_have_a_limit_and_no_reference_comes_twice(
    path: str, arrivals: Arrivals
) -> None:
    answers = [Client().post(path, {"SAMLResponse": "junk"}) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [403] * 30 + [429]
    assert SignInEvent.objects.count() == 30
    assert all(event.repeated is None for event in SignInEvent.objects.all())


@pytest.mark.parametrize("door", ["metadata/", "metadata"])
def test_a_post_without_a_response_is_no_way_to_the_metadata(door: str, arrivals: Arrivals) -> None:
    answer = Client().post(arrivals.acs_path.replace("acs/", door), {"email": "x"})
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert not SignInEvent.objects.exists()


@pytest.mark.parametrize("slug", ["acme", "nobody"])
def test_a_post_without_a_response_starts_nothing_at_a_login_address(slug: str, arrivals: Arrivals) -> None:
    answer = Client().post(f"/login/sso/{slug}/", {"email": "x"})
    assert (answer.status_code, answer["Allow"]) == (405, "GET")
    assert not SignInEvent.objects.exists()


@pytest.mark.parametrize("door", ["metadata/", "metadata", "login"])
def test_a_post_from_another_site_changes_nothing_but_one_event(
    door: str, arrivals: Arrivals, agent: User, signed_in: SignedIn
) -> None:
    # These doors take posts without the token of our pages.
    path = "/login/sso/acme/" if door == "login" else arrivals.acs_path.replace("acs/", door)
    browser = signed_in(agent)
    before = everything_but_events()
    answer = browser.post(
        path, {"SAMLResponse": arrivals.of(agent.email)}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert not answer.cookies
    assert everything_but_events() == before
    assert SignInEvent.objects.count() == 1


def everything_but_events() -> dict[str, list[tuple[object, ...]]]:
    return {
        model._meta.label: sorted(model._default_manager.values_list(), key=repr)
        for model in apps.get_models()
        if model not in (SignInEvent, Throttle)
    }


def test_a_reference_never_leads_to_an_attempt_of_another_kind_or_person(
    arrivals: Arrivals, agent: User, admin: User, signed_in: SignedIn
) -> None:
    messages = {user.email: arrivals.of(user.email) for user in (agent, admin)}
    for message in messages.values():
        arrivals.post(message)
    for _ in range(25):
        arrivals.post("junk")
        for message in messages.values():
            arrivals.post(message)
    kinds = [(Refusal.NOT_A_RESPONSE, ""), *((Refusal.REPLAYED, email) for email in messages)]
    for refusal, email in kinds:
        events = SignInEvent.objects.filter(refusal=refusal, email=email).order_by("pk")
        assert [event.repeated for event in events] == [0] * 19 + [5]
    page = signed_in(admin).get(f"/settings/security/log/{events[19].reference}/").content.decode()
    assert "5 more attempts like this one" in page
