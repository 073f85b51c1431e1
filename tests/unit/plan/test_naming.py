"""Column names: what a publisher calls a column in one edition, and what we call it in all."""

from __future__ import annotations

import pytest

from social_evidence.errors import DataError
from social_evidence.model.source import Source, SourceFile
from social_evidence.plan.naming import is_renamed, naming


def source(**more):
    return Source(
        id="panel",
        kind="microdata",
        title="Panel",
        publisher="p",
        licence="l",
        how_to_get="h",
        files=(),
        **more,
    )


def named(known, file=None, **more):
    return naming(source(**more), file or SourceFile(path="f.tab", wave="2014"), known, "f.tab")


def test_without_a_word_names_are_read_exactly():
    found = named(["Age", "sex"])
    assert [found.find("Age"), found.find("age"), found.find("sex")] == ["Age", None, "sex"]


@pytest.mark.parametrize(("case", "ours"), [("lower", "age"), ("upper", "AGE")])
def test_capitals_are_folded_before_anything_is_looked_up(case, ours):
    assert named(["AgE"], case=case).find(ours) == "AgE"


def test_a_prefix_is_taken_off_where_it_is_and_other_names_stay():
    file = SourceFile(path="f.tab", wave="2014", prefix="f_")
    found = named(["pidp", "F_HIDP", "f_sex", "f_f_x"], file, case="lower")
    names = ["pidp", "hidp", "sex", "f_x", "f_sex"]
    assert [found.find(name) for name in names] == ["pidp", "F_HIDP", "f_sex", "f_f_x", None]


def test_a_files_own_name_comes_before_every_alias_and_stands_alone():
    file = SourceFile(path="f.tab", wave="2014", prefix="f_", columns={"weight": "indscui_xw"})
    aliases = {"weight": ("weight_2", "*wt")}
    found = named(["f_indscui_xw", "weight", "weight_2"], file, aliases=aliases)
    assert found.find("weight") == "f_indscui_xw"
    assert named(["weight", "weight_2"], file, aliases=aliases).find("weight") is None


def test_our_own_name_is_read_first_unless_the_aliases_give_it_a_place():
    both = ["HHSHARE", "HHSTAT"]
    assert named(both, aliases={"HHSHARE": ("HHSTAT",)}).find("HHSHARE") == "HHSHARE"
    listed = {"HHSHARE": ("HHSTAT", "HHSHARE")}
    assert named(both, aliases=listed).find("HHSHARE") == "HHSTAT"
    assert named(["HHSTAT"], aliases={"HHSHARE": ("HHSTAT",)}).find("HHSHARE") == "HHSTAT"


def test_the_first_alias_that_a_file_has_is_read():
    aliases = {"capital": ("TOTCAPB4", "TOTCAPB3")}
    assert named(["TOTCAPB3", "TOTCAPB4"], aliases=aliases).find("capital") == "TOTCAPB4"
    assert named(["TOTCAPB3"], aliases=aliases).find("capital") == "TOTCAPB3"


@pytest.mark.parametrize(
    ("pattern", "fits"), [("PWTA*", "PWTA18"), ("*18", "PWTA18"), ("P*A1*", "PWTA18"), ("X*", None)]
)
def test_a_pattern_fits_one_column(pattern, fits):
    assert named(["PWTA18", "SEX"], aliases={"weight": (pattern,)}).find("weight") == fits


def test_a_pattern_that_fits_two_columns_is_refused_with_both():
    with pytest.raises(DataError, match=r"2 columns fit 'PWTA\*'.*'PWTA18', 'PWTA20'"):
        named(["PWTA18", "PWTA20"], aliases={"weight": ("PWTA*",)}).find("weight")


def test_two_columns_that_fold_to_one_name_are_refused_only_where_it_is_needed():
    found = named(["Sex", "SEX", "Age"], case="lower")
    assert found.find("age") == "Age"
    with pytest.raises(DataError, match=r"2 columns fit 'sex'.*'Sex', 'SEX'"):
        found.find("sex")


def test_signs_of_a_pattern_language_mean_themselves():
    assert named(["a.b", "aXb"], aliases={"x": ("a.*",)}).find("x") == "a.b"


def test_all_columns_keep_the_files_order_under_our_names_or_their_own():
    found = named(["Month", "Area name", "1", "2"], aliases={"area": ("Area Name", "Area name")})
    assert list(found.everything(["area", "absent"]).items()) == [
        ("Month", "Month"),
        ("area", "Area name"),
        ("1", "1"),
        ("2", "2"),
    ]


def test_a_file_is_renamed_only_where_something_says_so():
    plain = SourceFile(path="a", wave="2014")
    assert not is_renamed(source(), plain)
    assert is_renamed(source(case="lower"), plain)
    assert is_renamed(source(aliases={"a": ("b",)}), plain)
    assert is_renamed(source(), SourceFile(path="a", prefix="f_"))
