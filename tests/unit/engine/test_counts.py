"""Counted tables: every name, marker and number lands in one cell or stops the build."""

from __future__ import annotations

import itertools
import random

import pyarrow as pa
import pytest

from social_evidence.engine import counts
from social_evidence.errors import DataError, DefinitionError
from social_evidence.model.area import Area, AreaTree
from social_evidence.model.source import Source, SourceFile
from social_evidence.model.source_maps import Areas, GroupMap
from social_evidence.model.source_table import Periods, Quantity
from social_evidence.plan.counted import Address, Cell

TREE = AreaTree.from_areas(
    [
        Area(code="C", name="Town", kind="city"),
        Area(code="A1", name="Alder and Ash", kind="borough", parent="C", aliases=("Alder Ash",)),
        Area(code="A2", name="Birch", kind="borough", parent="C"),
        Area(code="A3", name="City of London", kind="borough", parent="C"),
    ]
)


class Table:
    """A table in memory with the markers its reader would have kept."""

    digest = "0" * 64

    def __init__(self, columns, markers=None, name="town.csv"):
        self.labels, self.titles, self.missing, self.missing_ranges = {}, {}, {}, {}
        self.table = pa.table(columns)
        self.marks = markers or {}
        self.name = name
        self.columns = tuple(self.table.column_names)
        self.rows = self.table.num_rows

    @property
    def markers(self):
        return {c: {m: marks.count(m) for m in marks if m} for c, marks in self.marks.items()}

    def to_table(self, columns=None):
        return self.table if columns is None else self.table.select(columns)

    def marker(self, column):
        return pa.chunked_array([pa.array(self.marks[column], pa.string())])

    def __arrow_c_stream__(self, requested_schema=None):
        return self.table.__arrow_c_stream__(requested_schema)


def source(**given):
    fields = {
        "id": "town",
        "kind": "counts",
        "title": "Town counts",
        "publisher": "Town",
        "licence": "open",
        "how_to_get": "ask",
        "files": (SourceFile(path="town.csv"),),
        "areas": Areas(columns=("place",)),
        "period": Periods(column="year", form="year"),
        "quantities": {"n": Quantity(title="things", column="n")},
    }
    return Source(**{**fields, **given})


def read(src, *tables, wanted=("n",), files=None):
    files = files or src.files * len(tables)
    return counts.read(src, list(zip(files, tables, strict=True)), TREE, wanted)


def cells_of(src, *tables, **kwargs):
    return read(src, *tables, **kwargs).cells["n"]


PLAIN = {"place": ["A1", "Birch"], "year": [2018, 2018], "n": [3, 4]}


def test_names_aliases_and_codes_all_find_their_area():
    table = Table(
        {"place": ["A1", "birch", "alder & ash"], "year": [2018, 2018, 2019], "n": [3, 4, 5]}
    )
    assert cells_of(source(), table) == {
        Address("A1", "2018"): Cell(number=3.0),
        Address("A2", "2018"): Cell(number=4.0),
        Address("A1", "2019"): Cell(number=5.0),
    }


def test_an_unknown_place_is_refused_with_the_nearest_name():
    with pytest.raises(DataError, match="'Brich' is no area we know; the nearest known is 'Birch'"):
        cells_of(source(), Table({**PLAIN, "place": ["A1", "Brich"]}))


def test_blank_cells_of_a_long_file_are_picked_whatever_its_chunks():
    chunks = pa.chunked_array([pa.array([None, "A2"]), pa.array(["A1", None])])
    table = Table(
        {"place": ["A1"] * 4, "part": chunks, "year": [2018, 2019, 2020, 2021], "n": [5, 6, 7, 8]}
    )
    src = source(rows={"part": ("",)})
    assert [cell.number for cell in cells_of(src, table).values()] == [5.0, 8.0]


def test_a_period_in_a_heading_takes_the_place_of_the_sources():
    quantity = Quantity(title="things", column="n", period="ay2013-14")
    found = cells_of(source(quantities={"n": quantity}), Table(PLAIN))
    assert {address.period for address in found} == {"ay2013-14"}


def test_places_left_out_are_counted_with_their_reason():
    areas = Areas(columns=("place",), left_out={"Heathrow": "airports are no borough"})
    answer = read(
        source(areas=areas), Table({"place": ["A1", "Heathrow"], "year": [2018] * 2, "n": [3, 4]})
    )
    assert answer.cells["n"] == {Address("A1", "2018"): Cell(number=3.0)}
    assert [(lost.reason, lost.rows) for lost in answer.left_out] == [
        ("Heathrow: airports are no borough", 1)
    ]


def test_a_national_file_leaves_out_every_other_place_in_one_line():
    areas = Areas(columns=("place",), elsewhere="outside the town")
    answer = read(source(areas=areas), Table({**PLAIN, "place": ["A1", "Elsewhere"]}))
    assert list(answer.cells["n"]) == [Address("A1", "2018")]
    assert answer.left_out[0].reason == "outside the town"


def test_the_first_filled_area_column_names_the_place():
    areas = Areas(columns=("place", "region"))
    table = Table({"place": ["A1", None], "region": ["C", "C"], "year": [2018] * 2, "n": [3, 9]})
    assert set(cells_of(source(areas=areas), table)) == {
        Address("A1", "2018"),
        Address("C", "2018"),
    }


@pytest.mark.parametrize(
    ("marker", "status"),
    [
        ("c", "protected"),
        ("[c]", "protected"),
        ("x", "not_available"),
        ("[u]", "not_available"),
        (":", "not_available"),
        (".", "not_available"),
        ("z", "not_applicable"),
    ],
)
def test_usual_markers_become_their_status(marker, status):
    table = Table({**PLAIN, "n": [3, None]}, {"n": [None, marker]})
    assert cells_of(source(), table)[Address("A2", "2018")] == Cell(status=status)


def test_an_unknown_marker_is_refused_with_column_and_row():
    table = Table({**PLAIN, "n": [3, None]}, {"n": [None, "low"]})
    with pytest.raises(DataError, match="column 'n', row 2 of the table holds 'low'"):
        cells_of(source(), table)


def test_the_source_may_say_what_a_marker_means():
    table = Table({**PLAIN, "n": [3, None]}, {"n": [None, "low"]})
    assert cells_of(source(markers={"low": "0"}), table)[Address("A2", "2018")].number == 0.0


def test_a_column_of_text_numbers_is_read_and_other_text_refused():
    assert (
        cells_of(source(), Table({**PLAIN, "n": ["3", "c"]}))[Address("A1", "2018")].number == 3.0
    )
    with pytest.raises(DataError, match="neither a number nor a marker"):
        cells_of(source(), Table({**PLAIN, "n": ["3", "about 4"]}))


def test_an_empty_cell_is_not_available_and_never_zero():
    assert cells_of(source(), Table({**PLAIN, "n": [3, None]}))[Address("A2", "2018")] == Cell(
        status="not_available"
    )


def test_two_rows_for_one_cell_are_refused():
    table = Table({"place": ["A1", "A1"], "year": [2018, 2018], "n": [3, 3]})
    with pytest.raises(DataError, match="area A1, period 2018 stands in two rows"):
        cells_of(source(), table)


def test_files_may_repeat_a_cell_but_not_contradict_it():
    src = source(combine="rows")
    assert len(cells_of(src, Table(PLAIN), Table(PLAIN))) == 2
    with pytest.raises(DataError, match="another value than in an earlier file"):
        cells_of(src, Table(PLAIN), Table({**PLAIN, "n": [3, 5]}, name="later.csv"))


def test_two_files_without_combine_are_refused():
    with pytest.raises(DefinitionError, match="combine"):
        cells_of(source(), Table(PLAIN), Table(PLAIN))


def test_files_join_by_columns_on_their_key():
    src = source(combine="columns", key=("place", "year"))
    left = Table({"place": ["A1", "A2"], "year": [2018, 2018]})
    right = Table({"place": ["A2", "A1"], "year": [2018, 2018], "n": [4, None]}, {"n": [None, "c"]})
    assert cells_of(src, left, right) == {
        Address("A1", "2018"): Cell(status="protected"),
        Address("A2", "2018"): Cell(number=4.0),
    }


def test_rows_pick_by_value_and_a_value_nobody_has_is_refused():
    columns = {**PLAIN, "place": ["A1", "A1"], "age": [2.0, 3.0]}
    picked = source(rows={"age": ("2",)})
    assert cells_of(picked, Table(columns)) == {Address("A1", "2018"): Cell(number=3.0)}
    with pytest.raises(DataError, match="no row has '5' in column 'age'"):
        cells_of(source(rows={"age": ("2", "5")}), Table(columns))


def test_scale_and_limits_are_in_the_unit_of_the_quantity():
    quantity = Quantity(title="share", column="n", half_width="hw", scale=0.01)
    table = Table({**PLAIN, "n": [30.0, 40.0], "hw": [2.0, None]})
    found = cells_of(source(quantities={"n": quantity}), table)
    cell = found[Address("A1", "2018")]
    assert (cell.number, cell.lower, cell.upper) == pytest.approx((0.3, 0.28, 0.32))
    assert found[Address("A2", "2018")].lower is None


def test_columns_from_one_to_another_are_added_up():
    quantity = Quantity(title="adults", from_column="18", to_column="20")
    table = Table({"place": ["A1"], "year": [2018], "17": [9], "18": [1], "19": [2], "20": [3]})
    assert cells_of(source(quantities={"n": quantity}), table)[Address("A1", "2018")].number == 6.0


def test_spans_of_columns_are_added_together():
    quantity = Quantity(title="adults", spans=(("m18", "m19"), ("f18", "f19")))
    table = Table(
        {
            "place": ["A1"],
            "year": [2018],
            "m18": [1],
            "m19": [2],
            "x": [100],
            "f18": [3],
            "f19": [4],
        }
    )
    assert cells_of(source(quantities={"n": quantity}), table)[Address("A1", "2018")].number == 10.0


def test_wide_months_add_up_to_whole_financial_years_only():
    names = [f"{2018 + (m > 11)}{m % 12 + 1:02d}" for m in range(3, 17)]
    table = Table({"place": ["A1"], **{name: [1] for name in names}})
    src = source(
        period=Periods(wide=True, form="month", sum_to="financial"),
        quantities={"n": Quantity(title="events", from_column="201804", to_column=names[-1])},
    )
    assert cells_of(src, table) == {Address("A1", "fy2018-19"): Cell(number=12.0)}


def test_groups_and_crossings_follow_the_columns():
    quantity = Quantity(
        title="people",
        column="n",
        groups={
            "sex": GroupMap(variable="sex", groups={"T": "all", "F": "women"}),
            "age": GroupMap(variable="age", groups={"T": "all", "1": "young"}),
        },
    )
    table = Table(
        {
            "place": ["A1"] * 3,
            "year": [2018] * 3,
            "sex": ["T", "F", "F"],
            "age": ["T", "T", "1"],
            "n": [9, 5, 2],
        }
    )
    found = cells_of(source(quantities={"n": quantity}), table)
    assert {a[2:]: cell.number for a, cell in found.items()} == {
        ("all", "all"): 9.0,
        ("sex", "women"): 5.0,
        ("sex*age", "women * young"): 2.0,
    }


def test_an_unknown_group_code_is_refused():
    quantity = Quantity(
        title="p", column="n", groups={"sex": GroupMap(variable="sex", groups={"F": "women"})}
    )
    with pytest.raises(DataError, match="the code 'X', which the breakdown does not map"):
        cells_of(source(quantities={"n": quantity}), Table({**PLAIN, "sex": ["F", "X"]}))


def test_a_period_in_another_form_is_refused():
    with pytest.raises(DataError, match="'2018-19' is no period of the form 'year'"):
        cells_of(source(), Table({**PLAIN, "year": ["2018", "2018-19"]}))


def test_a_missing_column_is_refused_with_the_nearest():
    with pytest.raises(
        DataError, match="column 'year' is not in the file; the nearest known is 'Year'"
    ):
        cells_of(source(), Table({"place": ["A1"], "Year": [2018], "n": [1]}))


def test_reading_matches_a_slow_obvious_twin_on_a_random_table():
    chance = random.Random(7)
    every = list(itertools.product(["A1", "A2", "C"], range(1990, 2020), ["x", "y"]))
    table = [(*place, chance.randrange(50)) for place in chance.sample(every, 120)]
    columns = dict(
        zip(("place", "year", "kind", "n"), map(list, zip(*table, strict=True)), strict=True)
    )
    found = cells_of(source(rows={"kind": ("x",)}), Table(columns))
    assert found == {
        Address(place, str(year)): Cell(number=float(count))
        for place, year, kind, count in table
        if kind == "x"
    }


def test_a_hundred_thousand_rows_are_read_in_seconds():
    n = 100_000
    columns = {
        "place": ["A1", "A2"] * (n // 2),
        "year": [1000 + i // 2 % 9000 for i in range(n)],
        "block": [str(i // 18000) for i in range(n)],
        "n": list(range(n)),
    }
    found = cells_of(source(rows={"block": ("0",)}), Table(columns))
    assert len(found) == 18_000
    assert found[Address("A2", "1000")].number == 1.0


def repeated(**more):
    quantity = Quantity(title="share", column="n", area_columns={"C": "town"}, **more)
    return source(quantities={"n": quantity})


def test_a_figure_repeated_in_every_row_belongs_to_the_area_it_is_given():
    table = Table(
        {"place": ["Birch", "A1"], "year": ["2020", "2020"], "n": [0.4, 0.6], "town": [0.5, 0.5]}
    )
    found = cells_of(repeated(), table)
    assert found[Address("C", "2020")] == Cell(number=0.5)
    assert found[Address("A2", "2020")] == Cell(number=0.4)
    assert len(found) == 3


def test_rows_that_repeat_two_figures_for_one_area_are_refused():
    table = Table({"place": ["Birch", "A1"], "year": [2020, 2020], "n": [1, 2], "town": [5, 6]})
    with pytest.raises(DataError, match=r"column 'town' has two values for area C, period 2020"):
        cells_of(repeated(), table)


def test_a_column_of_its_own_may_say_why_a_value_is_absent():
    table = Table(
        {
            "place": ["A1", "A2", "C", "A3"],
            "year": [2020] * 4,
            "n": [3.0, None, None, None],
            "why": [None, "[c]", "[u]", " "],
        }
    )
    quantity = Quantity(title="things", column="n", marker_column="why")
    found = cells_of(source(quantities={"n": quantity}), table)
    status = {address.area: cell.status for address, cell in found.items()}
    hidden = {"A2": "protected", "C": "not_available", "A3": "not_available"}
    assert status == {"A1": "shown", **hidden}


def side_by_side(**more):
    columns = {"sex": {"men": "m", "women": "f"}}
    quantity = Quantity(title="share", column="n", group_columns=columns, scale=0.01, **more)
    return source(quantities={"n": quantity})


def test_groups_that_stand_side_by_side_in_one_row_are_figures_of_their_own():
    table = Table(
        {
            "place": ["Birch", "A1"],
            "year": [2020, 2020],
            "n": [50, 60],
            "m": [70, 80],
            "f": [30, 40],
        }
    )
    found = cells_of(side_by_side(), table)
    assert found[Address("A2", "2020")] == Cell(number=0.5)
    assert found[Address("A2", "2020", "sex", "men")].number == pytest.approx(0.7)
    assert found[Address("A1", "2020", "sex", "women")].number == pytest.approx(0.4)
    assert len(found) == 6


def test_a_group_without_a_number_is_not_available_and_the_others_are():
    table = Table(
        {"place": ["Birch"], "year": [2020], "n": [50], "m": [70], "f": [None]},
    )
    found = cells_of(side_by_side(), table)
    assert found[Address("A2", "2020", "sex", "women")].status == "not_available"
    assert found[Address("A2", "2020", "sex", "men")].status == "shown"
