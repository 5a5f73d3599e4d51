"""The catalogue of refusals: one row for each code, with every column decided."""

from __future__ import annotations

from dataclasses import fields

import pytest

from sso.refusals import CATALOGUE, Check, Compared, EmployeeClass, Entry, Mailed, Refusal, Retry


def test_every_code_has_its_row_and_the_rows_stand_in_the_order_of_the_codes() -> None:
    assert list(CATALOGUE) == list(Refusal)


@pytest.mark.parametrize("column", [field.name for field in fields(Entry)])
def test_a_row_without_one_of_its_columns_can_not_be_written(column: str) -> None:
    row = CATALOGUE[Refusal.WRONG_AUDIENCE]
    columns = {field.name: getattr(row, field.name) for field in fields(Entry)}
    assert Entry(**columns) == row
    del columns[column]
    with pytest.raises(TypeError, match=column):
        Entry(**columns)


@pytest.mark.parametrize("refusal", Refusal)
def test_the_columns_of_a_row_agree_with_each_other(refusal: Refusal) -> None:
    row = CATALOGUE[refusal]
    if row.is_warning:
        assert row.mailed is Mailed.NEVER
    if row.employee_class is EmployeeClass.RETRY:
        assert row.retry is Retry.HELPS
    if row.mailed is Mailed.EVEN_UNSIGNED:
        encryption = (Refusal.UNKNOWN_ENCRYPTION, Refusal.CANNOT_DECRYPT)
        assert row.check in (Check.SIGNATURE, Check.CERTIFICATE) or refusal in encryption
    if row.compared is Compared.TO_THE_LETTER:
        assert row.check in (Check.ISSUER, Check.AUDIENCE, Check.DESTINATION, Check.RECIPIENT)


def test_no_two_causes_are_told_in_the_same_words() -> None:
    assert len({entry.title for entry in CATALOGUE.values()}) == len(Refusal)
    assert len({entry.sentence for entry in CATALOGUE.values()}) == len(Refusal)


def test_only_these_are_never_more_than_a_warning() -> None:
    warnings = {refusal for refusal, row in CATALOGUE.items() if row.is_warning}
    assert warnings == {Refusal.CERTIFICATE_EXPIRED, Refusal.EMAIL_AS_NAME_ID, Refusal.NAMES_MISSING}
