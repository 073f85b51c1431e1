"""`social-evidence gaps`: the matrix of what is known, and why the rest is not."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest

from social_evidence.model.area import Area
from social_evidence.model.estimate import Estimate
from social_evidence.model.period import parse
from social_evidence.store.release import Draft, write_release

AREAS = [
    Area(code="T1", name="Town", kind="city"),
    Area(code="B1", name="North", kind="borough", parent="T1"),
    Area(code="B2", name="South", kind="borough", parent="T1"),
]


def row(period="2020", *, status="shown", **changed) -> Estimate:
    days = parse(period)
    return Estimate(
        **{
            "measure": "trusting",
            "part": "all",
            "series": "panel",
            "period": period,
            "area": "T1",
            "breakdown": "all",
            "group": "all",
            "statistic": "proportion",
            "period_start": days.start,
            "period_end": days.end,
            "unit": "share",
            "estimate": 0.5 if status in {"shown", "low_base"} else None,
            "base": 100 if status in {"shown", "low_base"} else None,
            "method": "survey",
            "variance_basis": "none",
            "source": "panel",
            "status": status,
            "flags": "",
            **changed,
        }
    )


@pytest.fixture
def told(run, town, tmp_path):
    """Write a release of some rows and ask for its gaps, as JSON rows unless otherwise asked."""

    def ask(*rows: Estimate, options: tuple[str, ...] = ("--json",)):
        files = {
            path.relative_to(town).as_posix(): path.read_text() for path in town.rglob("*.toml")
        }
        keys = {(r.measure, r.part, r.series, r.period) for r in rows}
        names = ("measure", "part", "series", "period")
        draft = Draft(
            title="A small town",
            created=date(2026, 11, 22),
            software_version="1",
            catalogue_digest="",
            estimates=rows,
            provenance=[dict(zip(names, key, strict=True)) for key in sorted(keys)],
            quality={},
            areas=AREAS,
            catalogue=files,
        )
        write_release(tmp_path, draft)
        return run("gaps", tmp_path, *options)

    return ask


def states(done, **wanted) -> dict[int, str]:
    rows = json.loads(done.stdout)["rows"]
    kept = [r for r in rows if all(r[name] == value for name, value in wanted.items())]
    return {row["year"]: row["state"] for row in kept}


@pytest.mark.parametrize(
    ("statuses", "state", "groups", "shown"),
    [
        (("shown", "low_base"), "available", 2, 2),
        (("shown", "not_asked"), "available", 1, 1),
        (("shown", "protected"), "partly", 2, 1),
        (("protected", "protected"), "too_few", 2, 0),
        (("protected", "not_asked"), "too_few", 1, 0),
        (("not_available", "not_asked"), "not_available", 1, 0),
        (("not_asked", "not_asked"), "not_asked", 0, 0),
        (("not_available", "not_available"), "not_available", 2, 0),
    ],
)
def test_a_cell_is_told_by_the_statuses_of_its_groups(told, statuses, state, groups, shown):
    rows = [row(breakdown="sex", group=f"g{n}", status=one) for n, one in enumerate(statuses)]
    (found,) = json.loads(told(*rows).stdout)["rows"]
    assert (found["state"], found["groups"], found["shown"]) == (state, groups, shown)


def test_people_whose_group_is_not_known_and_gaps_are_no_groups(told):
    done = told(
        row(breakdown="sex", group="women"),
        row(breakdown="sex", group="unknown", status="not_applicable"),
        row(breakdown="sex*age", group="women * unknown", status="not_applicable"),
        row(breakdown="sex", group="women", statistic="difference", status="not_available"),
    )
    (found,) = json.loads(done.stdout)["rows"]
    assert (found["breakdown"], found["state"], found["groups"]) == ("sex", "available", 1)


def test_years_go_from_the_first_of_the_measure_to_the_last_of_the_release(told):
    done = told(
        row("2018"),
        row("2020"),
        row("2023", measure="voters", series="register", source="register", unit="count"),
    )
    assert list(states(done, measure="trusting")) == [2018, 2019, 2020, 2021, 2022, 2023]
    assert list(states(done, measure="voters")) == [2023]


def test_after_the_last_year_of_a_source_that_ended_it_has_ended(told):
    done = told(
        row("2018"), row("2020"), row("2022", measure="voters", series="register", unit="count")
    )
    found = states(done, measure="trusting")
    assert (found[2019], found[2021], found[2022]) == ("not_available", "ended", "ended")


def test_a_source_that_goes_on_has_not_ended(told):
    done = told(row("2018", measure="voters", series="register", unit="count"), row("2020"))
    assert states(done, measure="voters")[2020] == "not_available"


def test_a_year_in_which_the_source_ran_without_asking_is_not_asked(told, town):
    measure = town / "measures" / "trusting.toml"
    measure.write_text(
        measure.read_text().replace('source = "panel",', 'source = "panel", periods = ["2020"],')
    )
    done = told(row("2020"), row("2022", measure="voters", series="register", unit="count"))
    found = states(done, measure="trusting")
    assert (found[2020], found[2021], found[2022]) == ("available", "not_asked", "ended")


def test_a_year_that_another_series_of_the_source_has_was_asked_in(told, town):
    measure = town / "measures" / "trusting.toml"
    text = measure.read_text()
    start = text.index("{ source")
    one = text[start : text.index("]\n", start)].strip()
    first, second = (f'{{ periods = ["{year}"],{one[1:]}' for year in (2020, 2021))
    measure.write_text(f"{text[:start]}{first}, {second}]\n")
    found = states(told(row("2020"), row("2022")), measure="trusting")
    assert (found[2020], found[2021], found[2022]) == ("available", "not_available", "available")


def test_a_pool_covers_its_years_and_overlapping_ones_are_no_two_figures(told):
    done = told(row("p2017-2019"), row("p2018-2020"), row("p2019-2021"))
    rows = {one["year"]: one for one in json.loads(done.stdout)["rows"]}
    assert list(rows) == [2017, 2018, 2019, 2020, 2021]
    assert rows[2019]["periods"] == ["p2017-2019", "p2018-2020", "p2019-2021"]
    assert {one["independent"] for one in rows.values()} == {1}


def test_periods_that_share_no_day_are_counted_as_independent(told):
    done = told(row("p2017-2019"), row("p2018-2020"), row("p2020-2022"), row("2023"))
    assert {one["independent"] for one in json.loads(done.stdout)["rows"]} == {3}


def test_a_hidden_period_is_no_figure_to_compare_with(told):
    done = told(row("2019", status="protected"), row("2020"))
    assert {one["independent"] for one in json.loads(done.stdout)["rows"]} == {1}


def test_the_best_of_several_periods_tells_a_year(told):
    done = told(row("p2019-2020", area="B1"), row("2020", area="B1", status="protected"))
    assert states(done) == {2019: "available", 2020: "available"}


def test_the_matrix_as_csv_has_a_line_a_row(told):
    done = told(row(), row(area="B1", status="protected"), options=("--csv",))
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(r["area"], r["year"], r["state"], r["periods"]) for r in rows] == [
        ("B1", "2020", "too_few", "2020"),
        ("T1", "2020", "available", "2020"),
    ]


def test_the_table_tells_areas_with_figures_by_kind_and_the_years(told):
    done = told(
        row("2019"),
        row("2020"),
        row("2020", area="B1"),
        row("2020", area="B2", status="protected"),
        options=(),
    )
    assert done.returncode == 0, done.stderr
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line.strip()}
    assert "city" in lines["measure,"]
    assert "borough" in lines["measure,"]
    assert "2019–2020" in lines["all"]
    assert "1 of 1" in lines["all"]
    assert "1 of 2" in lines["all"]
    assert "Not in this release: voters" in done.stdout


def test_strict_exits_11_where_anything_lacks_and_0_where_nothing_does(told):
    assert told(row(), options=("--strict",)).returncode == 0
    assert told(row("2021", status="protected"), options=("--strict",)).returncode == 11


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--measure", "trustin"), 10, "nearest known is 'trusting'"),
        (("--json", "--csv"), 2, "one of --json and --csv"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(told, options, code, words):
    done = told(row(), options=options)
    assert done.returncode == code
    assert words in done.stderr
