"""Measures of published tables, from synthetic files to figures, and when something is missing."""

from __future__ import annotations

import importlib
import json
import shutil
from collections import defaultdict
from datetime import date

import pytest

from social_evidence import load_release
from social_evidence.app.build import build
from social_evidence.errors import DataError
from social_evidence.synthetic.london.population import make_city
from social_evidence.synthetic.london.sizes import SMALL
from social_evidence.synthetic.london.writers import WRITERS

LONDON = "E12000007"
NEEDED = (
    *("mps_hate_crime", "ons_population", "ons_local_electors", "ons_parliamentary_electors"),
    *("home_office_ceremonies", "ons_nationality"),
)
MEASURES = ("hate_crime_rate", "electoral_registration", "citizenship_ceremonies")


@pytest.fixture(scope="module")
def catalogue(root):
    return root / "src" / "social_evidence" / "catalogues" / "london"


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    folder = tmp_path_factory.mktemp("synthetic-tables")
    city = make_city(SMALL)
    for name in NEEDED:
        module = importlib.import_module(WRITERS[name])
        module.write(city, folder, module.WAVES, SMALL)
    return folder


def built(catalogue, sources, out, measures=MEASURES, **options):
    when = date(2026, 11, 22)
    build([catalogue], [sources], out, as_of=when, measures=measures, **options)
    found = defaultdict(list)
    for row in load_release(out).estimates.to_pylist():
        found[row["measure"]].append(row)
    return found


@pytest.fixture(scope="module")
def rows(catalogue, sources, tmp_path_factory):
    return built(catalogue, sources, tmp_path_factory.mktemp("release"))


def find(rows, measure, **wanted):
    return [r for r in rows[measure] if all(r[name] == value for name, value in wanted.items())]


def test_every_row_says_that_it_is_synthetic(rows):
    assert {measure for measure, listed in rows.items() if listed} == set(MEASURES)
    for listed in rows.values():
        assert all("synthetic" in row["flags"].split(";") for row in listed)


def test_hate_crime_is_a_rate_without_the_city_and_strands_pass_the_total(rows):
    (london,) = find(rows, "hate_crime_rate", period="fy2022-23", area=LONDON, breakdown="all")
    assert london["unit"] == "per_1000"
    assert 1.5 < london["estimate"] < 4
    assert london["lower"] < london["estimate"] < london["upper"]
    assert "excludes_city_of_london" in london["flags"].split(";")
    strands = find(
        rows, "hate_crime_rate", period="fy2022-23", area=LONDON, breakdown="hate_crime_strand"
    )
    assert len(strands) == 5
    assert sum(row["numerator"] for row in strands) > london["numerator"]
    assert {row["denominator"] for row in strands} == {london["denominator"]}
    assert not find(rows, "hate_crime_rate", area="E09000001", status="shown")


def test_the_new_recording_system_begins_another_series(rows):
    series = {row["period"]: row["series"] for row in find(rows, "hate_crime_rate", area=LONDON)}
    assert series["fy2023-24"] == "mps_hate_crime"
    assert series["fy2024-25"] == "mps_hate_crime_2"


def test_a_rare_strand_of_a_small_borough_counts_months_without_a_row_as_none(rows):
    found = find(
        rows,
        "hate_crime_rate",
        area="E09000029",
        breakdown="hate_crime_strand",
        group="transgender",
    )
    assert len(found) == 11
    assert {row["status"] for row in found} == {"shown"}


def test_local_and_parliamentary_registers_are_two_series(rows):
    when = "2016-12-01"
    (local,) = find(
        rows, "electoral_registration", period=when, area=LONDON, series="ons_local_electors"
    )
    (other,) = find(
        rows,
        "electoral_registration",
        period=when,
        area=LONDON,
        series="ons_parliamentary_electors",
    )
    assert local["estimate"] == pytest.approx(0.86, abs=0.01)
    assert other["estimate"] < local["estimate"]
    assert local["denominator"] == other["denominator"]


def test_ceremonies_carry_the_error_of_the_estimated_people(rows):
    (london,) = find(rows, "citizenship_ceremonies", period="2016", area=LONDON)
    assert london["estimate"] == pytest.approx(0.02, abs=0.002)
    assert london["lower"] < london["estimate"] < london["upper"]
    assert london["variance_basis"] == "published"
    assert not find(rows, "citizenship_ceremonies", period="2021")


def test_a_missing_file_is_named_with_what_it_costs(catalogue, sources, tmp_path):
    less = shutil.copytree(sources, tmp_path / "sources")
    (less / "police" / "MPS_BoroughSNT_OtherCrimeDatafy17-18.csv").unlink()
    with pytest.raises(DataError) as refusal:
        built(catalogue, less, tmp_path / "out")
    assert "MPS_BoroughSNT_OtherCrimeDatafy17-18.csv" in str(refusal.value)
    assert "hate_crime_rate" in str(refusal.value)
    found = built(catalogue, less, tmp_path / "out", allow_missing=True)
    status = {
        row["period"]: row["status"]
        for row in find(found, "hate_crime_rate", area=LONDON, breakdown="all")
    }
    assert status["fy2017-18"] == "not_available"
    assert status["fy2016-17"] == status["fy2018-19"] == "shown"


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("citizenship/granted-british-citizenship.xlsx", "home_office_ceremonies"),
        ("police/MPS_MonthlyCrimeDashboard_OtherCrimeData.csv", "mps_hate_crime"),
    ],
)
def test_a_lost_file_that_dates_its_own_rows_leaves_each_of_them_not_available(
    catalogue, sources, rows, tmp_path, file, source
):
    copy = tmp_path / "sources"
    shutil.copytree(sources, copy)
    (copy / file).unlink()
    left = built(catalogue, copy, tmp_path / "out", allow_missing=True)

    def shown(every):
        own = [r for listed in every.values() for r in listed if r["source"] == source]
        return {
            tuple(r[n] for n in ("measure", "series", "period", "area", "group")): r["status"]
            for r in own
            if r["group"] != "unknown"
        }

    before, after = shown(rows), shown(left)
    assert set(before) == set(after)
    lost = {key for key in before if before[key] != after[key]}
    assert lost
    assert {after[key] for key in lost} == {"not_available"}


def test_a_renamed_column_is_named_with_its_file(catalogue, sources, tmp_path):
    less = shutil.copytree(sources, tmp_path / "sources")
    path = less / "police" / "M1045_MonthlyCrimeDashboard_OtherCrimeData.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Crime Subtype", "Kind of crime", 1), encoding="utf-8")
    with pytest.raises(DataError) as refusal:
        built(catalogue, less, tmp_path / "out", ("hate_crime_rate",))
    assert path.name in str(refusal.value)
    assert "crime_subtype" in str(refusal.value)


def test_what_is_still_a_guess_is_told_with_the_figure(catalogue, sources, tmp_path):
    out = tmp_path / "out"
    build(
        [catalogue], [sources], out, as_of=date(2026, 11, 22), measures=("citizenship_ceremonies",)
    )
    release = load_release(out)
    told = json.loads((release.stored.folder / "provenance.json").read_text(encoding="utf-8"))
    questions = {field for record in told for field in record["to_confirm"]}
    assert "quantities.adults_attending" in questions
