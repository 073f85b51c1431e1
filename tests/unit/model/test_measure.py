"""Measures: which breakdown of a crossing is set against its reference."""

from __future__ import annotations

import pytest

from social_evidence.errors import DefinitionError
from social_evidence.model.measure import Measure, Series


def _measure(vary):
    return Measure(
        id="gap",
        version=1,
        title="A gap",
        domain="equality",
        theme="Work",
        rationale="Why.",
        direction="lower_is_better",
        unit="share",
        statistic="proportion",
        series=(Series(source="survey"),),
        breakdowns=("sex", "ethnic_group*sex", "disability*sex", "age_band*sex"),
        gap=True,
        vary=vary,
    )


def test_a_single_breakdown_varies_whatever_the_crossings_do():
    assert _measure("ethnic_group").varied(("sex",)) == "sex"


def test_of_several_that_vary_each_crossing_takes_the_first_it_has():
    measure = _measure("ethnic_group disability")
    assert measure.varied(("ethnic_group", "sex")) == "ethnic_group"
    assert measure.varied(("disability", "sex")) == "disability"
    assert _measure("sex disability").varied(("disability", "sex")) == "sex"


def test_a_crossing_of_others_has_no_gaps():
    assert _measure("ethnic_group disability").varied(("age_band", "sex")) == ""
    assert _measure("").varied(("ethnic_group", "sex")) == ""


def test_one_that_stands_in_no_crossing_is_refused():
    with pytest.raises(DefinitionError, match="tenure"):
        _measure("ethnic_group tenure")
