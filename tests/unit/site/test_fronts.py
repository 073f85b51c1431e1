"""The state of a domain at a glance."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from social_evidence.site.fronts import clearest, plainness, state_words
from social_evidence.site.measure_model import Block, GroupFigure


def test_every_figure_of_a_domain_is_counted_once() -> None:
    codes = ("higher", "lower", "no_clear_difference", "no_clear_difference", "cannot_say", "")
    told = state_words([SimpleNamespace(code=code, is_same=False) for code in codes])
    assert told == (
        "Of 6 figures, 1 rose, 1 fell, 2 may or may not have changed and 2 had nothing "
        "earlier to compare."
    )


def test_a_count_that_is_the_same_has_not_moved_either_way() -> None:
    same = SimpleNamespace(code="no_clear_difference", is_same=True)
    assert state_words([same]) == "Of 1 figure, 1 stayed the same."


def standing(**changed: object) -> SimpleNamespace:
    row = {"status": "shown", "reliability": "A", "breakdown": "all", "method": "survey"}
    row |= {name: value for name, value in changed.items() if name in row}
    measure = {"supporting": changed.get("supporting", False), "parts": changed.get("parts", ())}
    return SimpleNamespace(
        measure=SimpleNamespace(**measure),
        told=SimpleNamespace(row=SimpleNamespace(**row)),
        note=changed.get("note", ""),
    )


@pytest.mark.parametrize(
    "worse",
    [
        {"reliability": "C"},
        {"reliability": "D"},
        {"reliability": None},
        {"status": "low_base"},
        {"note": "Another question"},
        {"supporting": True},
        {"breakdown": "sex"},
        {"parts": ("age",)},
        {"method": "published"},
    ],
)
def test_the_first_page_tells_the_figure_that_stands_best(worse: dict[str, object]) -> None:
    assert plainness(standing()) < plainness(standing(**worse))
    assert plainness(standing(method="published", parts=("age",))) < plainness(
        standing(reliability="D")
    )


def test_a_measure_without_a_figure_is_told_last() -> None:
    without = SimpleNamespace(measure=SimpleNamespace(supporting=False, parts=()), told=None)
    assert plainness(standing(supporting=True)) <= plainness(without)


def groups(breakdown: str, *codes: str) -> Block:
    return Block(
        heading=breakdown,
        lines=tuple(
            SimpleNamespace(
                label=f"{breakdown} {at}",
                told=SimpleNamespace(row=SimpleNamespace(breakdown=breakdown), is_shown=True),
                verdict=SimpleNamespace(code=code, is_counted=False),
            )
            for at, code in enumerate(codes)
        ),
    )


def of_groups(*blocks: Block) -> SimpleNamespace:
    headline = SimpleNamespace(row="the headline")
    shown = GroupFigure(period="2025", source="s", blocks=blocks, everybody=headline, finding="")
    return SimpleNamespace(headline=headline, groups=(shown,))


def test_a_measure_is_told_by_the_groups_that_differ_most() -> None:
    unclear = "no_clear_difference"
    model = of_groups(groups("sex", "higher", unclear), groups("age", "higher", "lower", unclear))
    chosen = clearest(model, "London")
    assert chosen is not None
    assert [block.heading for block in chosen.blocks] == ["age"]
    assert "age 0" in chosen.finding
    assert "sex" not in chosen.finding


def test_a_measure_whose_groups_do_not_differ_is_told_over_time() -> None:
    assert clearest(of_groups(groups("sex", "no_clear_difference")), "London") is None
    assert clearest(of_groups(groups("ward", *["higher"] * 12)), "London") is None
