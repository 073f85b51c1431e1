from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.charts.svg import element, escape, is_safe_link, link, number, percent


@given(st.text())
def test_any_text_is_shown_as_text(text: str) -> None:
    tree = ET.fromstring(element("text", escape(text), aria_label=text))
    assert len(tree) == 0
    assert tree.get("aria-label", "") == (tree.text or "")


def test_marks_that_turn_the_order_of_letters_are_left_out() -> None:
    assert escape("safe\u202egnp.exe\u2066") == "safegnp.exe"


def test_what_xml_forbids_is_left_out() -> None:
    assert escape("a\x00\x08\ufffe\nb") == "a b"


@pytest.mark.parametrize(
    "address", ["areas/camden/index.html", "#t", "../x/index.html", "https://a.example/b", "a?b:c"]
)
def test_addresses_that_can_be_followed(address: str) -> None:
    assert is_safe_link(address)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\tscript:x",
        "data:text/html,x",
        "vbscript:x",
    ],
)
def test_an_address_that_would_run_something_is_no_link(address: str) -> None:
    assert not is_safe_link(address)
    drawn = ET.fromstring(link("<path/>", address, "Camden"))
    assert drawn.tag == "g"
    assert drawn.get("aria-label") == "Camden"


@given(st.floats(-1e6, 1e6))
def test_a_coordinate_has_one_decimal_and_no_idle_zeros(value: float) -> None:
    text = number(value)
    assert abs(float(text) - value) <= 0.05 + 1e-6
    assert text != "-0"
    assert not text.endswith(".0")


def test_a_place_across_has_two_decimals_at_most() -> None:
    assert percent(27.0) == "27%"
    assert percent(100 / 3) == "33.33%"


def test_empty_attributes_are_left_out() -> None:
    assert element("a", None, class_="", href=None, stroke_width=1.5) == '<a stroke-width="1.5"/>'
