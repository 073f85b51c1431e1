"""Registered plans: what counts, what is refused, what is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from social_evidence.app.evaluate_plan import (
    check_registration,
    from_text,
    registration_of,
    standing_of,
    to_text,
)
from social_evidence.errors import DefinitionError, StoreError
from social_evidence.synthetic.evaluation_designs import INITIATIVE, Design, catalogue_of

CATALOGUE = catalogue_of(Design())
FIRST = registration_of(CATALOGUE, INITIATIVE, date(2025, 1, 10))


def test_a_registration_holds_the_text_and_its_digest() -> None:
    assert FIRST.text == CATALOGUE.files[f"evaluation_plans/{INITIATIVE}.toml"]
    assert len(FIRST.digest) == 64
    assert from_text(to_text(FIRST)) == FIRST


def test_the_same_words_are_registered_once() -> None:
    assert check_registration(FIRST, [])
    assert not check_registration(replace(FIRST, registered_on="2026-01-01"), [FIRST])


def test_what_is_registered_is_never_rewritten() -> None:
    other = replace(FIRST, digest="0" * 64)
    with pytest.raises(StoreError, match="never rewritten"):
        check_registration(other, [FIRST])
    assert check_registration(replace(other, version=2), [FIRST])


def test_an_initiative_without_a_plan_has_nothing_to_register() -> None:
    with pytest.raises(DefinitionError, match="no evaluation plan"):
        registration_of(CATALOGUE, "other", date(2025, 1, 10))


def test_the_first_registration_in_time_counts() -> None:
    later = replace(FIRST, registered_on="2025-06-01", version=2)
    standing = standing_of(CATALOGUE, INITIATIVE, [later, FIRST])
    assert standing.registration == FIRST
    assert standing.is_before_results
    assert standing.departures == ()


def test_moving_the_last_day_mends_no_late_registration() -> None:
    late = replace(FIRST, registered_on="2026-09-01")
    plan = CATALOGUE.evaluation_plans[INITIATIVE]
    moved = replace(
        CATALOGUE, evaluation_plans={INITIATIVE: replace(plan, answers_until="2026-12-31")}
    )
    standing = standing_of(moved, INITIATIVE, [late])
    assert not standing.is_before_results
    assert [one.kind for one in standing.departures] == ["registered_late"]


def test_a_broken_text_is_told() -> None:
    with pytest.raises(StoreError, match="no registration"):
        from_text("{}")
