"""Groups that share a name are told apart in a sentence."""

from __future__ import annotations

from types import SimpleNamespace

from social_evidence.site.measure_model import Block, Line
from social_evidence.site.measure_page import finding_of, told_apart


def block(heading: str, *labels: str, code: str = "lower") -> Block:
    verdict = SimpleNamespace(code=code, is_counted=False)
    told = SimpleNamespace(is_shown=True)
    lines = tuple(Line(label=one, told=told, verdict=verdict) for one in labels)
    return Block(heading=heading, lines=lines)


def test_a_group_of_two_breakdowns_is_named_with_its_breakdown() -> None:
    blocks = (block("Ethnic group", "Black", "White"), block("Nine groups", "Black"))
    assert [line.label for line in told_apart(blocks)] == [
        "Black (ethnic group)",
        "White",
        "Black (nine groups)",
    ]


def test_a_sentence_names_no_group_twice() -> None:
    blocks = (block("Ethnic group", "Black"), block("Nine groups", "Black"))
    told = finding_of(told_apart(blocks), "London as a whole", "groups")
    assert told == (
        "The figure is clearly lower than for London as a whole in the groups "
        "“Black (ethnic group)” and “Black (nine groups)”."
    )
