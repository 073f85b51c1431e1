from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.charts.cards import Card, social_card
from social_evidence.charts.lettering import text_width
from social_evidence.charts.points import Point, Reference
from social_evidence.charts.scales import SHARES
from social_evidence.charts.sheet import RULES
from social_evidence.charts.strips import ALL

TOKENS = dict.fromkeys(re.findall(r"--([a-z0-9-]+)", RULES), "#123")
SVG = "{http://www.w3.org/2000/svg}"
POINT = Point(label="London", estimate=0.21, lower=0.19, upper=0.23, value="21%")


def card(**more: object) -> ET.Element:
    words = {"site": "Social evidence", "title": "No one to rely on", "sentence": "About 1 in 5."}
    return ET.fromstring(social_card(Card(**(words | more)), TOKENS))


def texts(tree: ET.Element) -> list[str]:
    return [element.text or "" for element in tree.iter(f"{SVG}text")]


def test_a_card_is_as_large_as_shared_pictures_are() -> None:
    tree = card()
    assert (tree.get("width"), tree.get("height")) == ("1200", "628")
    assert {"Social evidence", "No one to rely on", "About 1 in 5."} <= set(texts(tree))


def test_a_ruler_shows_the_range_and_what_it_is_set_against() -> None:
    rest = Reference(label="Rest of England", estimate=0.15)
    tree = card(point=POINT, axis=SHARES, ends=ALL, reference=rest)
    (bar,) = [r for r in tree.iter(f"{SVG}rect") if r.get("rx")]
    assert float(bar.get("x", "")) == pytest.approx(528 * 0.19)
    assert {"0%", "50%", "100%", "Rest of England"} <= set(texts(tree))


def test_a_hidden_figure_has_no_ruler() -> None:
    tree = card(point=Point(label="x", status="protected"), axis=SHARES, ends=ALL)
    assert not [g for g in tree.iter(f"{SVG}g") if g.get("transform")]


@given(st.text("abc WM", max_size=300), st.text("abc WM", max_size=600))
@settings(max_examples=60, deadline=None)
def test_whatever_is_said_stays_on_the_card(title: str, sentence: str) -> None:
    for element in card(title=title, sentence=sentence).iter(f"{SVG}text"):
        size = float(element.get("font-size", "0px").removesuffix("px"))
        bold = element.get("font-weight") == "700"
        assert 72 + text_width(element.text or "", size=size, bold=bold) <= 1200 - 40
        assert size <= float(element.get("y", "0")) <= 600


def test_a_sentence_that_is_cut_says_so() -> None:
    assert any(line.endswith("…") for line in texts(card(sentence="word " * 200)))
