"""Each row breaks what a source says of its files, columns, cuts, areas or pools in one place."""

# ruff: noqa: E501 - a table is read one row a line

from __future__ import annotations

import pytest

from social_evidence.catalogue.load import examine

SURVEY = "sources/town_survey.toml"
COUNTS = "sources/town_counts.toml"
LAST = 'wave = "2022" }]'
WEIGHT = 'weight = "weight"'
KIND = 'kind = "microdata"'
POOL = "\npool = { waves = 2, areas = ['borough'], %s }"
OVERLAP = "overlap = 0.5, correlation = 0.5, note = 'guessed'"

FAULTS = [
    # file, what stands there, what is written instead, field, words of the message
    (SURVEY, LAST, 'wave = "2022" }, { path = "x", wave = "*" }]', "files[3].join", "is missing"),
    (SURVEY, LAST, 'wave = "2022" }, { path = "x", wave = "2024", join = ["id"] }]', "files", "of 2024 are only looked up"),
    (SURVEY, LAST, 'wave = "2022", also = ["../x"] }]', "files[2].also", "leaves the sources"),
    (SURVEY, LAST, 'wave = "2022", absent = ["x"] }]', "files[2].absent", 'combine = "rows"'),
    (SURVEY, LAST, 'wave = "2022" }, { path = "x", wave = "*", join = ["id"], absent = ["x"] }]', "files[3].absent", "looked up"),
    (SURVEY, LAST, 'wave = "2022", columns = { sex = "s*" } }]', "files[2].columns.sex", "written out"),
    (SURVEY, LAST, 'wave = "2022", columns = { sex = "" } }]', "files[2].columns.sex", "is no name"),
    (SURVEY, LAST, 'wave = "2022", columns = { sex = "s" }, absent = ["sex"] }]', "files[2].absent", "cannot be both"),
    (SURVEY, LAST, 'wave = "2020" }]', "combine", "(`join`)"),
    (COUNTS, '"town/register.xlsx" }', '"town/register.xlsx", join = ["Area"] }', "files[1].join", "for microdata"),
    (SURVEY, KIND, KIND + "\naliases = { sex = [] }", "aliases.sex", "is empty"),
    (SURVEY, KIND, KIND + '\naliases = { sex = ["*"] }', "aliases.sex", "is no name"),
    (SURVEY, KIND, KIND + '\naliases = { sex = ["s", "s"] }', "aliases.sex", "2 times"),
    (SURVEY, KIND, KIND + "\naliases = { 's*' = ['s'] }", "aliases.s*", "must be without"),
    (SURVEY, KIND, KIND + '\nto_confirm = { "items.trst.variable" = "?" }', "to_confirm.items.trst.variable", "Did you mean 'trust'?"),
    (SURVEY, 'trust = { variable = "Q1",', 'trust = { variable = "Q1", compares = { scale = "major" },', "items.trust.compares.note", "what differs"),
    (SURVEY, KIND, KIND + '\nto_confirm = { "files[3].path" = "?" }', "to_confirm.files[3].path", "'3'"),
    (SURVEY, KIND, KIND + '\nto_confirm = { "items.trust" = " " }', "to_confirm.items.trust", "is blank"),
    (SURVEY, 'columns = ["part"]', 'columns = ["part"]\ncovers = ["T2"]', "areas.covers", "'T2' is no area"),
    (COUNTS, '"town/register.xlsx" }', '"town/register.xlsx", holds = ["20x"] }', "files[1].holds", "20x"),
    (SURVEY, LAST, 'wave = "2022", holds = ["2022"] }]', "files[2].holds", "no `wave`"),
    (SURVEY, 'columns = ["part"]', 'columns = ["part"]\ngives = ["T2"]', "areas.gives", "'T2' is no area"),
    (COUNTS, 'sums = ["T1"]', 'sums = ["T1"], covers = ["T1"]', "areas.covers", "for microdata"),
    (SURVEY, 'groups = { 1 = "men", 2 = "women" } }', 'equal_parts = ["men"] }', "breakdowns.sex.equal_parts", "at least two"),
    (SURVEY, 'groups = { 1 = "men", 2 = "women" } }', 'equal_parts = ["men", "men"] }', "breakdowns.sex.equal_parts", "twice"),
    (SURVEY, 'groups = { 1 = "men", 2 = "women" } }', 'equal_parts = ["men", "womin"] }', "breakdowns.sex.equal_parts", "mean 'women'"),
    (COUNTS, '"Voters" }', '"Voters", groups.sex = { variable = "S", equal_parts = ["men", "women"] } }', "quantities.voters.groups.sex", "no people"),
    (SURVEY, KIND + "\n", KIND + POOL % "step = 3" + "\n", "pool.step", "between 1 and"),
    (SURVEY, KIND + "\n", KIND + POOL.replace("2", "1") % "step = 0" + "\n", "pool.waves", "two waves or more"),
    (SURVEY, KIND + "\n", KIND + POOL % "overlap = 0.5" + "\n", "pool.overlap", "belong together"),
    (SURVEY, KIND + "\n", KIND + POOL % "overlap = 1, correlation = 0.5" + "\n", "pool.overlap", "between 0 and 1"),
    (SURVEY, KIND + "\n", KIND + POOL % "overlap = 0.5, correlation = 0.5" + "\n", "pool.note", "is missing"),
    (SURVEY, KIND + "\n", KIND + POOL % "leave_out = { 2021 = 'why' }" + "\n", "pool.leave_out.2021", "no wave of the source"),
    (SURVEY, KIND + "\n", KIND + POOL % "leave_out = { 2020 = '' }" + "\n", "pool.leave_out.2020", "is blank"),
    (SURVEY, KIND + "\n", KIND + POOL.replace("borough", "T9") % "step = 0" + "\n", "pool.areas", "'T9' is no area"),
    (SURVEY, KIND + "\n", KIND + POOL % "beside = ['T9']" + "\n", "pool.beside", "'T9' is no area"),
    (SURVEY, KIND + "\n", KIND + POOL.replace("areas", "beside") % "step = 0" + "\n", "pool.beside", "stands beside"),
    (COUNTS, 'kind = "counts"\n', 'kind = "counts"' + POOL % "step = 0" + "\n", "pool.waves", "microdata only"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "words"), FAULTS, ids=[f"{f[3]}-{f[4]}" for f in FAULTS]
)
def test_a_fault_is_told_with_its_field_and_what_to_do(broken, file, old, new, field, words):
    _, faults = examine([broken(file, old, new)])
    told = [f for f in faults if f.file == file and f.field == field and words in f.message]
    assert told, f"wanted {field}: …{words}…; got {[str(fault) for fault in faults]}"


def test_an_overlap_is_not_assumed_where_an_id_links_people(broken, sound):
    text = sound[SURVEY].replace(WEIGHT, WEIGHT + '\nunits_recur = "id"')
    text = text.replace(KIND + "\n", KIND + POOL % OVERLAP + "\n")
    _, faults = examine([broken(SURVEY, sound[SURVEY], text)])
    assert [fault.field for fault in faults] == ["pool.overlap"]


def test_codes_that_differ_in_capitals_only_are_one_code_where_the_source_says_trim(broken, sound):
    text = sound[SURVEY].replace('1 = "men", 2 = "women"', 'M = "men", " m" = "women", 2 = "women"')
    assert examine([broken(SURVEY, sound[SURVEY], text)])[1] == ()
    trimmed = text.replace(KIND, KIND + "\ntrim = true")
    _, faults = examine([broken(SURVEY, sound[SURVEY], trimmed)])
    assert [fault.field for fault in faults] == ["breakdowns.sex"]


def test_a_source_of_joined_and_renamed_files_is_sound(broken, sound):
    files = (
        '{ path = "a.tab", wave = "2020", prefix = "f_", columns = { weight = "w" } }, '
        '{ path = "b.tab", wave = "2020", also = ["b.dta"], absent = ["happy"] }, '
        '{ path = "h.tab", wave = "2020", join = ["hidp"] }, '
        '{ path = "c.tab", wave = "2022" }, { path = "x.tab", wave = "*", join = ["pidp"] }'
    )
    text = sound[SURVEY].replace(
        '{ path = "town/2020.csv", wave = "2020" }, { path = "town/2022.csv", wave = "2022" }',
        files,
    )
    more = '\ncombine = "rows"\ncase = "lower"\ntrim = true\naliases = { weight = ["pwta*"] }'
    more += '\nto_confirm = { "files.1.columns.weight" = "?", "areas.columns" = "?" }'
    text = text.replace(KIND, KIND + more)
    assert examine([broken(SURVEY, sound[SURVEY], text)])[1] == ()
