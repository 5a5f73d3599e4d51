"""Every code is complete: a text, a cure in every guide, a place in the documents, and a sign-in that meets it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from sso.guides import GUIDES, fix_for
from sso.refusals import CATALOGUE, EmployeeClass, Refusal
from tests.causes.provoking import CAUSES
from tests.causes.scene import Scene, new_scene
from tests.causes.telling import Told, tell, text_of

ROOT = Path(__file__).resolve().parents[2]
VAGUE = {"", "error", "invalid", "failed", "unknown", "refused"}


@pytest.fixture
def told(db: None, refusal: Refusal) -> Told:
    return tell(refusal)


@pytest.mark.parametrize("refusal", Refusal)
def test_a_code_has_a_text_a_cure_in_every_guide_an_anchor_and_a_way_to_provoke_it(refusal: Refusal) -> None:
    entry = CATALOGUE[refusal]
    assert entry.title
    assert entry.sentence.endswith(".")
    assert entry.employee_class.sentence.endswith(".")
    assert entry.check.label
    assert refusal in CAUSES
    for guide in GUIDES.values():
        assert guide.fix_for(refusal).instruction.endswith(".")
    path, _, anchor = refusal.help.partition("#")
    assert f'<a id="{anchor}"></a>' in (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("refusal", Refusal)
def test_everybody_is_told_their_part_of_a_cause(refusal: Refusal, told: Told) -> None:
    _the_log_names_it(refusal, told)
    _the_person_is_told_the_class_and_nothing_else(refusal, told)
    _the_test_page_names_it(refusal, told)
    _the_operator_is_told_the_same_by_the_reference(refusal, told)


def _the_log_names_it(refusal: Refusal, told: Told) -> None:
    entry = CATALOGUE[refusal]
    facts = told.log_facts
    if told.event is not None:
        assert told.event.refusal == ("" if entry.is_warning else refusal.value)
        assert facts["outcome"] == ("warning" if entry.is_warning else "failed")
        assert facts["check"] == entry.check
        assert facts["expected"].lower() not in VAGUE
        assert facts["received"].lower() not in VAGUE
    if not told.log.startswith("["):
        fix = fix_for("onelogin", refusal, told.received)
        shown = [
            entry.title,
            entry.sentence,
            *facts.get("expected", "").split("\n"),
            fix.menu_path,
            fix.instruction,
        ]
        assert [text for text in shown if " ".join(text.split()) not in told.log] == []


def _the_person_is_told_the_class_and_nothing_else(refusal: Refusal, told: Told) -> None:
    entry = CATALOGUE[refusal]
    if told.employee.startswith("["):
        return
    assert told.status == {EmployeeClass.OURS: 500, EmployeeClass.NEUTRAL: 200}.get(entry.employee_class, 403)
    assert entry.employee_class.sentence in told.employee
    assert told.event is not None
    assert told.event.reference in told.employee
    facts = told.log_facts
    fix = fix_for("onelogin", refusal)
    secrets = [entry.title, entry.sentence, fix.instruction, facts["expected"], facts["received"]]
    # The word stands there anyway: the message to the admin may go by email.
    assert [secret for secret in secrets if secret in told.employee and secret != "email"] == []


def _the_test_page_names_it(refusal: Refusal, told: Told) -> None:
    if told.test.startswith("["):
        assert CAUSES[refusal].untested
        return
    assert CATALOGUE[refusal].title in told.test_row
    if CAUSES[refusal].message is not None:
        fix = fix_for("onelogin", refusal, told.received)
        assert CATALOGUE[refusal].sentence in told.test_row
        assert fix.instruction in told.test_row


def _the_operator_is_told_the_same_by_the_reference(refusal: Refusal, told: Told) -> None:
    if told.event is None:
        assert told.explain.startswith("[")
        return
    fix = fix_for("onelogin", refusal, told.received)
    for text in (CATALOGUE[refusal].title, fix.instruction):
        assert text in told.explain


@pytest.mark.parametrize("refusal", Refusal)
def test_it_appears_on_the_troubleshooting_page(db: None, refusal: Refusal) -> None:
    """The page groups the failures of the last week; a warning is no failure, and an unknown company has no page."""
    page = reverse("sso_troubleshoot")
    cause, scene = CAUSES[refusal], new_scene()
    if CATALOGUE[refusal].is_warning or cause.start is not None:
        return
    _provoke(scene, refusal)
    client = Client()
    client.force_login(scene.admin)
    assert CATALOGUE[refusal].title in text_of(client.get(page).content.decode())


def _provoke(scene: Scene, refusal: Refusal) -> None:
    cause = CAUSES[refusal]
    if cause.before is not None:
        cause.before(scene)
    if cause.message is not None:
        scene.browser.raise_request_exception = False
        scene.arrivals.post(cause.message(scene), scene.browser)
