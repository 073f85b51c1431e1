"""London's catalogue on real published files: every printed figure they hold is met."""

from __future__ import annotations

from collections import Counter

import pytest

from social_evidence.app.build import build
from social_evidence.app.packaged import catalogue_folders
from social_evidence.app.verify import verify

MEASURES = (
    *("early_education_uptake", "employment_gap", "gcse_attainment", "life_satisfaction"),
    *("police_treat_fairly", "volunteering"),
)


@pytest.fixture(scope="module")
def checks(data_root, tmp_path_factory):
    out = tmp_path_factory.mktemp("real")
    build(catalogue_folders(None), [data_root], out, measures=MEASURES, allow_missing=True)
    return verify(out, measures=MEASURES).checks


def test_no_figure_differs_and_one_that_lacks_names_its_missing_file(checks):
    assert {check.verdict for check in checks} == {"within_rounding", "not_in_release"}
    for check in checks:
        if check.verdict == "not_in_release":
            assert "missing when it was built" in check.why, check
        assert not check.synthetic


def test_every_figure_of_open_files_is_met(checks):
    met = Counter(check.measure for check in checks if check.agrees)
    assert met == {
        "early_education_uptake": 17,
        "employment_gap": 96,
        "gcse_attainment": 3,
        "life_satisfaction": 3,
        "police_treat_fairly": 2,
        "volunteering": 32,
    }


def test_the_strategys_uptake_and_its_spread_over_boroughs_are_met(checks):
    strategys = [
        check
        for check in checks
        if check.measure == "early_education_uptake" and "All of Us" in check.reference
    ]
    assert [(check.ours, check.verdict) for check in strategys] == [
        (0.58, "within_rounding"),
        (0.71, "within_rounding"),
        (pytest.approx(0.51), "within_rounding"),
    ]
