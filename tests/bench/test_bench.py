"""What the benchmark's figures rest on. Nothing here takes the time of anything."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection as database

from accounts.models import Organization, User
from sso.models import Connection, LinkedIdentity, SignInEvent
from sso.saml.envelope import decode
from sso.saml.examination import examine
from sso.saml.types import UNSOLICITED
from tests.bench.databases import Database
from tests.bench.figures import Figures, Round, interleaved, part_of, summary
from tests.bench.filling import fill
from tests.bench.goals import Goal
from tests.bench.messages import Addressee, Signer
from tests.bench.run import Run
from tests.bench.sizes import Sizes
from tests.saml.messages import IdentityProvider


def test_a_part_of_all_values_is_the_one_of_that_rank() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert [part_of(values, part) for part in (0.5, 0.95, 0.99, 1)] == [50, 95, 99, 100]
    assert part_of([7.0], 0.01) == 7


def test_a_summary_is_of_rounds_and_its_extremes_of_all_answers() -> None:
    usual = Round((0.01, 0.02, 0.03), elapsed=0.06, cpu=0.03)
    slow = Round((0.1, 0.2, 3.0), elapsed=3.3, cpu=0.3)
    found = summary([usual, usual, slow])
    assert found == pytest.approx({"ms": 20, "p95": 3000, "p99": 3000, "cpu": 10, "per_second": 50})


def test_each_round_begins_with_another_contestant() -> None:
    assert [name for _number, name in interleaved(["a", "b"], 3)] == ["a", "b", "b", "a", "a", "b"]


def test_a_goal_that_was_not_measured_is_neither_met_nor_missed() -> None:
    goal = Goal("anything", lambda kept: kept["pages"]["one"]["two"]["ms"], 1)
    assert goal.found({"pages": {}}) is None
    assert goal.found({"pages": {"one": {"two": {"ms": 3.0}}}}) == 3


def test_figures_are_kept_from_one_run_to_the_next(tmp_path: Path) -> None:
    figures = Figures(tmp_path / "new" / "figures.json")
    figures.begin("validation", {"commit": "abc"})
    figures.add("validation", "one", "ours", {"ms": 1.23456})
    figures.write()
    again = Figures(figures.path)
    assert (again.about, again.parts["validation"]["one"]["ours"]) == ({"commit": "abc"}, {"ms": 1.235})


def test_a_response_of_the_benchmark_is_one_that_both_locks_accept() -> None:
    idp = IdentityProvider()
    to = Addressee("https://sp.example/acs/", "https://sp.example/metadata/")
    config = idp.config(acs_url=to.acs_url, entity_id=to.entity_id)
    responses = {Signer(idp).response(to, "nora@acme.example") for _ in range(2)}
    assert len(responses) == 2
    for response in responses:
        acceptance = examine(decode(response), config, UNSOLICITED, datetime.now(UTC)).acceptance
        assert acceptance is not None and acceptance.identity.email == "nora@acme.example"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(database.vendor != "postgresql", reason="PostgreSQL makes the rows")
def test_filling_spreads_members_and_events_over_all_companies(agent: User, connection: Connection) -> None:
    run = Run(Figures(Path("none")), quick=True, rounds=1, sizes=Sizes(4, 8, 12), events=0)
    url = settings.DATABASE_URL.rpartition("/")[0] + f"/{database.settings_dict['NAME']}"
    fill(Database("PostgreSQL", url), run.sizes, run)
    filled = Organization.objects.filter(slug__startswith="company-")
    assert [one.members.count() for one in filled] == [2] * 4
    assert [one.sign_in_events.count() for one in filled] == [3] * 4
    assert [one.domains.count() for one in filled] == [1] * 4
    links = LinkedIdentity.objects.filter(connection__organization__in=filled).select_related("user")
    assert len(links) == 8
    for link in links:
        assert (link.user.email, link.user.organization_id) == (link.name_id, link.connection.organization_id)
    for event in SignInEvent.objects.all():
        assert event.user is not None and event.user.organization_id == event.organization_id
    assert not User.objects.filter(organization__in=filled, email="").exists()
