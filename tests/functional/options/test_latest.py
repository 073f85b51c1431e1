"""Only the last waves of each series: older files are neither read nor missed."""

from __future__ import annotations

import pytest

from social_evidence.errors import DataError


def periods(rows, **wanted):
    return {row["period"] for row in rows if all(row[k] == v for k, v in wanted.items())}


def test_each_series_has_its_own_last_waves(town):
    made = town()
    path = made.catalogue / "measures/satisfaction.toml"
    text = path.read_text(encoding="utf-8") + 'periods = ["2017", "2018"]\n'
    path.write_text(text, encoding="utf-8")
    rows = made.rows(latest=1)

    assert periods(rows, measure="belonging") == {"2020"}
    assert periods(rows, measure="satisfaction") == {"2018"}
    assert periods(rows, measure="event_rate") == {"2020"}


def test_files_of_older_waves_are_not_needed(town):
    made = town()
    for name in ("survey_2017", "survey_2018", "register_2018"):
        (made.sources / f"{name}.csv").unlink()

    assert periods(made.rows(latest=2), measure="belonging") == {"2019", "2020"}


def test_files_of_the_latest_waves_are(town):
    made = town()
    (made.sources / "survey_2019.csv").unlink()

    with pytest.raises(DataError, match=r"survey_2019\.csv"):
        made.build(latest=2)


def test_the_latest_figures_are_those_of_a_whole_build(town):
    made = town()
    numbers = ("measure", "period", "area", "breakdown", "group", "statistic", "estimate", "base")
    whole = {tuple(row[n] for n in numbers) for row in made.rows()}

    assert {tuple(row[n] for n in numbers) for row in made.rows(latest=2)} < whole


def test_pools_are_made_of_what_is_there(town):
    rows = town(more='[pool]\nwaves = 2\nareas = ["borough"]\n').rows(latest=3)

    assert periods(rows, measure="belonging", area="N") == {"p2019-2020"}
    assert periods(rows, measure="belonging", area="T") == {"2018", "2019", "2020"}
