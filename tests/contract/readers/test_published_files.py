"""Real published files, as they are, read the way their quirks demand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from social_evidence.errors import DataError
from social_evidence.model.layout import Layout
from social_evidence.readers import open_table


@pytest.fixture
def opened(data_root: Path):
    def read(name: str, columns=None, **layout):
        path = data_root / name
        if not path.is_file():
            pytest.skip(f"{path.name} is not among the data files")
        return open_table(path, Layout(**layout), columns)

    return read


def where(table: pa.Table, **values: object) -> list[dict[str, object]]:
    for name, value in values.items():
        table = table.filter(pc.equal(table[name.replace("__", " ")], value))
    return table.to_pylist()


BCS = "microdata/bcs_2007_8/bcs_2007_8_teaching_data"


def test_the_crime_survey_is_the_same_as_tab_and_as_sav(opened) -> None:
    tab, sav = opened(f"{BCS}.tab"), opened(f"{BCS}_derived.sav")
    assert tab.columns == sav.columns
    assert tab.rows == sav.rows == 11_676
    numbers, values = tab.to_table(), sav.to_table()
    for name in tab.columns:
        assert numbers[name].cast(pa.float64()) == values[name], name
    assert numbers["tcindwt"].null_count == 16
    assert sav.labels["sex"] == {1: "male", 2: "female"}
    assert sav.missing["age"] == frozenset({998, 999})


def test_early_years_has_a_mark_markers_and_the_published_shares(opened) -> None:
    name = "1_early_years_provision_children_registered_2018_2023.csv"
    table = opened(f"education/early_years_provision/{name}")
    assert table.columns[0] == "time_period"
    assert table.rows == 4_910
    assert table.markers["percentage_eligible_children"] == {"u": 7}
    (london,) = [
        row
        for row in where(
            table.to_table(), time_period=2023, region_code="E12000007", age="2-year-olds"
        )
        if row["geographic_level"] == "Regional" and row["la_name"] is None
    ]
    assert london["number_children"] == 19_209
    assert london["number_eligible_children"] == 29_463
    assert london["percentage_eligible_children"] == 65.2


def test_a_zip_of_key_stage_4_tables_is_read_by_member(opened) -> None:
    name = "education/ees_zips/key-stage-4-performance-revised_2021-22.zip"
    with pytest.raises(DataError, match=r"2122_la_data\.csv"):
        opened(name)
    with pytest.raises(DataError, match=r"nearest is '.*2122_lachar_data\.csv'"):
        opened(name, member="2122_lachar.csv")
    table = opened(name, member="data/2122_lachar_data.csv")
    assert table.rows == 35_838
    assert len(table.columns) == 43
    assert sum(found.get("c", 0) for found in table.markers.values()) == 3_376
    assert sum(found.get(":", 0) for found in table.markers.values()) == 92_030


def test_a_utf16_export_named_csv_is_read(opened) -> None:
    name = "police/mopac_dashboard_exports/all_borough_police_fair_june_2022.csv"
    table = opened(name, unnamed_columns="ignore")
    assert "Barnet" in table.columns
    assert table.rows == 2


def test_dashboards_with_decimal_commas_become_numbers(opened) -> None:
    total = opened("police/mopac_dashboard_exports/PAS_Total.csv", decimal=",")
    assert total.schema.field("Proportion").type == pa.float64()
    name = "police/PAS_Dashboard_Borough.csv"
    with pytest.raises(DataError, match=r"9 \(1\), 10 \(1\)"):
        opened(name, decimal=",")
    boroughs = opened(name, decimal=",", unnamed_columns="ignore")
    assert boroughs.rows == 9_312
    (harrow,) = where(boroughs.to_table(), Date="31/12/2023", Borough="Harrow", Measure="Trust MPS")
    assert harrow["Proportion"] == 0.82


def test_borough_profiles_end_lines_by_cr_and_need_their_encoding_said(opened) -> None:
    name = "borough_profiles/london-borough-profiles.csv"
    with pytest.raises(DataError, match=r"byte 2,184 \(row 1\).*cp1252"):
        opened(name)
    table = opened(name, encoding="latin-1")
    assert table.rows == 33
    assert len(table.columns) == 84


def test_population_by_age_and_sex_has_a_header_of_two_rows(opened) -> None:
    table = opened("population/population.xlsx", sheet="Single year of age", header_rows=(2, 3))
    assert table.columns[:5] == ("Code", "Year", "Borough", "M | 0", "M | 1")
    assert table.rows == 1_122
    (row,) = where(table.to_table(), Code="E09000002", Year=1999)
    assert row["M | 0"] == 1_222


def test_population_estimates_in_an_old_workbook_end_at_their_notes(opened) -> None:
    table = opened(
        "population/ukmidyearestimates20192020ladcodes.xls",
        sheet="MYE2 - Persons",
        header_rows=(5,),
        stop_at_blank="Name",
    )
    (london,) = where(table.to_table(), Code="E12000007")
    assert london["All ages"] == 8_961_989


def test_ethnic_groups_have_merged_headers_and_hidden_figures(opened) -> None:
    table = opened("population/ethnic-groups-by-borough.xls", sheet="2018", header_rows=(1, 2))
    assert "Number | Mixed/ Other" in table.columns
    assert "95% Confidence Interval | White" in table.columns
    assert table.marker("Number | White").drop_null().to_pylist() == ["-"]
    (city,) = where(table.to_table(), Code="E09000001")
    assert city["Number | White"] is None
    assert city["Number | Total"] == 9_000


def test_nomis_workbooks_have_a_wrong_dimension_and_markers(opened) -> None:
    name = "employment/Unemployment sex minority 2022 NOMIS.xlsx"
    table = opened(
        name, header_rows=(7, 8), number_columns=("ualad09:Lambeth | conf",), stop_at_text="* "
    )
    assert table.columns[1] == "ualad09:Lambeth | numerator"
    assert set(table.marker("ualad09:Lambeth | conf").drop_null().to_pylist()) == {"*"}
    assert table.to_table()["gor:London | percent"].to_pylist()[0] == 4.7


def test_well_being_keeps_the_markers_of_its_limits(opened) -> None:
    name = "wellbeing/wellbeing-local-authority.parquet"
    table = opened(name, number_columns=("Lower limit", "Upper limit"))
    assert table.rows == 91_960
    assert table.markers["Lower limit"] == {"[c]": 4_066, "[x]": 1_660, "[u]": 380, "[w]": 94}
    assert table.schema.field("Lower limit").type == pa.float64()
    assert "administrative-geography" in table.columns


def test_three_of_eighty_eight_columns_are_read(opened) -> None:
    columns = ["pwgtp", "pwgtp1", "pwgtp80"]
    table = opened("microdata/acs/acs_m_derived.parquet", columns)
    assert table.columns == tuple(columns)
    assert table.to_table().num_rows == 21_331


def test_the_victimisation_survey_keeps_its_long_ids_as_text(opened) -> None:
    table = opened("microdata/ncvs_2021/ncvs_2021_household_derived.parquet")
    assert table.rows == 256_460
    assert pa.types.is_large_string(table.schema.field("IDHH").type)


PEAK = """
import resource, sys
from pathlib import Path
from social_evidence.readers import open_table
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
rows = sum(batch.num_rows for batch in open_table(Path(sys.argv[1])).batches())
print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_two_and_a_half_million_rows_are_streamed_in_bounded_memory(data_root: Path) -> None:
    path = data_root / "microdata/hps/hps_weeks01-33_core.parquet"
    if not path.is_file():
        pytest.skip(f"{path.name} is not among the data files")
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system"},
    )
    rows, kibibytes = map(int, done.stdout.split())
    assert rows == 2_529_727
    assert kibibytes < 300 * 1024
