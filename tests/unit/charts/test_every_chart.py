"""What holds for every kind of chart."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from social_evidence.charts.alone import standalone
from social_evidence.charts.figure import figure, key_items
from social_evidence.charts.inlining import declared_for
from social_evidence.charts.points import Shades
from social_evidence.charts.sheet import RULES
from social_evidence.charts.svg import escape

KINDS = (
    *("dots", "lines", "tiles", "outlines", "profile", "dumbbell", "took_part", "counts"),
    *("rates", "multiples", "slope", "funnel", "ranks"),
)
TOKENS = {
    name: "#123456" if name != "sans" else "sans-serif"
    for name in re.findall(r"--([a-z0-9-]+)", RULES)
}
SHADES = Shades(limits=(0.14, 0.26), words=("Under 14%", "14 to 25%", "26% or more"))


def parsed(markup: str) -> ET.Element:
    return ET.fromstring(f"<body>{markup}</body>")


def test_every_kind_is_in_the_list(charts) -> None:
    assert sorted(charts) == sorted(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_well_formed(charts, kind) -> None:
    assert parsed(charts[kind].svg) is not None


@pytest.mark.parametrize("kind", KINDS)
def test_it_has_a_name_that_says_its_subject(charts, kind) -> None:
    chart = charts[kind]
    drawings = [e for e in parsed(chart.svg).iter("svg") if "ch" in (e.get("class") or "").split()]
    assert drawings
    for drawing in drawings:
        assert drawing.get("role") == "group"
        assert len(drawing.get("aria-label", "")) > 10
    assert chart.label


@pytest.mark.parametrize("kind", KINDS)
def test_no_style_no_script_no_title_no_number_that_is_none(charts, kind) -> None:
    chart = charts[kind]
    tree = parsed(chart.svg)
    assert not [e for e in tree.iter() if "style" in e.attrib]
    assert not [e for e in tree.iter() if any(name.startswith("on") for name in e.attrib)]
    assert {e.tag for e in tree.iter()} & {"script", "style", "title", "foreignObject"} == set()
    assert not re.search(r"\b(nan|inf|None)\b", chart.svg)


@pytest.mark.parametrize("kind", KINDS)
def test_colours_come_by_class_and_tokens_only(charts, kind) -> None:
    paints = {
        element.get(name)
        for element in parsed(charts[kind].svg).iter()
        for name in ("fill", "stroke", "color")
        if element.get(name)
    }
    assert paints <= {"url(#hh)", "currentColor", "none", "var(--ink)"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_class_has_a_rule(charts, kind) -> None:
    chart = charts[kind]
    drawn = figure(chart, "Title", reference="London", shades=SHADES)
    used = {name for e in parsed(drawn).iter() for name in (e.get("class") or "").split()}
    ruled = set(re.findall(r"\.([a-zA-Z][\w-]*)", RULES))
    of_the_page = {"key", "desc", "chip", "mult", "p", "ruler", "ks", "narrow", "x"}
    assert used - ruled - of_the_page == set()


@pytest.mark.parametrize("kind", KINDS)
def test_no_attribute_is_overruled_by_a_rule(charts, kind) -> None:
    for element in parsed(charts[kind].svg).iter():
        names = tuple((element.get("class") or "").split())
        ruled = {name for name, _ in declared_for(element.tag, names, is_map=True)}
        assert ruled & set(element.attrib) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_texts_beside_each_other_have_white_space_between(charts, kind) -> None:
    assert not re.search(r"</text><text|</tspan><tspan|</text></g><text", charts[kind].svg)


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_is_named_by_what_is_seen_first(charts, kind) -> None:
    for anchor in parsed(charts[kind].svg).iter("a"):
        seen = " ".join("".join(anchor.itertext()).split())
        name = anchor.get("aria-label")
        assert name is None or not seen or name.startswith(seen)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_never_put_round_a_link(charts, kind) -> None:
    for element in parsed(charts[kind].svg).iter():
        if element.get("role") == "img":
            assert element.get("aria-label")
            assert not list(element.iter("a"))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"tiles", "outlines"}])
@pytest.mark.parametrize("wider", [1.0, 1.7])
def test_no_text_is_cut_off_or_lies_on_another(charts, read_words, read_forms, kind, wider) -> None:
    for svg, least in read_forms(charts[kind]):
        width = least * wider
        words = [w for w in read_words(svg, width) if width >= 544 or "xw" not in w.classes]
        for one in words:
            assert one.left >= -1.0, one
            assert one.right <= width + 2.0, one
        assert [(a.text, b.text) for a, b in combinations(words, 2) if a.meets(b)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_explains_every_mark_it_lists(charts, kind) -> None:
    chart = charts[kind]
    drawn = parsed(figure(chart, "Title", reference="London", shades=SHADES))
    listed = [li for ul in drawn.iter("ul") if ul.get("class") == "key" for li in ul]
    assert len(listed) == len(chart.key)
    assert all("".join(li.itertext()).strip() for li in listed)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_drawn_alike_each_time(charts, charts_again, kind) -> None:
    assert charts_again[kind] == charts[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_its_own_needs_nothing_else(charts, kind) -> None:
    key = key_items(charts[kind].key, reference="London", shades=SHADES)
    file = standalone(charts[kind], TOKENS, title="A <b>", lines=("Synthetic.",), key=key)
    tree = ET.fromstring(file)
    assert tree.get("width") == "688"
    assert "var(--" not in file
    assert "%" not in re.sub(r">[^<]*<|aria-label=\"[^\"]*\"", "", file)
    assert not list(tree.iter("{http://www.w3.org/2000/svg}a"))
    assert "http" not in file.replace("http://www.w3.org/2000/svg", "")
    assert "Synthetic." in file
    assert not re.search(r"\drem\b|@container|<style| style=| class=", file)
    assert all(escape(named) in file for _, named in key)
