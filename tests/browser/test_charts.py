"""What a listener is told of each type of chart: the browser's own tree of names and roles."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path

import pytest

from social_evidence.charts.words import ENGLISH

ROOT = Path(__file__).resolve().parents[2]
TYPES = {
    "interval dot plot": ENGLISH.dots,
    "line": ENGLISH.lines,
    "bars": ENGLISH.bars,
    "dumbbell": ENGLISH.dumbbell,
    "slope": ENGLISH.slope,
    "funnel": ENGLISH.funnel,
    "squares": ENGLISH.tiles,
    "outlines": ENGLISH.outlines,
    "profile": ENGLISH.profile,
    "ranks": ENGLISH.ranks,
}


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with every chart, of made-up values."""
    spec = importlib.util.spec_from_file_location("chart_gallery", ROOT / "tools/chart_gallery.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("gallery")
    module.main(folder)
    return folder / "index.html"


def tree(tab) -> tuple[list[Mapping[str, object]], Mapping[str, Mapping[str, object]]]:
    """The nodes that a listener meets, in order, and all by id."""
    nodes = tab.call("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}
    return [node for node in nodes if not node.get("ignored")], by_id


def text_of(node, key: str) -> str:
    return str(node.get(key, {}).get("value", ""))


def below(node, by_id) -> list[Mapping[str, object]]:
    found, waiting = [], list(node.get("childIds", []))
    while waiting:
        one = by_id.get(waiting.pop(0))
        if one is not None:
            found.append(one)
            waiting += one.get("childIds", [])
    return found


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("width", [320, 1280])
def test_a_listener_hears_the_name_and_the_figures_of_each_type(
    tab, gallery, name: str, width: int
) -> None:
    tab.resize(width)
    tab.open(gallery.as_uri())
    heard, by_id = tree(tab)
    charts = [
        node
        for node in heard
        if text_of(node, "role") == "group" and TYPES[name] in text_of(node, "name")
    ]
    assert charts, f"no group is named {TYPES[name]}"
    for chart in charts:
        inside = [one for one in below(chart, by_id) if not one.get("ignored")]
        told = " ".join(text_of(one, "name") for one in inside)
        assert any(letter.isdigit() for letter in told), text_of(chart, "name")
        assert not [one for one in inside if text_of(one, "role") in {"SvgRoot", "unknown"}]


def test_a_wide_and_a_narrow_form_are_never_both_heard(tab, gallery) -> None:
    for width in (320, 1280):
        tab.resize(width)
        tab.open(gallery.as_uri())
        heard, _ = tree(tab)
        names = [
            text_of(node, "name")
            for node in heard
            if text_of(node, "role") == "group" and ENGLISH.dots in text_of(node, "name")
        ]
        shown = tab.evaluate(
            "[...document.querySelectorAll('svg.ch[role=group]')].filter(c => "
            f"c.getAttribute('aria-label').includes({ENGLISH.dots!r}) && "
            "c.getClientRects().length).length"
        )
        assert len(names) == shown


def test_no_words_of_the_gallery_lie_on_others(tab, gallery, checks) -> None:
    for width in (320, 768, 1280):
        tab.resize(width)
        tab.open(gallery.as_uri())
        assert checks.letters(tab) == []
