"""Every page there is, in a browser, wide and narrow, light and dark: axe finds nothing and nothing sticks out.

The pages are those of the URLconf, so a new one is looked at by itself; and those of the OneLogin stand-in.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page

from accounts.models import Organization, User
from tests.cast import Arrivals, SignedIn, connect
from tests.hostile.routes import GUARDED, PUBLIC, ROUTES, Route
from tests.standin_process import StandIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOKS = [("light", 1280), ("dark", 390)]
# They send people on to other sites.
_LEAVES = {"sso_start_at"}


@pytest.fixture
def company(acme: Organization, owner: User, agent: User) -> Organization:
    """Acme with single sign-on on, somebody who is in and somebody who was refused."""
    arrivals = Arrivals(connect(acme))
    arrivals.post(arrivals.of(agent.email))
    arrivals.post(arrivals.of("nora@acme.example", audiences=("https://wrong.example/",)))
    return acme


def _is_page(client: Client, path: str) -> bool:
    response = client.get(path)
    return response.status_code == 200 and response["Content-Type"].startswith("text/html")


def _look_at(page: Page, path: str, axe: Callable[[Page], None]) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, path
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} sticks out"
    assert page.locator("h1").count() == 1, path
    assert page.title(), path


@pytest.mark.parametrize(("color_scheme", "width"), LOOKS)
def test_every_page_of_justcall(
    color_scheme: str,
    width: int,
    company: Organization,
    owner: User,
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
    signed_in: SignedIn,
) -> None:
    def walk(routes: list[Route], client: Client, page: Page) -> int:
        paths = [route.path(company) for route in routes if route.name not in _LEAVES]
        pages = [path for path in paths if _is_page(client, path)]
        for path in pages:
            _look_at(page, path, axe)
        return len(pages)

    inside = walk(GUARDED, signed_in(owner), new_page(color_scheme, width, user=owner))
    public = [route for route in ROUTES if route.name in PUBLIC]
    outside = walk(public, Client(), new_page(color_scheme, width))
    assert inside >= 12
    assert outside >= 5


@pytest.mark.parametrize(("color_scheme", "width"), LOOKS)
def test_every_page_of_the_stand_in(
    color_scheme: str,
    width: int,
    stand_in: StandIn,
    new_page: Callable[..., Page],
    axe: Callable[[Page], None],
) -> None:
    app = stand_in.create_app(acs_url="http://localhost/acs/", audience="http://localhost/metadata/")
    page = new_page(color_scheme, width)
    tabs = ["info", "configuration", "parameters", "sso", "access", "users", "certificate", "parameters/add"]
    for path in [
        "login/",
        "admin/",
        "admin/apps/add/",
        "admin/apps/add/?connector=1",
        *[f"admin/apps/{app.id}/{tab}/" for tab in tabs],
        "admin/users/",
        "admin/users/new/",
    ]:
        _look_at(page, f"{stand_in.url}/{path}", axe)
    page.goto(f"{stand_in.url}/login/")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in as agnes@acme.example").click()
    axe(page)
