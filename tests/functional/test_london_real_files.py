"""The London catalogue on the publishers' own files: figures equal what was printed, to the digit.

Every expectation is read from the files by other means than the program's: the `csv` module, a
reader of workbooks, a sum. Files that nobody may pass on are absent, and so the build is told to go
on without them.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import python_calamine as calamine

from social_evidence import load_release
from social_evidence.app.build import build
from social_evidence.app.counts_reading import read_source
from social_evidence.app.locate import Located
from social_evidence.catalogue.load import load

LONDON, INNER, OUTER, ENGLAND = "E12000007", "E13000001", "E13000002", "E92000001"
CITY = "E09000001"
BOROUGHS = [f"E090000{number:02d}" for number in range(1, 34)]
MEASURES = (
    *("early_education_uptake", "electoral_registration", "gcse_attainment", "police_treat_fairly"),
    *("life_satisfaction", "hate_crime_rate", "citizenship_ceremonies"),
)
PAS_NAMES = {"City of Westminster": "Westminster", "Richmond Upon Thames": "Richmond upon Thames"}
FORCE_WIDE = {
    "good_job_local": (0.67, 0.60, 0.47),
    "trust_police": (0.86, 0.84, 0.69),
    "listen_to_concerns": (0.72, 0.68, 0.57),
    "relied_on": (0.74, 0.71, 0.59),
    "treat_fairly": (0.76, 0.76, 0.62),
    "understand_issues": (0.70, 0.63, 0.57),
    "informed_local": (0.44, 0.36, 0.29),
    "contact_ward_officer": (0.16, 0.12, 0.13),
}
"""Printed shares of March 2018, March 2019 and December 2023."""


@pytest.fixture(scope="module")
def catalogue_folder(root):
    return root / "src" / "social_evidence" / "catalogues" / "london"


@pytest.fixture(scope="module")
def catalogue(catalogue_folder):
    return load([catalogue_folder])


@pytest.fixture(scope="module")
def rows(catalogue_folder, data_root, tmp_path_factory):
    """Estimates of the measures whose files are open, by measure and series."""
    out = tmp_path_factory.mktemp("london-real")
    build(
        [catalogue_folder],
        [data_root],
        out,
        as_of=date(2026, 11, 22),
        measures=MEASURES,
        allow_missing=True,
    )
    found = defaultdict(list)
    for row in load_release(out).estimates.to_pylist():
        found[row["measure"], row["series"]].append(row)
    return found


@pytest.fixture
def cells(catalogue, data_root):
    """Read one quantity of one source straight from its files."""

    def read(source_id, quantity, group="all"):
        source = catalogue.sources[source_id]
        located = [
            Located(source=source, file=file, path=data_root / file.path)
            for file in source.files
            if (data_root / file.path).is_file()
        ]
        found = read_source(catalogue, source, located, {quantity}).cells[quantity]
        return {(at.area, at.period): cell for at, cell in found.items() if at.group == group}

    return read


def by(rows, *names):
    """Index rows by columns; each address must be its own."""
    index = {tuple(row[name] for name in names): row for row in rows}
    assert len(index) == len(rows)
    return index


def percent(value, digits=1):
    """Write a share as people print it: percent, halves away from zero."""
    step = Decimal(1).scaleb(-digits)
    return Decimal(repr(round(value * 100, 9))).quantize(step, rounding=ROUND_HALF_UP)


def sheet(path, name):
    return calamine.CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()


# --- early education ----------------------------------------------------------------------------


def test_uptake_equals_the_publishers_counts_and_percentages(rows, data_root):
    folder = data_root / "education" / "early_years_provision"
    name = "1_early_years_provision_children_registered_2018_2023.csv"
    printed = {}
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            area = row["new_la_code"] or row["region_code"] or row["country_code"]
            if row["age"] == "2-year-olds" and area in {*BOROUGHS, LONDON, INNER, OUTER, ENGLAND}:
                printed[row["time_period"], area] = row
    ours = by(rows["early_education_uptake", "dfe_early_years"], "period", "area")
    assert len(printed) == 6 * 37
    for address, row in printed.items():
        registered, eligible = int(row["number_children"]), int(row["number_eligible_children"])
        assert (ours[address]["numerator"], ours[address]["denominator"]) == (registered, eligible)
        digits = Decimal(row["percentage_eligible_children"]).quantize(Decimal("0.1"))
        assert percent(ours[address]["estimate"]) == digits


def test_the_rest_of_england_is_england_less_london(rows):
    ours = by(rows["early_education_uptake", "dfe_early_years"], "period", "area")
    rest = ours["2023", "rest_of_england"]
    assert (rest["numerator"], rest["denominator"]) == (124_211 - 19_209, 167_976 - 29_463)
    assert percent(rest["estimate"]) == Decimal("75.8")


def test_the_strategys_figures_of_2017_are_in_the_editions_of_their_time(rows):
    regions = by(rows["early_education_uptake", "ons_sdg_early_years"], "period", "area")
    assert regions["2017", LONDON]["estimate"] == 0.58
    assert regions["2017", ENGLAND]["estimate"] == 0.71
    of_boroughs = [
        row["estimate"]
        for row in rows["early_education_uptake", "dfe_early_years_2018"]
        if row["period"] == "2017" and row["area"] in BOROUGHS and row["status"] == "shown"
    ]
    assert len(of_boroughs) == 32
    assert percent(max(of_boroughs) - min(of_boroughs), 0) == Decimal(51)


def test_the_departments_tool_has_the_years_after_the_edition_of_2023(rows, data_root):
    table = pq.read_table(data_root / "education" / "lait" / "bds_long_0.parquet")
    printed = {
        (row["Years"], row["LA and Regions"]): row["Values"]
        for row in table.to_pylist()
        if row["Short Desc"] == "%_2yr_olds"
    }
    names = {LONDON: "London", INNER: "London (Inner)", ENGLAND: "England", "E09000025": "Newham"}
    for period, series in (("2024", "dfe_lait"), ("2025", "dfe_lait_2")):
        ours = by(rows["early_education_uptake", series], "period", "area")
        for area, name in names.items():
            value = Decimal(printed[period, name]).quantize(Decimal("0.1"))
            assert percent(ours[period, area]["estimate"]) == value
        assert len([row for row in ours.values() if row["area"] in BOROUGHS]) == 33
    # What both hold is the same, so the tool's later years go on from the edition's.
    edition = by(rows["early_education_uptake", "dfe_early_years"], "period", "area")
    for year in map(str, range(2018, 2024)):
        value = Decimal(printed[year, "London"]).quantize(Decimal("0.1"))
        assert percent(edition[year, LONDON]["estimate"]) == value


# --- registers and residents --------------------------------------------------------------------


def test_residents_of_mid_2019_equal_those_of_the_national_workbook(cells, data_root):
    path = data_root / "population" / "ukmidyearestimates20192020ladcodes.xls"
    ours = cells("ons_population", "residents")
    printed = {row[0]: row for row in sheet(path, "MYE2 - Persons")[5:]}
    for area in (*BOROUGHS, LONDON, ENGLAND):
        assert ours[area, "2019"].number == printed[area][3], area
    adults = cells("ons_population", "adults")
    assert adults[LONDON, "2019"].number == sum(printed[LONDON][4 + 18 :])


def test_electors_are_those_of_the_register_over_the_adults_of_the_year(rows, cells, data_root):
    name = "localauthorityandparliamentaryregistrationsandattainersv4.xlsx"
    table = {row[0]: row for row in sheet(data_root / "electoral" / name, "Table 1")}
    adults = cells("ons_population", "adults")
    ours = by(rows["electoral_registration", "ons_local_electors"], "period", "area")
    assert table[LONDON][2] == 6_116_260
    for area in (*BOROUGHS, LONDON, ENGLAND):
        row = ours["2020-12-01", area]
        assert (row["numerator"], row["denominator"]) == (
            table[area][2],
            adults[area, "2020"].number,
        )
    # There is no estimate of residents for 2021 in the workbook, and none is carried forward.
    assert ours["2021-12-01", LONDON]["status"] == "not_available"


def test_the_parliamentary_register_of_2015_is_the_one_the_mayor_gave(rows):
    ours = by(rows["electoral_registration", "ons_parliamentary_electors"], "period", "area")
    assert ours["2015-12-01", LONDON]["numerator"] == 5_118_884
    within = sum(ours["2015-12-01", area]["numerator"] for area in BOROUGHS)
    assert within == 5_118_884


# --- police -------------------------------------------------------------------------------------


@pytest.mark.parametrize("quantity", sorted(FORCE_WIDE))
def test_force_wide_shares_are_those_printed(quantity, cells):
    ours = cells("pas_dashboard", quantity)
    found = tuple(ours[LONDON, period].number for period in ("y2018Q1", "y2019Q1", "y2023Q4"))
    assert found == FORCE_WIDE[quantity]


def test_every_borough_quarter_and_measure_of_the_dashboard_is_read(catalogue, cells, data_root):
    source = catalogue.sources["pas_dashboard"]
    asked = {quantity.rows["Measure"][0]: name for name, quantity in source.quantities.items()}
    name_of = {area.name: area.code for area in catalogue.areas.areas.values()}
    ours = {name: cells("pas_dashboard", name) for name in asked.values()}
    seen = 0
    with (data_root / "police" / "PAS_Dashboard_Borough.csv").open(newline="") as file:
        for row in csv.reader(file):
            if row[0] == "Date":
                continue
            _, month, year = row[0].split("/")
            code = name_of[PAS_NAMES.get(row[2], row[2])]
            cell = ours[asked[row[3]]][code, f"y{year}Q{int(month) // 3}"]
            assert cell.number == float(row[4].replace(",", "."))
            seen += 1
    assert seen == 9_312
    assert (CITY, "y2023Q4") not in ours["trust_police"]


def test_london_without_the_city_says_so(rows):
    ours = by(rows["police_treat_fairly", "pas_dashboard"], "period", "area")
    assert ours["y2023Q4", LONDON]["flags"] == "excludes_city_of_london"
    assert ("y2023Q4", CITY) not in ours
    assert ours["y2023Q4", "E09000027"]["estimate"] == 0.57


# --- schools ------------------------------------------------------------------------------------


def test_grades_equal_the_printed_percentages_of_every_group(rows, data_root):
    groups = {
        "Ethnic major": ("ethnic_group_schools", "characteristic_ethnic_major"),
        "Free school meals": ("free_school_meals", "characteristic_free_school_meals"),
        "First language": ("first_language", "characteristic_first_language"),
        "Total": ("all", "characteristic_gender"),
    }
    named = {
        "FSM": "eligible",
        "FSM all other": "not_eligible",
        "Total": "all",
        "English": "english",
        "Other than English": "other",
        "Girls": "female",
        "Boys": "male",
    }
    archive = data_root / "education" / "ees_zips" / "key-stage-4-performance-revised_2021-22.zip"
    with zipfile.ZipFile(archive) as opened:
        text = opened.read("data/2122_lachar_data.csv").decode()
    series = {"201819": "dfe_ks4", "201920": "dfe_ks4_2", "202021": "dfe_ks4_2"}
    ours = {
        (row["period"], row["area"], row["breakdown"], row["group"]): row
        for one in ("dfe_ks4", "dfe_ks4_2", "dfe_ks4_3")
        for row in rows["gcse_attainment", one]
    }
    compared = 0
    for row in csv.DictReader(io.StringIO(text)):
        area = row["new_la_code"] or row["region_code"] or row["country_code"]
        known = {*BOROUGHS, LONDON, INNER, OUTER, ENGLAND}
        if area not in known or row["breakdown"] not in groups:
            continue
        breakdown, column = groups[row["breakdown"]]
        if row["characteristic_gender"] != "Total":
            if row["breakdown"] != "Total":
                continue
            breakdown = "sex"
        raw = row[column]
        group = named.get(raw, raw.lower())
        if group == "unclassified":
            continue
        period = f"ay{row['time_period'][:4]}-{row['time_period'][4:]}"
        found = ours[period, area, breakdown, group]
        assert found["series"] == series.get(row["time_period"], "dfe_ks4_3")
        if row["t_l2basics_95"] == "c":
            assert (found["status"], found["estimate"]) == ("protected", None)
            continue
        assert (found["numerator"], found["denominator"]) == (
            int(row["t_l2basics_95"]),
            int(row["t_pupils"]),
        )
        assert abs(percent(found["estimate"]) - Decimal(row["pt_l2basics_95"])) <= Decimal("0.1")
        compared += 1
    assert compared == 1_871


def test_borough_profiles_are_read_as_printed(rows, cells, data_root):
    raw = (data_root / "borough_profiles" / "london-borough-profiles.csv").read_bytes()
    assert raw.count(b"\r") == 33
    assert b"\n" not in raw
    table = list(csv.reader(io.StringIO(raw.decode("latin-1").replace("\r", "\n"))))
    heads = {name: at for at, name in enumerate(table[0])}
    columns = {
        ("gcse_five_good", "all"): next(n for n in heads if n.startswith("Achievement of 5")),
        ("volunteered", "all"): next(name for name in heads if "volunteered" in name),
        ("employment", "all"): "Employment rate (%) (2014)",
        ("employment", "male"): "Male employment rate (2014)",
        ("employment", "female"): "Female employment rate (2014)",
    }
    for (quantity, group), heading in columns.items():
        found = cells("borough_profiles", quantity, group)
        ours = {area: cell for (area, _), cell in found.items()}
        for row in table[1:]:
            text, cell = row[heads[heading]], ours[row[0]]
            if text:
                assert percent(cell.number) == Decimal(text).quantize(Decimal("0.1"))
            else:
                assert (row[0], cell.number) == (CITY, None)
    published = by(rows["gcse_attainment", "borough_profiles"], "area", "breakdown", "group")
    assert published["E09000027", "all", "all"]["estimate"] == 0.705


# --- internet and well-being --------------------------------------------------------------------


def test_internet_users_of_london_and_its_boroughs_are_those_of_the_sheet(cells, data_root):
    path = data_root / "internet" / "internetusers2020.xlsx"
    by_area = {row[1]: row for row in sheet(path, "6b")}
    ours = cells("ons_internet_users", "offline")
    for at, year in enumerate(range(2014, 2021)):
        assert percent(ours[LONDON, f"{year}Q1"].number) == Decimal(str(by_area["London"][11 + at]))
    assert ours["E09000033", "2016Q1"].status == "not_available"
    limits = cells("ons_internet_users_2020", "offline")
    (printed,) = [row for row in sheet(path, "9b") if row[7] == "London"]
    cell = limits[LONDON, "2020Q1"]
    assert [percent(value) for value in (cell.lower, cell.number, cell.upper)] == [
        Decimal(str(value)) for value in printed[8:11]
    ]


def test_life_satisfaction_has_the_publishers_limits(rows, data_root):
    table = pq.read_table(data_root / "wellbeing" / "wellbeing-local-authority.parquet").to_pylist()
    (printed,) = [
        row
        for row in table
        if row["administrative-geography"] == LONDON
        and (row["yyyy-yy"], row["MeasureOfWellbeing"], row["Estimate"])
        == ("2021-22", "Life satisfaction", "Average (mean)")
    ]
    ours = by(rows["life_satisfaction", "ons_wellbeing"], "period", "area")["fy2021-22", LONDON]
    assert (ours["estimate"], ours["lower"], ours["upper"]) == (
        printed["v4_3"],
        float(printed["Lower limit"]),
        float(printed["Upper limit"]),
    )
    assert (ours["method"], ours["variance_basis"]) == ("published", "published")


# --- what is not here ---------------------------------------------------------------------------


def test_measures_without_files_are_told_as_not_available(rows):
    for measure in ("hate_crime_rate", "citizenship_ceremonies"):
        found = [row for (name, _), listed in rows.items() if name == measure for row in listed]
        assert all(row["status"] == "not_available" for row in found)


def test_sources_read_here_name_their_files_as_they_are_found(catalogue, data_root):
    here = ("ons_population", "pas_dashboard", "dfe_ks4", "borough_profiles", "ons_wellbeing")
    for name in here:
        assert all((data_root / Path(f.path)).is_file() for f in catalogue.sources[name].files)
