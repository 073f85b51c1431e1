"""Counted and published tables of synthetic London: layout, quirks and what they are set to."""

from __future__ import annotations

import csv
import importlib
import io
import zipfile

import numpy as np
import pyarrow.parquet as pq
import pytest
import python_calamine as calamine

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import make_city
from social_evidence.synthetic.london.sizes import SMALL
from social_evidence.synthetic.london.tables import early_years, pupils, totals
from social_evidence.synthetic.london.writers import WRITERS

LONDON, ENGLAND = "E12000007", "E92000001"
TABLES = sorted(name for name, module in WRITERS.items() if ".tables." in module)


def module_of(name):
    return importlib.import_module(WRITERS[name])


@pytest.fixture(scope="module")
def city():
    return make_city(SMALL)


@pytest.fixture(scope="module")
def folder(city, tmp_path_factory):
    """Every table, all waves."""
    folder = tmp_path_factory.mktemp("tables")
    for name in TABLES:
        module = module_of(name)
        for path in module.write(city, folder, module.WAVES, SMALL):
            assert path.is_file()
    return folder


def rows_of(path, encoding="utf-8-sig"):
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(encoding), newline="")))


def sheet(path, name):
    return calamine.CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()


def numbers(rows):
    return {row[0]: row for row in rows}


# --- marks and bytes ----------------------------------------------------------------------------


def test_every_file_says_in_itself_that_it_is_synthetic(folder):
    for path in (one for one in folder.rglob("*") if one.is_file()):
        if path.suffix == ".csv":
            encoding = "latin-1" if "borough_profiles" in path.parts else "utf-8-sig"
            header = path.read_bytes().decode(encoding).splitlines()[0]
            assert header.split(",")[-1].strip('"') == "SYNTHETIC", path.name
        elif path.suffix in {".xlsx", ".ods"}:
            assert "SYNTHETIC" in calamine.CalamineWorkbook.from_path(path).sheet_names, path.name
        elif path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    assert archive.read(name).splitlines()[0].endswith(b",SYNTHETIC")
        else:
            assert pq.read_schema(path).names[-1] == "SYNTHETIC", path.name


@pytest.mark.parametrize("name", TABLES)
def test_the_same_city_gives_the_same_bytes(name, city, folder, tmp_path):
    module = module_of(name)
    for path in module.write(city, tmp_path, module.WAVES, SMALL):
        assert path.read_bytes() == (folder / path.relative_to(tmp_path)).read_bytes(), path.name


# --- sums over areas ----------------------------------------------------------------------------


def test_larger_areas_are_the_sums_of_their_boroughs():
    counts = np.arange(1.0, len(codes.AREAS) + 1)
    found = totals.with_larger_areas(counts)
    assert found["E13000001"] + found["E13000002"] == found[LONDON] == sum(range(1, 34))
    assert found[ENGLAND] == found[LONDON] + 34
    assert len(found) == 33 + 4


def test_residents_are_those_of_the_city_at_its_own_year(city):
    people = totals.residents(city, 2015).sum(axis=(1, 2)) / totals.growth(2015)
    direct = np.bincount(city.area, weights=city.grossing, minlength=len(codes.AREAS))
    assert people == pytest.approx(direct, rel=0.03)


def test_the_population_table_adds_up_and_lacks_old_ages_in_early_years(folder):
    rows = sheet(folder / "population" / "population.xlsx", "Single year of age")
    assert rows[1][3] == "M"
    assert rows[1][95] == "F"
    assert [rows[2][at] for at in (0, 1, 2, 93, 94, 185, 186)] == [
        *("Code", "Year", "Borough", "90+", "No Males", "90+", "No Females"),
    ]
    of = {(row[0], row[1]): row for row in rows[3:]}
    men = [sum(of[code, 2016][3:94]) for code in codes.AREAS[:33]]
    assert sum(men) == sum(of[LONDON, 2016][3:94])
    assert 8.0e6 < sum(of[LONDON, 2016][3:94]) + sum(of[LONDON, 2016][95:186]) < 9.6e6


# --- registers ----------------------------------------------------------------------------------


def test_the_register_of_2016_is_the_share_that_was_printed(city, folder):
    name = "electoral/electoralstatistics2016.xlsx"
    table = numbers(sheet(folder / name, "Table 1"))
    adults = totals.with_larger_areas(totals.adults(city, 2016))
    assert table["Code"][2] == "Electoral registrations December 2016"
    assert table[LONDON][2] / adults[LONDON] == pytest.approx(0.86, abs=0.01)
    assert table[ENGLAND][1] == "ENGLAND"
    assert "Missing data" in table["W92000004"]


def test_two_years_of_the_register_stand_in_one_workbook(folder):
    name = "localauthorityandparliamentaryregistrationsandattainersv4.xlsx"
    rows = sheet(folder / "electoral" / name, "Table 1")
    assert [rows[4][at] for at in (2, 3)] == [
        f"Electoral registrations December {year}" for year in (2020, 2021)
    ]
    assert not (folder / "electoral" / "electoralstatistics2020.xlsx").exists()


# --- crime --------------------------------------------------------------------------------------


def test_strands_overlap_and_the_total_counts_each_offence_once(folder):
    rows = rows_of(folder / "police" / "MPS_BoroughSNT_OtherCrimeDatafy18-19.csv")
    offences = [
        row
        for row in rows
        if (row["Area Type"], row["Crime Type"], row["Measure"])
        == ("Borough", "Hate crime", "Offences")
    ]
    total = sum(int(row["Count"]) for row in offences if row["Crime Subtype"] == "Hate Crime")
    strands = sum(int(row["Count"]) for row in offences if row["Crime Subtype"] != "Hate Crime")
    assert total < strands < 1.2 * total
    assert 15_000 < total < 25_000
    assert min(int(row["Count"]) for row in offences) >= 1
    assert "City of London" not in {row["Area name"] for row in rows}
    assert {row["Month_Year"] for row in rows} >= {"01.04.18", "01.03.19"}


def test_columns_and_dates_differ_between_vintages(folder):
    newest = rows_of(folder / "police" / "M1045_MonthlyCrimeDashboard_OtherCrimeData.csv")
    assert {"Area Name", "Area Code", "FY_FYIndex"} <= set(newest[0])
    assert "2024-04-01" in {row["Month_Year"] for row in newest}
    older = rows_of(folder / "police" / "MPS_MonthlyCrimeDashboard_OtherCrimeData.csv")
    assert {"Area name", "Area code"} <= set(older[0])


# --- police dashboard ---------------------------------------------------------------------------


def test_the_dashboard_has_the_quirks_of_its_export(folder):
    raw = (folder / "police" / "PAS_Dashboard_Borough.csv").read_text(encoding="utf-8")
    lines = raw.splitlines()
    assert lines[0] == "Date,Survey,Borough,Measure,Proportion,MPS,,,,,SYNTHETIC"
    assert lines[1].startswith('31/12/2014,PAS,Barking and Dagenham,"""Good Job"" local","0,')
    assert "31/3/2015" in raw
    assert "Richmond Upon Thames" in raw
    assert "Richmond upon Thames" in raw
    assert "City of Westminster" in raw
    assert "City of London" not in raw
    assert len(lines) == 1 + 9_312
    assert sum(line.endswith('Trust,"0,71",1') for line in lines) == 1


# --- schools and early years --------------------------------------------------------------------


def test_early_education_of_2017_is_what_was_printed(city):
    registered = early_years.registered(city, 2017)
    eligible = early_years.eligible(city, 2017)
    share = registered / eligible
    boroughs = share[1 : codes.REST_OF_ENGLAND]
    assert boroughs.max() - boroughs.min() == pytest.approx(0.51, abs=0.005)
    above, below = (totals.with_larger_areas(one) for one in (registered, eligible))
    assert above[LONDON] / below[LONDON] == pytest.approx(0.58, abs=0.005)
    assert above[ENGLAND] / below[ENGLAND] == pytest.approx(0.71, abs=0.005)


def test_the_edition_has_a_mark_pseudo_regions_and_unreliable_cells(folder):
    place = folder / "education" / "early_years_provision"
    path = place / "1_early_years_provision_children_registered_2018_2023.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = [row for row in rows_of(path) if row["age"] == "2-year-olds"]
    regions = {row["region_code"] for row in rows if row["geographic_level"] == "Regional"}
    assert regions == {LONDON, "E13000001", "E13000002"}
    borough = next(row for row in rows if row["new_la_code"] == "E09000007")
    assert (borough["region_code"], borough["la_name"]) == ("E13000001", "Camden")
    assert [row["number_children"] for row in rows].count("u") == 1
    for year in map(str, range(2018, 2024)):
        of_year = [row for row in rows if row["time_period"] == year]
        counted = sum(
            int(row["number_children"]) for row in of_year if row["new_la_code"][:3] == "E09"
        )
        (london,) = [row for row in of_year if row["region_code"] == LONDON]
        assert counted == int(london["number_children"])


def test_results_add_up_over_groups_and_areas(city):
    found = pupils.results(city, 2018)
    for code in (LONDON, "E09000022"):
        by_topic: dict[tuple[str, str], int] = {}
        for row in found[code]:
            by_topic[row.topic, row.sex] = by_topic.get((row.topic, row.sex), 0) + row.pupils
        assert len({count for (_, sex), count in by_topic.items() if sex == "Total"}) == 1
        girls = by_topic["First language", "Girls"]
        boys = by_topic["First language", "Boys"]
        assert girls + boys == by_topic["Total", "Total"]
    for at in range(len(found[LONDON])):
        inner, outer = found["E13000001"][at], found["E13000002"][at]
        assert inner.passed + outer.passed == found[LONDON][at].passed
    share = found[LONDON][0].passed / found[LONDON][0].pupils
    assert 0.3 < share < 0.6


def test_the_archive_of_grades_keeps_its_markers(folder):
    path = folder / "education" / "ees_zips" / "key-stage-4-performance-revised_2021-22.zip"
    with zipfile.ZipFile(path) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read(archive.namelist()[0]).decode())))
    assert {row["version"] for row in rows if row["time_period"] == "202122"} == {"Provisional"}
    assert {row["t_p8score"] for row in rows if row["time_period"] == "202021"} <= {":", "c"}
    for row in rows:
        assert (row["t_l2basics_95"] == "c") == (int(row["t_pupils"]) < 3)


# --- profiles, citizenship, internet, surveys ---------------------------------------------------


def test_profiles_end_rows_by_carriage_returns_in_an_older_encoding(folder):
    raw = (folder / "borough_profiles" / "london-borough-profiles.csv").read_bytes()
    assert (raw.count(b"\r"), raw.count(b"\n")) == (34, 0)
    assert b"\xa3" in raw
    rows = list(csv.DictReader(io.StringIO(raw.decode("latin-1").replace("\r", "\n"))))
    assert rows[0]["Male employment rate (2014)"] == ""
    male, female = (f"{sex} employment rate (2014)" for sex in ("Male", "Female"))
    assert all(float(row[male]) > float(row[female]) for row in rows[1:])


def test_ceremonies_are_as_rare_as_was_printed_and_two_years_are_missing(city, folder):
    rows = sheet(folder / "citizenship" / "granted-british-citizenship.xlsx", "Ceremonies")
    heads = rows[2]
    people = module_of("ons_nationality").non_british
    for year, share in ((2009, 0.04), (2016, 0.02)):
        attending = sum(row[heads.index(str(year))] for row in rows[3:36])
        assert attending / people(city, year)[:33].sum() == pytest.approx(share, abs=0.001)
    assert {row[heads.index("2021")] for row in rows[3:]} == {":"}


def test_nationality_has_limits_as_distances_and_a_hidden_city(folder):
    rows = sheet(folder / "population" / "population-by-nationality.xlsx", "2016")
    assert rows[0][2] == "Number"
    assert rows[0][6] == "95% Confidence Interval"
    table = numbers(rows)
    assert table["E09000001"][3] == "-"
    assert all(row[3] % 1000 == 0 for code, row in table.items() if code.startswith("E12"))
    assert table[LONDON][7] < 0.1 * table[LONDON][3]


def test_internet_users_stand_in_the_rows_and_columns_of_the_real_sheet(folder):
    path = folder / "internet" / "internetusers2020.xlsx"
    shares = sheet(path, "6b")
    assert shares[114][:2] == ["UKI", "London"]
    assert shares[3][11] == 2014
    assert shares[114][14] == pytest.approx(7.0, abs=0.5)
    assert shares[115][11] == "-"
    limits = sheet(path, "9b")
    (london,) = [row for row in limits if len(row) > 7 and row[7] == "London"]
    assert london[8] < london[9] < london[10]


def test_nomis_gives_limits_as_rows_and_a_status_for_the_city(folder):
    rows = rows_of(folder / "employment" / "nm_17_5.csv")
    rates = {
        (row["DATE"], row["GEOGRAPHY_CODE"], row["VARIABLE_NAME"]): row
        for row in rows
        if row["MEASURES_NAME"] == "Variable"
    }
    of = "Employment rate {} - aged 16-64".format
    men, women = (rates["2016-12", LONDON, of(who)] for who in ("males", "females"))
    assert float(men["OBS_VALUE"]) - float(women["OBS_VALUE"]) == pytest.approx(14, abs=3)
    city = rates["2016-12", "E09000001", of("males")]
    assert (city["OBS_VALUE"], city["OBS_STATUS"]) == ("", "Q")
    assert {row["MEASURES_NAME"] for row in rows} == {"Variable", "Confidence"}


def test_tables_stop_at_the_last_wave_asked_for(city, tmp_path):
    (path,) = module_of("dfe_ks4_2025").write(city, tmp_path, ("ay2022-23",), SMALL)
    assert {row["time_period"] for row in rows_of(path)} == {"202223"}
    module_of("ons_local_electors").write(city, tmp_path, ("2017-12-01",), SMALL)
    names = sorted(one.name for one in (tmp_path / "electoral").iterdir())
    assert names == ["electoralstatistics2016.xlsx", "electoralstatistics2017.xlsx"]


# --- against the real files ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "education/early_years_provision/1_early_years_provision_children_registered_2018_2023.csv",
        "sdg/indicator_4-2-2.csv",
        "police/PAS_Dashboard_Borough.csv",
    ],
)
def test_headings_are_those_of_the_real_file(name, folder, data_root):
    real = (data_root / name).read_bytes().splitlines()[0].decode("utf-8-sig")
    made = (folder / name).read_bytes().splitlines()[0].decode("utf-8-sig")
    assert made == f"{real},SYNTHETIC"


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("borough_profiles/london-borough-profiles.csv", "latin-1"),
        ("education/combined_long_data_2018_R_v5_postbeta_sup.csv", "utf-8-sig"),
    ],
)
def test_fewer_columns_are_written_but_none_of_another_name(name, encoding, folder, data_root):
    real, made = (
        next(csv.reader([(place / name).read_bytes().decode(encoding).splitlines()[0]]))
        for place in (data_root, folder)
    )
    assert set(made) - set(real) == {"SYNTHETIC"}


def test_columns_of_the_archive_and_the_long_table_are_those_of_the_real_ones(folder, data_root):
    name = "education/ees_zips/key-stage-4-performance-revised_2021-22.zip"
    heads = []
    for place in (folder, data_root):
        with zipfile.ZipFile(place / name) as archive:
            raw = archive.read("data/2122_lachar_data.csv").splitlines()[0]
        heads.append(raw.decode().split(","))
    assert set(heads[0]) - set(heads[1]) == {"SYNTHETIC"}
    assert heads[0][:20] == heads[1][:20]
    table = "wellbeing/wellbeing-local-authority.parquet"
    made, real = (set(pq.read_schema(place / table).names) for place in (folder, data_root))
    assert made - real == {"SYNTHETIC"}


def test_headings_of_workbooks_stand_where_they_do_in_the_real_ones(folder, data_root):
    name = "electoral/localauthorityandparliamentaryregistrationsandattainersv4.xlsx"
    made, real = (sheet(place / name, "Table 1")[4] for place in (folder, data_root))
    assert made == real
    name = "population/population.xlsx"
    made, real = (sheet(place / name, "Single year of age")[1:3] for place in (folder, data_root))
    assert made == real
    name = "electoral/parliamentaryelectorsoverseasanonymousoptoutandeuv2.xlsx"
    made, real = (sheet(place / name, "Table 4")[4][:21] for place in (folder, data_root))
    assert made == real
