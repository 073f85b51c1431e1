from __future__ import annotations

import os

import pytest

from social_evidence.catalogue.load import examine, load
from social_evidence.errors import DefinitionError


def test_a_sound_folder_gives_records_by_id_without_faults(folder):
    catalogue = load([folder()])
    assert catalogue.title == "A small town"
    assert list(catalogue.measures) == ["registered", "trusting"]
    assert list(catalogue.sources) == ["town_counts", "town_survey"]
    assert catalogue.measures["trusting"].series[0].numerator == ("most",)
    assert catalogue.sources["town_survey"].missing["*"] == (-9, "n/a")
    assert catalogue.areas.leaves("T1") == ("N1", "S1")


def test_series_are_named_by_source_and_numbered_from_the_second_of_a_part(folder):
    text = """
version = 1
title = "Friends"
domain = "relationships"
theme = "t"
rationale = "r"
direction = "neutral"
unit = "share"
statistic = "proportion"
headline = { part = "one" }
parts = [{ id = "one", title = "One" }, { id = "two", title = "Two" }]
"""
    series = """
[[series]]
source = "town_survey"
part = "{part}"
item = "trust"
denominator = ["most", "some"]
numerator = ["most"]
periods = ["{period}"]
"""
    pairs = [("one", "2020"), ("one", "2022"), ("two", "2020")]
    text += "".join(series.format(part=part, period=period) for part, period in pairs)
    catalogue = load([folder({"measures/friends.toml": text})])
    names = [series.id for series in catalogue.measures["friends"].series]
    assert names == ["town_survey", "town_survey_2", "town_survey"]


def test_the_digest_changes_with_any_character_and_not_with_the_place(folder):
    here = load([folder(name="town")])
    there = load([folder(name="elsewhere")])
    changed = load([folder({"catalogue.toml": 'title = "A small towns"\n'}, name="third")])
    assert here.digest == there.digest != changed.digest
    assert here.files["catalogue.toml"] == 'title = "A small town"\n'


def test_several_folders_merge_and_keep_their_files_apart(folder):
    first = folder(name="town")
    empty = dict.fromkeys(_all_but_heading())
    second = folder({**empty, "questions/mood.toml": 'text = { en = "?" }\n'}, name="more")
    catalogue = load([first, second])
    assert set(catalogue.questions) == {"asked_today", "life_satisfaction", "mood", "trust"}
    assert "more/questions/mood.toml" in catalogue.files
    assert "town/catalogue.toml" in catalogue.files


def test_a_later_folder_may_not_define_an_id_again(folder):
    empty = dict.fromkeys(_all_but_heading())
    again = {**empty, "questions/trust.toml": 'text = { en = "?" }\n'}
    first, second = folder(name="town"), folder(again, name="more")
    with pytest.raises(DefinitionError, match=r"defined already, in town/questions/trust.toml"):
        load([first, second])


def _all_but_heading() -> list[str]:
    return [
        "areas.toml",
        *(f"questions/{name}.toml" for name in ("trust", "asked_today", "life_satisfaction")),
        *(f"breakdowns/{name}.toml" for name in ("sex", "age_band")),
        *(f"sources/{name}.toml" for name in ("town_survey", "town_counts")),
        *(f"measures/participation/{name}.toml" for name in ("trusting", "registered")),
    ]


def test_all_faults_of_all_files_are_told_at_once_sorted_by_file(folder):
    changed = {
        "sources/town_counts.toml": 'kind = "count"\n',
        "questions/trust.toml": 'text = "Can people be trusted?"\n',
        "areas.toml": "[[areas]\n",
    }
    with pytest.raises(DefinitionError) as refusal:
        load([folder(changed)])
    lines = str(refusal.value).splitlines()[1:]
    files = [line.strip().split(":")[0] for line in lines]
    assert files == sorted(files)
    assert {"areas.toml", "questions/trust.toml", "sources/town_counts.toml"} <= set(files)
    assert "areas.toml: is no valid TOML" in str(refusal.value)
    assert "line 1" in next(line for line in lines if "areas.toml" in line)
    assert sum("town_counts" in line for line in lines) >= 6, "each missing field is told"


def test_a_definition_that_cannot_be_read_causes_no_faults_elsewhere(folder):
    catalogue, faults = examine([folder({"sources/town_survey.toml": 'kind = "microdata"\n'})])
    assert {fault.file for fault in faults} == {"sources/town_survey.toml"}
    assert "trusting" in catalogue.measures


def test_an_area_that_cannot_be_read_causes_no_faults_elsewhere(broken):
    _, faults = examine([broken("areas.toml", 'name = "North"', "name = 4")])
    assert [(fault.file, fault.field) for fault in faults] == [("areas.toml", "areas[2].name")]


@pytest.mark.parametrize("change", ["", None])
def test_a_folder_without_heading_is_no_catalogue(tmp_path, change):
    if change is None:
        tmp_path /= "nowhere"
    with pytest.raises(DefinitionError, match=r"no catalogue.toml"):
        load([tmp_path])


def test_no_folder_at_all_is_refused():
    with pytest.raises(DefinitionError, match="no catalogue was named"):
        load([])


def test_text_that_is_not_utf8_is_told_with_its_file(folder):
    town = folder()
    (town / "questions" / "trust.toml").write_bytes(b'text = { en = "caf\xe9" }\n')
    with pytest.raises(DefinitionError, match=r"questions/trust.toml: is not UTF-8"):
        load([town])


def test_a_byte_order_mark_is_no_part_of_a_definition(folder):
    town = folder()
    heading = town / "catalogue.toml"
    heading.write_bytes(b"\xef\xbb\xbf" + heading.read_bytes())
    assert load([town]).title == "A small town"


def test_nesting_without_end_is_told_and_not_followed(folder):
    deep = "text = " + "[" * 100_000
    _, faults = examine([folder({"questions/trust.toml": deep})])
    assert any("nested too deeply" in f.message or "no valid TOML" in f.message for f in faults)


def test_a_folder_named_like_a_file_is_told(folder):
    town = folder()
    (town / "questions" / "more.toml").mkdir()
    _, faults = examine([town])
    (fault,) = faults
    assert (fault.file, "cannot be read" in fault.message) == ("questions/more.toml", True)


def test_a_name_that_is_not_utf8_is_a_fault_like_any_other(folder):
    town = folder()
    (town / "questions" / os.fsdecode(b"caf\xe9.toml")).write_text('text = { en = "?" }\n')
    _, faults = examine([town])
    assert any("lower_snake_case" in fault.message for fault in faults)
