"""Every code has its name beside it, and no number moves."""

from __future__ import annotations

import pyarrow as pa

from social_evidence.publish.content import Content


def plain(table: pa.Table) -> list[dict[str, object]]:
    return table.to_pylist()


def test_the_named_tables_hold_the_release_row_by_row(content: Content) -> None:
    for named, stored in (
        (content.named_estimates, content.estimates),
        (content.named_comparisons, content.comparisons),
    ):
        assert plain(named.select(stored.column_names)) == plain(stored)


def test_every_code_has_its_name_after_it(content: Content) -> None:
    columns = content.named_estimates.column_names
    for code in ("measure", "part", "series", "period", "area", "breakdown", "group", "status"):
        assert columns[columns.index(code) + 1] == f"{code}_name"
    columns = content.named_comparisons.column_names
    for code in ("kind", "group_from", "area_to", "period_to", "verdict"):
        assert columns[columns.index(code) + 1] == f"{code}_name"


def test_names_are_those_people_read(content: Content) -> None:
    by_group = {(r["group"], r["statistic"]): r for r in plain(content.named_estimates)}
    crossed = by_group["female * young", "proportion"]
    assert crossed["group_name"] == "+Female, -Young"
    assert crossed["breakdown_name"] == "Sex by age"
    assert crossed["status_name"] == "Not asked"
    assert by_group["unknown", "proportion"]["group_name"] == "Not known"
    assert by_group["all", "rate"]["unit_name"] == "Per 1,000"
    assert {r["period_name"] for r in by_group.values()} >= {"2024"}


def test_a_missing_code_has_no_name(content: Content) -> None:
    hidden = [r for r in plain(content.named_estimates) if r["reliability"] is None]
    assert hidden
    assert {r["reliability_name"] for r in hidden} == {None}


def test_markers_are_bracketed_letters_of_status_and_flags(content: Content) -> None:
    found = {r["status"]: r["markers"] for r in plain(content.named_estimates)}
    assert found["protected"] in {"[c]", "[c] [s]"}
    assert found["low_base"] == "[u] [s]"
    flagged = [r for r in plain(content.named_estimates) if "break" in str(r["flags"])]
    assert [r["markers"] for r in flagged] == ["[b] [p] [s]"]
    assert flagged[0]["flags_name"] == "A new series begins here; Provisional; Synthetic"


def test_measures_and_breakdowns_come_with_their_texts(content: Content) -> None:
    assert [measure.id for measure in content.measures] == ["trust", "crime"]
    trust = content.measures[0]
    assert trust.series[0].question == {"en": "Can your neighbours be trusted?"}
    assert (trust.periods, trust.areas) == (("fy2023-24", "2024"), ("X1", "X1-N"))
    crossed = {text.id: text for text in content.breakdowns}["sex*age"]
    assert [group for group, _ in crossed.groups] == ["female * young", "female * old"]
    assert content.breakdowns[0].id == "all"


def test_a_release_that_nobody_approved_is_marked_as_a_draft(content: Content) -> None:
    assert (content.state, content.marks) == ("draft", ("synthetic", "draft"))
    assert len(content.notices) == 2
