"""What the script of comparing reads, against the release: figures, and verdicts either way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from social_evidence.app.site_input import site_input
from social_evidence.model.comparison import Comparison
from social_evidence.site.choices import Choices
from social_evidence.site.figures import verdict_of
from social_evidence.site.free_pairs import compare_files

TURNED = {"Higher": "Lower", "Lower": "Higher"}


def value(text: str) -> Any:
    """The value a file of the script assigns."""
    return json.loads(text.split("=", 3)[-1].rstrip().removesuffix(";"))


@pytest.fixture(scope="module")
def families(made) -> Mapping[str, tuple[list[Any], list[Any]]]:
    """Family -> how it may be chosen, and its lines."""
    folder = made.folder / "static"
    listed = value((folder / "compare-choices.js").read_text(encoding="utf-8"))["families"]
    return {
        one[0]: (one, value((made.folder / one[2]).read_text(encoding="utf-8"))) for one in listed
    }


@pytest.fixture(scope="module")
def compared(made) -> Mapping[tuple[str, str, frozenset[str]], list[tuple[Comparison, str]]]:
    """Title of the measure and the two sides -> comparisons of the release, with the first side."""
    found: dict[tuple[str, str, frozenset[str]], list[tuple[Comparison, str]]] = {}
    for record in made.release.comparisons.to_pylist():
        one = Comparison(**record)
        is_group = one.area_from == one.area_to
        sides = (one.group_from, one.group_to) if is_group else (one.area_from, one.area_to)
        if one.kind in {"pair", "area", "comparator"}:
            family = one.breakdown if is_group else "areas"
            key = (one.measure, family, frozenset(sides))
            found.setdefault(key, []).append((one, sides[1]))
    return found


def test_every_verdict_is_one_of_the_releases_seen_from_its_side(made, compared) -> None:
    choices = Choices(site_input(made.release.stored.folder, is_public=True))
    # As if no pair had a page of its own, so that all of them are told.
    *files, (_, chosen) = compare_files(choices, there=())
    lines_of = {path: value(text) for path, text in files}
    told = 0
    for family, _, path, _, ready in value(chosen)["families"]:
        assert ready == {}
        for line in lines_of[path]:
            measure = line["path"].split("/")[1].replace("-", "_")
            unit = made.measures[measure].unit
            for pair, (word, size, back, back_size, counted) in line["verdicts"].items():
                first, second = pair.split("|")
                known = [
                    (verdict_of(one, unit), to)
                    for one, to in compared[measure, family, frozenset((first, second))]
                ]
                assert back == TURNED.get(word, word)
                assert any(
                    (word, size) == (verdict.word, verdict.size)
                    if to == first
                    else (back, back_size) == (verdict.word, verdict.size)
                    for verdict, to in known
                    if verdict is not None and verdict.is_counted == counted
                ), (family, measure, pair)
                told += 1
    assert told


def test_a_pair_with_a_page_of_its_own_is_led_to_it_and_not_told_twice(made, families) -> None:
    for choice, lines in families.values():
        for pair, page in choice[4].items():
            assert (made.folder / page).is_file()
            first, second = pair.split("|")
            for line in lines:
                assert not {pair, f"{second}|{first}"} & set(line["verdicts"])


def test_hidden_sides_have_words_and_no_verdict(families) -> None:
    for _, lines in families.values():
        for line in lines:
            for side, (words, _, _, is_shown) in line["sides"].items():
                assert words
                if not is_shown:
                    assert not any(side in pair.split("|") for pair in line["verdicts"])


def test_every_figure_leads_to_its_cell(made, families) -> None:
    cells = {
        f"{path}#{row_id}": cells[1]
        for path, page in made.pages.items()
        if path.startswith("c/")
        for row_id, cells, _ in page.rows
        if row_id
    }
    for _, lines in families.values():
        for line in lines:
            for words, _, href, _ in line["sides"].values():
                assert cells[href] == words, href
