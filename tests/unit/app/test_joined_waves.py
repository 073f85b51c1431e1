"""A wave of several files: stacked, looked up, renamed; against a join written out in Python."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from social_evidence.app.locate import find_file, waves_of
from social_evidence.app.missing_columns import Asking
from social_evidence.app.waves import open_waves
from social_evidence.errors import DataError, DefinitionError
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.layout import Layout
from social_evidence.model.source import Source, SourceFile
from social_evidence.model.source_maps import Item
from social_evidence.readers import open_table
from social_evidence.readers.table import renamed


def survey(*files, **more):
    return Source(
        id="panel",
        kind="microdata",
        title="Panel",
        publisher="p",
        licence="l",
        how_to_get="Ask.",
        files=files,
        **{"combine": "rows", **more},
    )


def write(folder, name, header, rows):
    with (folder / name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerow(header)
        writer.writerows(["" if cell is None else cell for cell in row] for row in rows)


def located(folder, source):
    return [find_file(source, file, [folder]) for file in source.files]


def opened(folder, source, columns, wave="2014", **more):
    files = waves_of(located(folder, source))[wave]
    return open_waves(source, files, columns, **more)


def rows_of(table, columns=None):
    return [row for batch in table.batches(columns) for row in batch.to_pylist()]


def twin(mains, lookups, wanted):
    """Join by hand: for each row of each main file, the row of each lookup with its keys."""
    found = []
    for rows in mains:
        for row in rows:
            joined = dict(row)
            for keys, other in lookups:
                key = [row.get(name) for name in keys]
                hits = [o for o in other if [o[name] for name in keys] == key and None not in key]
                assert len(hits) < 2
                hit = hits[0] if hits else {}
                for name in {name for o in other for name in o} - set(keys):
                    joined.setdefault(name, hit.get(name))
            found.append({name: joined.get(name) for name in wanted})
    return found


cell = st.one_of(st.none(), st.integers(0, 3))
people = st.lists(st.tuples(cell, cell, st.integers(-5, 5)), min_size=1, max_size=12)
households = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 3)), st.one_of(st.none(), st.integers(0, 9))
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(adults=people, children=people, benunits=households)
def test_stacking_and_looking_up_is_the_join_written_out(
    tmp_path_factory, adults, children, benunits
):
    folder = tmp_path_factory.mktemp("frs")
    numbers = Layout(number_columns=("SERNUM", "BENUNIT"))
    write(folder, "adult.tab", ["SERNUM", "BENUNIT", "JOB"], adults)
    write(folder, "child.tab", ["SERNUM", "BENUNIT", "SCHOOL"], children)
    benunits.setdefault((9, 9), 1)
    write(
        folder, "benunit.tab", ["SERNUM", "BENUNIT", "SAVINGS"],
        [(*key, value) for key, value in benunits.items()],
    )  # fmt: skip
    region = {0: 1, 2: 8}
    write(folder, "househol.tab", ["SERNUM", "REGION"], region.items())
    source = survey(
        SourceFile(path="adult.tab", wave="2014", layout=numbers),
        SourceFile(path="child.tab", wave="2014", absent=("JOB",), layout=numbers),
        SourceFile(path="benunit.tab", wave="2014", join=("SERNUM", "BENUNIT"), layout=numbers),
        SourceFile(path="househol.tab", wave="*", join=("SERNUM",)),
    )
    wanted = ["JOB", "SAVINGS", "REGION", "SERNUM"]
    table = opened(folder, source, wanted)
    names = ("SERNUM", "BENUNIT", "JOB"), ("SERNUM", "BENUNIT", "SCHOOL")
    mains = [
        [dict(zip(own, row, strict=True)) for row in rows]
        for own, rows in zip(names, (adults, children), strict=True)
    ]
    lookups = [
        (
            ("SERNUM", "BENUNIT"),
            [{"SERNUM": s, "BENUNIT": b, "SAVINGS": v} for (s, b), v in benunits.items()],
        ),
        (("SERNUM",), [{"SERNUM": s, "REGION": r} for s, r in region.items()]),
    ]
    expected = twin(mains, lookups, wanted)
    assert rows_of(table) == expected
    assert rows_of(table, ["REGION"]) == [{"REGION": row["REGION"]} for row in expected]
    keys = [(row["SERNUM"], row["BENUNIT"]) for rows in mains for row in rows]
    assert table.unmatched == (
        sum(key not in benunits for key in keys),
        sum(serial not in region for serial, _ in keys),
    )


def ukhls(tmp_path, **more):
    write(tmp_path, "f_indresp.tab", ["pidp", "F_HIDP", "f_sex"], [(1, 10, 1), (2, 10, 2)])
    write(tmp_path, "f_hhresp.tab", ["f_hidp", "f_tenure_dv"], [(10, 4), (11, 5)])
    write(tmp_path, "xwavedat.tab", ["PIDP", "ethn_dv", "sex"], [(2, 9, 1)])
    return survey(
        SourceFile(path="f_indresp.tab", wave="2014", prefix="f_"),
        SourceFile(path="f_hhresp.tab", wave="2014", prefix="f_", join=("hidp",)),
        SourceFile(path="xwavedat.tab", wave="*", join=("pidp",)),
        case="lower",
        **more,
    )


def test_a_wave_with_prefixes_a_households_file_and_fixed_facts(tmp_path):
    table = opened(tmp_path, ukhls(tmp_path), ["sex", "tenure_dv", "ethn_dv"])
    assert rows_of(table) == [
        {"sex": 1, "tenure_dv": 4, "ethn_dv": None},
        {"sex": 2, "tenure_dv": 4, "ethn_dv": 9},
    ]
    assert table.name == "f_indresp.tab + f_hhresp.tab + xwavedat.tab"
    assert [used.name for used in table.used] == ["f_indresp.tab", "f_hhresp.tab", "xwavedat.tab"]
    assert len(set(table.file_digests)) == 3


def test_a_file_from_which_nothing_is_needed_is_no_part_of_the_table(tmp_path):
    assert opened(tmp_path, ukhls(tmp_path), ["sex"]).name == "f_indresp.tab"
    assert opened(tmp_path, ukhls(tmp_path), ["ethn_dv"]).unmatched == (1,)


def test_a_column_of_the_respondents_own_file_is_preferred(tmp_path):
    assert rows_of(opened(tmp_path, ukhls(tmp_path), ["sex"])) == [{"sex": 1}, {"sex": 2}]


def test_waves_share_the_files_of_every_wave(tmp_path):
    source = ukhls(tmp_path)
    waves = waves_of(located(tmp_path, source))
    assert {wave: [one.file.path for one in files] for wave, files in waves.items()} == {
        "2014": ["f_indresp.tab", "f_hhresp.tab", "xwavedat.tab"]
    }


def test_what_is_cached_under_one_naming_is_not_right_for_another(tmp_path):
    write(tmp_path, "a.csv", ["x,y"], [])
    (tmp_path / "a.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    digests = set()
    for columns in ({}, {"score": "x"}, {"score": "y"}):
        source = survey(SourceFile(path="a.csv", wave="2014", columns=columns))
        table = opened(tmp_path, source, ["score"] if columns else ["x"])
        digests.add(table.digest)
    assert len(digests) == 3


def test_whole_and_broken_numbers_are_stacked_and_an_empty_column_is_of_any_kind(tmp_path):
    write(tmp_path, "a.tab", ["x", "y", "z"], [(1, "text", None)])
    write(tmp_path, "b.tab", ["x", "y", "z"], [(1.5, None, 3)])
    source = survey(SourceFile(path="a.tab", wave="2014"), SourceFile(path="b.tab", wave="2014"))
    table = opened(tmp_path, source, ["x", "y", "z"])
    assert rows_of(table) == [
        {"x": 1.0, "y": "text", "z": None},
        {"x": 1.5, "y": None, "z": 3},
    ]
    assert [str(field.type) for field in table.schema] == ["double", "string", "int64"]


def test_text_and_numbers_are_not_stacked(tmp_path):
    write(tmp_path, "a.tab", ["x"], [(1,)])
    write(tmp_path, "b.tab", ["x"], [("one",)])
    source = survey(SourceFile(path="a.tab", wave="2014"), SourceFile(path="b.tab", wave="2014"))
    with pytest.raises(DataError, match=r"b\.tab: column 'x' is of another kind than in a\.tab"):
        opened(tmp_path, source, ["x"])


def test_a_key_that_stands_twice_is_refused_with_the_count(tmp_path):
    source = ukhls(tmp_path)
    write(tmp_path, "f_hhresp.tab", ["f_hidp", "f_tenure_dv"], [(10, 4), (10, 5), (11, 1), (10, 1)])
    with pytest.raises(DataError, match=r"f_hhresp\.tab: 2 rows repeat a key \(hidp\)"):
        opened(tmp_path, source, ["tenure_dv"])


def test_a_key_that_is_text_in_one_file_is_refused(tmp_path):
    source = ukhls(tmp_path)
    write(tmp_path, "f_hhresp.tab", ["f_hidp", "f_tenure_dv"], [("ten", 4)])
    with pytest.raises(DataError, match="the key 'hidp' is string here and int64 in f_indresp"):
        opened(tmp_path, source, ["tenure_dv"])


def test_a_key_that_a_file_lacks_is_told_of(tmp_path):
    source = ukhls(tmp_path)
    write(tmp_path, "f_hhresp.tab", ["f_household", "f_tenure_dv"], [(10, 4)])
    with pytest.raises(DataError, match=r"f_hhresp\.tab: column 'hidp' is not in the file") as told:
        opened(tmp_path, source, ["tenure_dv"])
    assert told.value.columns == ("tenure_dv",)  # what would be found by the key


def test_a_column_that_only_one_of_two_stacked_files_has_must_be_said_to_be_absent(tmp_path):
    write(tmp_path, "adult.tab", ["id", "job"], [(1, 2)])
    write(tmp_path, "child.tab", ["id"], [(2,)])
    files = SourceFile(path="adult.tab", wave="2014"), SourceFile(path="child.tab", wave="2014")
    with pytest.raises(DataError, match=r"child\.tab: column 'job' is not in the file"):
        opened(tmp_path, survey(*files), ["id", "job"])
    absent = SourceFile(path="child.tab", wave="2014", absent=("job", "id"))
    with pytest.raises(DataError, match=r"child\.tab: column 'id' is in the file, though"):
        opened(tmp_path, survey(files[0], absent), ["id", "job"])


def test_files_of_respondents_are_not_put_side_by_side(tmp_path):
    write(tmp_path, "a.tab", ["id"], [(1,)])
    write(tmp_path, "b.tab", ["id"], [(1,)])
    files = SourceFile(path="a.tab", wave="2014"), SourceFile(path="b.tab", wave="2014")
    with pytest.raises(DefinitionError, match="may be stacked"):
        opened(tmp_path, survey(*files, combine="columns"), ["id"])
    only = SourceFile(path="a.tab", wave="2014", join=("id",))
    with pytest.raises(DefinitionError, match="none holds the respondents"):
        opened(tmp_path, survey(only), ["id"])


def test_a_file_is_found_by_any_of_its_names_and_told_of_by_the_one_it_had(tmp_path):
    (tmp_path / "old.csv").write_text("x\n1\n", encoding="utf-8")
    file = SourceFile(path="new.csv", also=("newer.csv", "old.csv"), wave="2014")
    table = opened(tmp_path, survey(file), ["x"])
    assert [used.name for used in table.used] == ["old.csv"]
    (tmp_path / "newer.csv").write_text("x\n2\n", encoding="utf-8")
    assert rows_of(opened(tmp_path, survey(file), ["x"])) == [{"x": 2}]
    (tmp_path / "newer.csv").unlink()
    (tmp_path / "old.csv").unlink()
    assert located(tmp_path, survey(file)) == [None]


def test_a_missing_column_says_what_was_tried_who_needs_it_and_what_to_edit(tmp_path):
    text = 'kind = "microdata"\n[items.good_place]\nvariable = "good_place"\n'
    source = survey(
        SourceFile(path="pas.csv", wave="2014"),
        aliases={"good_place": ("NQ1", "NQ1*")},
        items={"good_place": Item(variable="good_place")},
        to_confirm={"items.good_place.variable": "Which column asks of the area?"},
    )
    (tmp_path / "pas.csv").write_text("good_plce,w\n1,1\n", encoding="utf-8")
    catalogue = Catalogue(title="t", files={"sources/surveys/panel.toml": text})
    asking = Asking(catalogue=catalogue, askers=lambda column: ["good_place_to_live"])
    with pytest.raises(DataError) as told:
        opened(tmp_path, source, ["w", "good_place", "age"], asking=asking)
    message = str(told.value)
    assert told.value.columns == ("good_place", "age")
    for words in (
        "pas.csv: column 'good_place' is not in the file",
        "looked for as 'good_place', 'NQ1', 'NQ1*'",
        "the nearest is 'good_plce'",
        "1 more are not: 'age'",
        "Needed by good_place_to_live.",
        "(items.good_place.variable, in sources/surveys/panel.toml, line 3): Which column asks",
    ):
        assert words in message


def test_labels_and_missing_codes_go_with_our_names(tmp_path):
    (tmp_path / "f.csv").write_text("F_SEX,F_AGE\n1,20\n-9,30\n", encoding="utf-8")
    table = replace(
        open_table(tmp_path / "f.csv"),
        labels={"F_SEX": {1: "Male"}},
        titles={"F_SEX": "Sex"},
        missing={"F_SEX": frozenset({-9})},
        missing_ranges={"F_AGE": ((98.0, 99.0),)},
    )
    found = renamed(table, {"age": "F_AGE", "sex": "F_SEX", "gender": "F_SEX"})
    assert found.labels == {"sex": {1: "Male"}, "gender": {1: "Male"}}
    assert found.titles["gender"] == "Sex"
    assert found.missing == {"sex": {-9}, "gender": {-9}}
    assert found.missing_ranges == {"age": ((98.0, 99.0),)}
    assert found.to_table(["gender", "age", "sex"]).to_pylist() == [
        {"gender": 1, "age": 20, "sex": 1},
        {"gender": -9, "age": 30, "sex": -9},
    ]


def test_a_layout_may_name_columns_by_our_names(tmp_path):
    (tmp_path / "f.tab").write_text("f_code\tf_x\n01\t1\n12\t2\n", encoding="utf-8")
    (tmp_path / "g.tab").write_text("f_x\tf_y\n1\t3\n", encoding="utf-8")
    source = survey(
        SourceFile(path="f.tab", wave="2014", prefix="f_"),
        SourceFile(path="g.tab", wave="2014", prefix="f_", join=("x",)),
        layout=Layout(text_columns=("code",)),
    )
    assert [row["code"] for row in rows_of(opened(tmp_path, source, ["code", "y"]))] == ["01", "12"]
