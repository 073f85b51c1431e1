"""Both rates behind a gap, joined by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

from social_evidence.model.estimate import Estimate
from social_evidence.site.drawings import gaps
from social_evidence.site.figures import Verdict, tell
from social_evidence.site.measure_model import GapPair, Line

ROW = Estimate(
    measure="employment_gap",
    series="aps",
    period="2023",
    area="E12000007",
    breakdown="disability",
    group="not_disabled",
    statistic="proportion",
    period_start=date(2023, 1, 1),
    period_end=date(2023, 12, 31),
    unit="share",
    estimate=0.797,
    lower=0.769,
    upper=0.823,
    level=0.95,
    interval_method="logit",
    base=1038,
    method="survey",
    variance_basis="assumed_deff",
    source="aps",
    reliability="B",
)
OF_GROUP = replace(ROW, group="disabled", estimate=0.56, lower=0.469, upper=0.647, base=145)
GAP = replace(OF_GROUP, statistic="difference", estimate=0.238, lower=0.144, upper=0.331, base=None)


def model(code: str = "lower") -> SimpleNamespace:
    verdict = Verdict(code=code, word="Lower", size="", is_counted=False)
    pair = GapPair(
        heading="Disability",
        reference=Line(label="Not disabled", told=tell(ROW)),
        group=Line(label="Disabled", told=tell(OF_GROUP)),
        gap=tell(GAP),
        verdict=verdict,
    )
    return SimpleNamespace(caption="Gaps in work", period="2023", gap=(pair,))


def test_both_rates_are_named_by_their_groups_and_the_gap_has_its_range() -> None:
    (drawn,) = gaps(model(), "London", "Synthetic.").figures
    html = drawn.__html__()
    for words in ("Not disabled 80%", "Disabled 56%", "24 points", "(14 to 34)", "Synthetic."):
        assert words in html
    assert "Before" not in html
    assert "The other group, clearly different" in html
    assert drawn.chart.description == (
        "Disability: Not disabled 80% (76 to 83), Disabled 56% (46 to 65).",
    )


def test_a_gap_that_is_not_clear_is_drawn_open() -> None:
    (drawn,) = gaps(model("no_clear_difference"), "London", "").figures
    assert "after_unclear" in drawn.chart.key
    assert "after_clear" not in drawn.chart.key


def test_a_measure_without_gaps_has_no_such_drawing() -> None:
    assert not gaps(SimpleNamespace(gap=(), caption="", period=""), "London", "")
