"""The quality report counts what is asked, available, shown and hidden, and what was checked."""

from __future__ import annotations

from datetime import date

import pytest

from social_evidence.app.quality import coverage, quality_json
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.estimate import Estimate
from social_evidence.model.measure import Example, Measure, Series
from social_evidence.model.provenance import AdditionCheck, HiddenCells, Quality
from social_evidence.model.source import Source


def row(**changed: object) -> Estimate:
    given: dict[str, object] = {
        "measure": "trust",
        "series": "survey",
        "period": "2024",
        "area": "X1",
        "statistic": "proportion",
        "period_start": date(2024, 1, 1),
        "period_end": date(2024, 12, 31),
        "unit": "share",
        "method": "survey",
        "source": "survey",
        "estimate": 0.5,
        "reliability": "A",
    }
    return Estimate(**{**given, **changed})  # type: ignore[arg-type]


def hidden(status: str, **changed: object) -> Estimate:
    return row(status=status, estimate=None, reliability=None, **changed)


ROWS = [
    row(),
    row(area="X2", reliability="B", status="low_base"),
    row(breakdown="sex", group="female", reliability=None),
    hidden("protected", breakdown="sex", group="male"),
    hidden("not_applicable", breakdown="sex", group="unknown"),
    hidden("not_asked", breakdown="sex", group="female", area="X2"),
    hidden("not_available", breakdown="sex", group="male", area="X2"),
    row(breakdown="sex", group="female", statistic="difference", reliability="D"),
]
MEASURE = Measure(
    id="trust",
    version=1,
    title="Trust",
    domain="relationships",
    theme="t",
    rationale="r",
    direction="neutral",
    unit="share",
    statistic="proportion",
    series=(Series(source="survey", id="survey"),),
    breakdowns=("sex", "age"),
    examples=(Example(answers={"q": "yes"}, falls="numerator"),),
)


@pytest.fixture(scope="module")
def report() -> dict[str, object]:
    survey = Source(
        id="survey", kind="microdata", title="A survey", publisher="p", licence="l",
        how_to_get="h", files=(), breaks=("New questions in 2020.",),
    )  # fmt: skip
    noticed = Quality(
        additions=(
            AdditionCheck(
                source="s",
                quantity="q",
                period="2024",
                area="X1",
                areas_below=2,
                printed=3,
                added=4,
            ),
        ),
        hidden=(
            HiddenCells(
                measure="trust", part="all", series="survey", cells=4, hidden=1, audited=1, width=7
            ),
        ),
    )
    catalogue = Catalogue(title="t", measures={"trust": MEASURE}, sources={"survey": survey})
    return quality_json(catalogue, [MEASURE], ROWS, noticed)


def test_a_cell_is_asked_available_and_shown_in_turn() -> None:
    cells = [one for one in ROWS if one.statistic != "difference"]
    found = {one["breakdown"]: one for one in coverage(cells, ("breakdown",))}
    sex = found["sex"]
    assert (sex["cells"], sex["asked"], sex["available"], sex["shown"]) == (5, 4, 2, 1)
    assert (sex["areas"], sex["areas_shown"]) == (2, 1)
    assert sex["statuses"] == {
        "shown": 1, "protected": 1, "not_asked": 1, "not_available": 1, "not_applicable": 1
    }  # fmt: skip


def test_the_hidden_share_is_of_cells_that_could_be_shown(report) -> None:
    assert report["statuses"]["all"]["protected_share"] == 0.25
    assert report["statuses"]["by_measure"][0]["measure"] == "trust"
    assert report["statuses"]["by_source"][0]["shown"] == 3


def test_letters_are_counted_of_figures_that_are_shown(report) -> None:
    assert report["reliability"]["all"] == {"A": 1, "B": 1, "C": 0, "D": 1, "none": 1}


def test_a_promised_breakdown_without_a_row_is_named(report) -> None:
    assert report["without_figures"] == [{"measure": "trust", "breakdown": "age"}]


def test_sources_have_their_days_and_breaks(report) -> None:
    (source,) = report["sources"]
    assert (source["first_day"], source["last_day"]) == ("2024-01-01", "2024-12-31")
    assert source["periods"] == ["2024"]
    assert source["breaks"] == ["New questions in 2020."]


def test_checks_say_what_they_looked_at_and_what_failed(report) -> None:
    found = {one["check"]: (one["looked_at"], one["failed"]) for one in report["checks"]}
    assert found["example_respondents"] == (1, 0)
    assert found["printed_sums"] == (1, 1)
    assert found["disclosure_audit"] == (1, 0)


def test_what_was_there_before_stays(report) -> None:
    kept = {"files", "additions", "published", "pools", "lost", "hidden"}
    assert kept <= set(report)
    assert report["additions"][0]["agrees"] is False
