"""The first real figures: built from published files as they are, checked against their owners.

Every expectation here is worked out from the files by other means than the program's own: the
`csv` module, a sum, a formula written out.
"""

from __future__ import annotations

import csv
import json
import math
import subprocess
import sys
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy import stats

from by_path import module_at
from social_evidence import load_release
from social_evidence.catalogue.load import load

LONDON, INNER, OUTER, ENGLAND = "E12000007", "E13000001", "E13000002", "E92000001"
CITY = "E09000001"
BOROUGHS = [f"E090000{number:02d}" for number in range(1, 34)]
EARLY_YEARS = (
    "education/early_years_provision/1_early_years_provision_children_registered_2018_2023.csv"
)
TEACHING = "microdata/bcs_2007_8/bcs_2007_8_teaching_data.tab"


@pytest.fixture(scope="module")
def built(root, data_root, tmp_path_factory):
    """The release of the example catalogue, built by the program as a user would."""
    out = tmp_path_factory.mktemp("open-data")
    program = "from social_evidence.cli.main import entrypoint as run; run()"
    command = [sys.executable, "-c", program, "build", "--as-of", "2026-11-22"]
    command += ["--catalogue", str(root / "examples" / "open-data")]
    command += ["--sources", str(data_root), "--out", str(out)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def release(built):
    return load_release(built)


@pytest.fixture(scope="module")
def rows(release):
    """Every estimate, by measure."""
    found = defaultdict(list)
    for row in release.estimates.to_pylist():
        found[row["measure"]].append(row)
    return found


def by(rows, *names):
    """Index rows by columns; each address must be its own."""
    index = {tuple(row[name] for name in names): row for row in rows}
    assert len(index) == len(rows)
    return index


def shown(value, digits):
    """Round as people do on paper: halves away from zero."""
    step = Decimal(1).scaleb(-digits)
    return Decimal(repr(value)).quantize(step, rounding=ROUND_HALF_UP)


# --- two-year-olds in early education ---------------------------------------------------------


@pytest.fixture(scope="module")
def printed_places(data_root):
    """The publisher's own table: (period, area) -> registered, eligible, percent, as printed."""
    found = {}
    with (data_root / EARLY_YEARS).open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            area = row["new_la_code"] or row["region_code"] or row["country_code"]
            if row["age"] == "2-year-olds" and area in {*BOROUGHS, LONDON, INNER, OUTER, ENGLAND}:
                found[row["time_period"], area] = (
                    row["number_children"],
                    row["number_eligible_children"],
                    row["percentage_eligible_children"],
                )
    return found


def test_uptake_equals_the_publishers_percentage_in_every_year_and_area(rows, printed_places):
    ours = by(rows["two_year_old_uptake_open"], "period", "area")
    assert ours.keys() == printed_places.keys()
    assert len(ours) == 6 * 37
    for address, (registered, eligible, percent) in printed_places.items():
        row = ours[address]
        assert (row["numerator"], row["denominator"]) == (float(registered), float(eligible))
        assert row["estimate"] == pytest.approx(int(registered) / int(eligible), rel=1e-11)
        assert shown(row["estimate"] * 100, 1) == Decimal(percent).quantize(Decimal("0.1"))


def test_uptake_of_london_in_2018_is_the_row_of_the_contract(rows):
    row = by(rows["two_year_old_uptake_open"], "period", "area")["2018", LONDON]
    assert row["estimate"] == 0.613833951904
    assert (row["numerator"], row["denominator"]) == (24147.0, 39338.0)
    assert (row["statistic"], row["unit"], row["method"]) == ("ratio", "share", "administrative")
    assert (row["interval_method"], row["variance_basis"]) == ("none", "none")
    assert (row["lower"], row["upper"], row["level"], row["base"]) == (None, None, None, None)
    assert (row["status"], row["flags"]) == ("shown", "")
    assert (row["period_start"], row["period_end"]) == (date(2018, 1, 1), date(2018, 12, 31))


def test_boroughs_add_up_to_inner_and_outer_and_those_to_london(rows):
    ours = by(rows["two_year_old_uptake_open"], "period", "area")
    inner = {1, 7, 12, 13, 14, 19, 20, 22, 23, 25, 28, 30, 32, 33}
    for period in map(str, range(2018, 2024)):
        for column in ("numerator", "denominator"):
            value = {area: ours[period, area][column] for area in (*BOROUGHS, LONDON, INNER, OUTER)}
            within = sum(value[f"E090000{number:02d}"] for number in inner)
            assert value[INNER] == within
            assert value[LONDON] == sum(value[area] for area in BOROUGHS)
            assert value[LONDON] == value[INNER] + value[OUTER]


def test_more_children_than_eligible_are_published_and_marked(rows, printed_places):
    over = {a for a, (yes, of, _) in printed_places.items() if int(yes) > int(of)}
    marked = {
        (row["period"], row["area"])
        for row in rows["two_year_old_uptake_open"]
        if "over_100" in row["flags"].split(";")
    }
    assert marked == over
    assert ("2023", CITY) in marked
    assert by(rows["two_year_old_uptake_open"], "period", "area")["2023", CITY]["estimate"] == 1.2


# --- aggravated offences ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def offences(data_root):
    """Offences by (place, financial year), months of both files added by hand."""
    months = defaultdict(dict)
    for name in ("borough_10_21.csv", "borough_21_23.csv"):
        with (data_root / "police" / name).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if row["MinorText"].startswith("Racially or Religiously Aggravated Public Fear"):
                    place = months[row["LookUp_BoroughName"]]
                    place.update({m: int(n) for m, n in row.items() if m.isdigit()})
    return {
        (place, f"fy{year}-{(year + 1) % 100:02d}"): sum(
            count[f"{year + (month < 4)}{month:02d}"] for month in range(1, 13)
        )
        for place, count in months.items()
        for year in range(2010, 2023)
    }


def test_offences_are_those_of_both_files_month_by_month(rows, offences, release):
    names = {area["area"]: area["name"] for area in _areas(release)}
    ours = by(rows["aggravated_offences_count"], "period", "area")
    for (period, area), row in ours.items():
        if area in BOROUGHS and area != CITY:
            assert row["estimate"] == offences[names[area], period], (names[area], period)
    assert {period for period, _ in ours} == {period for _, period in offences}


def _areas(release):
    with (release.stored.folder / "areas.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_airports_are_in_neither_borough_nor_london_and_that_is_written(rows, offences, release):
    airports = "London Heathrow and London City Airports"
    ours = by(rows["aggravated_offences_count"], "period", "area")
    for period in ("fy2013-14", "fy2019-20", "fy2022-23"):
        everywhere = sum(count for (_, of), count in offences.items() if of == period)
        london = ours[period, LONDON]["estimate"]
        assert offences[airports, period] > 0
        assert london == everywhere - offences[airports, period]
        assert london == sum(ours[period, area]["estimate"] for area in BOROUGHS if area != CITY)
    told = (release.stored.folder / "provenance.json").read_text(encoding="utf-8")
    assert "Offences recorded at the two airports belong to no borough's residents" in told


def test_the_city_of_london_has_no_offences_and_london_says_so(rows):
    ours = by(rows["aggravated_offences_rate"], "series", "period", "area")
    for (_, _, area), row in ours.items():
        if area in {LONDON, INNER}:
            assert "excludes_city_of_london" in row["flags"].split(";")
        elif area == CITY:
            assert (row["status"], row["estimate"]) == ("not_available", None)
        else:
            assert "excludes_city_of_london" not in row["flags"]


@pytest.fixture(scope="module")
def residents(data_root):
    """Residents of all ages and adults by (area, year), added age by age."""
    calamine = pytest.importorskip("python_calamine")
    book = calamine.CalamineWorkbook.from_path(data_root / "population" / "population.xlsx")
    table = book.get_sheet_by_name("Single year of age").to_python(skip_empty_area=False)
    ages = [(at, 90 if head == "90+" else head) for at, head in enumerate(table[2])]
    ages = [(at, age) for at, age in ages if isinstance(age, (int, float))]
    found = {}
    for row in table[3:]:
        if row[0] and row[1] >= 2001:
            everyone = sum(row[at] for at, _ in ages)
            adults = sum(row[at] for at, age in ages if age >= 18)
            found[row[0], int(row[1])] = (everyone, adults)
    return found


def test_a_rate_is_offences_per_1000_residents_of_the_first_calendar_year(
    rows, offences, residents
):
    for row in rows["aggravated_offences_rate"]:
        year = int(row["period"][2:6])
        area = row["area"]
        if area == CITY:
            continue
        below = residents[area, year][0]
        if area in {LONDON, INNER}:
            below -= residents[CITY, year][0]
        assert row["denominator"] == below, (area, year)
        assert row["estimate"] == pytest.approx(1000 * row["numerator"] / below, rel=1e-11)


def test_limits_of_a_rate_are_exact_below_ten_events_and_byars_from_ten_on(rows):
    few = 0
    for row in rows["aggravated_offences_rate"]:
        if row["status"] != "shown":
            continue
        low, high = _limits_of_a_count(row["numerator"])
        assert row["interval_method"] == "exact_below_10_else_byar"
        assert row["lower"] == pytest.approx(low * 1000 / row["denominator"], rel=1e-9)
        assert row["upper"] == pytest.approx(high * 1000 / row["denominator"], rel=1e-9)
        few += row["numerator"] < 10
    assert few >= 5, "both kinds of limits are met here"


def _limits_of_a_count(events):
    if events < 10:
        return stats.chi2.ppf(0.025, 2 * events) / 2, stats.chi2.ppf(0.975, 2 * events + 2) / 2
    z, more = stats.norm.ppf(0.975), events + 1
    low = events * (1 - 1 / (9 * events) - z / (3 * math.sqrt(events))) ** 3
    return low, more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3


def test_the_jump_of_2012_ends_a_series(rows):
    periods = defaultdict(set)
    for row in rows["aggravated_offences_rate"]:
        periods[row["series"]].add(row["period"])
    assert periods["mps_recorded_offences"] == {"fy2010-11", "fy2011-12"}
    later = {f"fy{year}-{(year + 1) % 100:02d}" for year in range(2012, 2020)}
    assert periods["mps_recorded_offences_2"] == later


# --- electors -----------------------------------------------------------------------------------


def test_electors_of_london_are_those_printed_and_its_boroughs_add_up(rows):
    ours = by(rows["electors_registered"], "area")
    assert ours[LONDON,]["estimate"] == 6116260.0
    assert ours[LONDON,]["estimate"] == sum(ours[area,]["estimate"] for area in BOROUGHS)
    assert ours[LONDON,]["period"] == "2020-12-01"


def test_electors_per_adult_sets_the_register_over_residents_aged_18_and_over(rows, residents):
    electors = by(rows["electors_registered"], "area")
    ours = by(rows["electors_per_adult"], "area")
    for area in (*BOROUGHS, LONDON, INNER, OUTER, ENGLAND):
        row, (_, adults) = ours[area,], residents[area, 2020]
        assert row["denominator"] == adults
        assert row["numerator"] == electors[area,]["estimate"]
        assert row["estimate"] == pytest.approx(row["numerator"] / adults, rel=1e-11)
        assert row["interval_method"] == "none"
        assert ("over_100" in row["flags"]) is (row["numerator"] > adults)
    assert ours[LONDON,]["denominator"] == 6954893.0


# --- published shares and means -----------------------------------------------------------------

PAS = {
    "pas_good_job_local": '"Good Job" local',
    "pas_contact_ward_officer": "Contact ward officer",
    "pas_informed_local": "Informed local",
    "pas_listen_to_concerns": "Listen to concerns",
    "pas_relied_on": "Relied on to be there",
    "pas_treat_fairly": "Treat everyone fairly",
    "pas_understand_issues": "Understand issues",
    "pas_trust_police": "Trust MPS",
}


def test_every_share_of_the_attitudes_dashboard_is_as_published(rows, data_root, release):
    names = {area["area"]: area["name"].casefold() for area in _areas(release)}
    printed = {}
    path = data_root / "police" / "PAS_Dashboard_Borough.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in list(csv.reader(file))[1:]:
            day, month, year = map(int, row[0].split("/"))
            assert day >= 30
            place = row[2].casefold().removeprefix("city of ")
            period = f"y{year}Q{month // 3}"
            printed[row[3], period, place] = float(row[4].replace(",", "."))
            printed[row[3], period, "london"] = float(row[5].replace(",", "."))
    checked = 0
    for measure, label in PAS.items():
        for row in rows[measure]:
            if row["area"] == CITY or row["status"] == "not_available":
                continue
            key = (label, row["period"], names[row["area"]])
            assert row["estimate"] == pytest.approx(printed[key], abs=1e-12), key
            assert (row["method"], row["interval_method"]) == ("published", "none")
            assert (row["lower"], row["upper"]) == (None, None)
            checked += 1
    assert checked == len(printed)


def test_a_quarters_figure_covers_the_twelve_months_to_its_end(rows):
    row = by(rows["pas_trust_police"], "period", "area")["y2023Q4", LONDON]
    assert (row["period_start"], row["period_end"]) == (date(2023, 1, 1), date(2023, 12, 31))
    assert row["estimate"] == 0.69
    assert "excludes_city_of_london" in row["flags"].split(";")


def test_the_explanation_of_londons_share_names_the_column_it_comes_from(release):
    told = str(release.explain("pas_trust_police", area="London"))
    assert "MPS" in told.partition("What was counted")[0]
    assert "of E12000007, in every row" in told


def test_well_being_carries_the_publishers_own_limits(rows, data_root):
    table = pq.read_table(data_root / "wellbeing" / "wellbeing-local-authority.parquet")
    printed = {
        (row["MeasureOfWellbeing"], row["administrative-geography"], f"fy{row['yyyy-yy']}"): row
        for row in table.to_pylist()
        if row["Estimate"] == "Average (mean)"
    }
    measures = {
        "life_satisfaction_mean_open": "Life satisfaction",
        "worthwhile_mean_open": "Worthwhile",
        "happiness_mean_open": "Happiness",
        "anxiety_mean_open": "Anxiety",
    }
    for measure, label in measures.items():
        assert len(rows[measure]) >= 11 * 35
        for row in rows[measure]:
            theirs = printed[label, row["area"], row["period"]]
            if theirs["v4_3"] is None:
                assert (row["status"], row["estimate"]) == ("not_available", None)
                continue
            assert row["estimate"] == pytest.approx(theirs["v4_3"], abs=1e-12)
            assert row["lower"] == pytest.approx(float(theirs["Lower limit"]), abs=1e-12)
            assert row["upper"] == pytest.approx(float(theirs["Upper limit"]), abs=1e-12)
            assert (row["unit"], row["level"]) == ("score", 0.95)


def test_a_share_its_owner_withheld_stays_withheld(rows):
    statuses = {row["status"] for row in rows["low_life_satisfaction_open"]}
    assert "protected" in statuses
    for row in rows["low_life_satisfaction_open"]:
        assert (row["estimate"] is None) is (row["status"] != "shown")


# --- surveys ------------------------------------------------------------------------------------

BCS = [
    "bcs_safe_after_dark",
    "bcs_safe_in_day",
    "bcs_worried_racial_attack",
    "bcs_worried_insulted",
    "bcs_victim_any_crime",
    "bcs_worry_personal_crime_score",
]


@pytest.mark.parametrize("measure", BCS)
def test_both_forms_of_the_teaching_file_give_identical_figures(rows, measure):
    forms = {}
    for row in rows[measure]:
        own = {name: row[name] for name in row if name not in {"series", "source"}}
        forms.setdefault(row["source"], []).append(own)
    assert forms.keys() == {"bcs_2007_8_tab", "bcs_2007_8_sav"}
    assert forms["bcs_2007_8_tab"] == forms["bcs_2007_8_sav"]
    assert len(forms["bcs_2007_8_tab"]) > 30


@pytest.fixture(scope="module")
def interviews(data_root):
    """Every respondent of the teaching file; a blank is no answer."""
    with (data_root / TEACHING).open(encoding="latin-1", newline="") as file:
        return [
            {name: text.strip() for name, text in row.items()}
            for row in csv.DictReader(file, delimiter="\t")
        ]


def test_sixteen_without_a_weight_are_left_out_and_counted(rows, interviews, release):
    without = [one for one in interviews if not one["tcindwt"]]
    assert len(without) == 16
    asked = [one for one in interviews if one["tcindwt"] and one["walkdark"]]
    row = by(rows["bcs_safe_after_dark"], "source", "breakdown", "group")
    assert row["bcs_2007_8_tab", "all", "all"]["base"] == len(asked)
    folder = release.stored.folder
    quality = json.loads((folder / "quality.json").read_text(encoding="utf-8"))
    told = [
        file["outside_population"]
        for file in _files_read(quality)
        if file["source"].startswith("bcs_2007_8")
    ]
    assert told == [16, 16]
    provenance = (folder / "provenance.json").read_text(encoding="utf-8")
    assert "Sixteen respondents have no weight" in provenance


def _files_read(quality):
    return quality["files"]


def test_a_share_and_its_error_equal_the_formula_written_out(rows, interviews):
    ours = by(rows["bcs_safe_after_dark"], "source", "breakdown", "group")
    groups = {("all", "all"): lambda one: True}
    groups |= {("sex", "female"): lambda one: one["sex"] == "2"}
    groups |= {("ethnic_group", "black"): lambda one: one["ethgrp2"] == "4"}
    groups |= {("age_band", "65_over"): lambda one: one["age"] and int(one["age"]) >= 65}
    weighted = [one for one in interviews if one["tcindwt"]]
    count = len(weighted)
    for address, is_in in groups.items():
        w = np.array([float(one["tcindwt"]) for one in weighted])
        x = np.array([bool(one["walkdark"]) and bool(is_in(one)) for one in weighted], float)
        y = x * np.array([one["walkdark"] in {"1", "2"} for one in weighted])
        share = (w * y).sum() / (w * x).sum()
        z = w * (y - share * x) / (w * x).sum()
        error = math.sqrt(count / (count - 1) * ((z - z.mean()) ** 2).sum())
        row = ours["bcs_2007_8_tab", *address]
        assert row["estimate"] == pytest.approx(share, abs=0.0005001)
        assert row["standard_error"] == pytest.approx(error, rel=0.051)
        assert row["lower"] <= share <= row["upper"]
        assert row["base"] == int(x.sum())
        assert row["variance_basis"] == "weights_only"


def test_people_whose_group_is_not_known_keep_a_row_and_no_figure(rows):
    ours = by(rows["bcs_safe_after_dark"], "source", "breakdown", "group")
    row = ours["bcs_2007_8_sav", "tenure", "unknown"]
    assert (row["status"], row["estimate"]) == ("not_applicable", None)
    assert row["base"] > 0


def test_groups_that_a_survey_never_asked_are_not_called_protected(rows):
    ours = by(rows["bcs_safe_after_dark"], "source", "breakdown", "group")
    for address in (("age_band", "under_16"), ("urban_rural", "suburban")):
        row = ours["bcs_2007_8_tab", *address]
        assert (row["status"], row["base"], row["estimate"]) == ("not_asked", None, None)
    assert ours["bcs_2007_8_tab", "age_band*sex", "under_16 * male"]["status"] == "not_asked"
    assert ours["bcs_2007_8_tab", "age_band", "16_24"]["status"] == "shown"


def test_owner_households_equal_the_formula_over_strata_and_half_samples(rows, data_root):
    path = data_root / "microdata" / "ncvs_2021" / "ncvs_2021_household_derived.parquet"
    table = pq.read_table(path, columns=["WGTHHCY", "V2117", "V2118", "V2015"])
    weight, stratum, psu = (
        table[name].to_numpy().astype(float) for name in ("WGTHHCY", "V2117", "V2118")
    )
    tenure = np.array(table["V2015"].cast("string").to_pylist(), dtype=object)
    x = np.array([answer is not None for answer in tenure], float)
    y = (tenure == "1").astype(float)
    share = (weight * y).sum() / (weight * x).sum()
    z = weight * (y - share * x) / (weight * x).sum()
    variance = 0.0
    for one in np.unique(stratum):
        here = stratum == one
        sums = np.array([z[here & (psu == p)].sum() for p in np.unique(psu[here])])
        variance += len(sums) / (len(sums) - 1) * ((sums - sums.mean()) ** 2).sum()
    row = by(rows["ncvs_homes_owned"], "breakdown", "group")["all", "all"]
    assert row["estimate"] == pytest.approx(share, abs=0.0005001)
    assert row["standard_error"] == pytest.approx(math.sqrt(variance), rel=0.051)
    assert row["base"] == int((x * (weight > 0)).sum()) == 150138
    assert (row["area"], row["variance_basis"]) == ("US", "design")


def test_the_page_of_the_household_survey_says_that_its_base_counts_interviews(release):
    told = str(release.explain("ncvs_homes_owned"))
    assert "interviews" in told


@pytest.mark.parametrize(("area", "state"), [("US-AK", "02"), ("US-HI", "15")])
def test_uninsured_people_have_the_error_of_eighty_replicates(rows, data_root, area, state):
    table = pq.read_table(data_root / "microdata" / "acs" / "acs_m_derived.parquet")
    here = np.array(table["st"].to_pylist()) == state
    without = (table["hicov"].to_numpy() == 2)[here]

    def share(name):
        weight = table[name].to_numpy()[here].astype(float)
        return (weight * without).sum() / weight.sum()

    replicates = np.array([share(f"pwgtp{number}") for number in range(1, 81)])
    row = by(rows["acs_without_health_insurance"], "area", "breakdown", "group")[area, "all", "all"]
    assert row["estimate"] == pytest.approx(share("pwgtp"), abs=0.0005001)
    error = math.sqrt(4 / 80 * ((replicates - share("pwgtp")) ** 2).sum())
    assert row["standard_error"] == pytest.approx(error, rel=0.051)
    assert row["base"] == int(here.sum())
    assert row["variance_basis"] == "replicates"


def test_two_states_make_no_figure_of_their_country(rows):
    areas = {row["area"] for row in rows["acs_without_health_insurance"]}
    assert areas == {"US-AK", "US-HI"}


# --- the whole ----------------------------------------------------------------------------------


def test_every_figure_a_publisher_printed_is_met(rows, root):
    checked = 0
    for measure in load([root / "examples" / "open-data"]).measures.values():
        for printed in measure.published:
            (row,) = (
                row
                for row in rows[measure.id]
                if (row["period"], row["area"]) == (printed.period, printed.area)
                and row["breakdown"] == "all"
            )
            margin = printed.tolerance * (1 + 1e-9)
            assert abs(row["estimate"] - printed.estimate) <= margin, printed
            checked += 1
    assert checked >= 20


def test_the_page_of_figures_is_the_one_this_release_gives(root, built):
    tool = module_at(root / "tools" / "open_data_figures.py")
    written = (root / "docs" / "open-data-figures.md").read_text(encoding="utf-8")
    assert written == tool.page(built), "run: python tools/open_data_figures.py"
    lines = [line for line in written.splitlines() if line.startswith("| ") and "yes" in line]
    assert len(lines) >= 10
    assert "| NO |" not in written
