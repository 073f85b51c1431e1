"""Colours of the style sheet: three to one between neighbours, in light, in dark and on paper."""

from __future__ import annotations

import itertools
import re
from importlib.resources import files

import pytest

SHEET = (files("social_evidence.site") / "static" / "site.css").read_text(encoding="utf-8")
CHARTS = (files("social_evidence.charts") / "sheet.py").read_text(encoding="utf-8")
CLASSES = range(1, 6)
PAIRS = tuple(itertools.combinations_with_replacement(CLASSES, 2))
Theme = dict[str, str]


def _declared(block: str) -> Theme:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6}|[A-Z]\w+)\s*;", block))


def _block(after: str) -> str:
    """The rules of the first media query of its kind, up to the next one."""
    rest = SHEET[SHEET.index(after) + len(after) :]
    return rest[: rest.index("@media")] if "@media" in rest else rest


LIGHT = _declared(SHEET[: SHEET.index("@media")])
THEMES = {
    "light": LIGHT,
    "dark": LIGHT | _declared(_block("@media (prefers-color-scheme: dark)")),
    "print": LIGHT | _declared(_block("@media print")),
}
FORCED = _declared(_block("@media (forced-colors: active)"))


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _stroke(theme: Theme, shade: int) -> str:
    """The colour of an outline of a class, as the charts' own rules have it."""
    found = re.search(rf"\.bo\.q{shade}[^{{]*\{{stroke:var\(--([\w-]+)\)", CHARTS)
    plain = re.search(r"\n\.bo\{stroke:var\(--([\w-]+)\)", CHARTS)
    assert plain
    return theme[found[1] if found else plain[1]]


def test_black_on_white_is_twenty_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("ground", ["paper", "stone"])
@pytest.mark.parametrize("words", ["ink", "ink-2", "link", "link-hover"])
def test_words_can_be_read(name: str, ground: str, words: str) -> None:
    assert contrast(THEMES[name][words], THEMES[name][ground]) >= 4.5


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("domain", ["relationships", "participation", "equality", "outcomes"])
def test_the_tab_of_a_domain_is_seen(name: str, domain: str) -> None:
    assert contrast(THEMES[name][domain], THEMES[name]["paper"]) >= 3.0


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(
    ("mark", "ground"),
    [
        *((mark, "paper") for mark in ("data", "data-bar", "data-edge", "open", "city", "past")),
        *(("hatch", "paper"), ("line", "paper")),
        *(("bead", "data-bar"), ("data", "data-band"), ("city", "city-band")),
        *(("past", "past-band"), ("data-bar", "city-band")),
    ],
)
def test_a_mark_is_seen_on_what_lies_under_it(name: str, mark: str, ground: str) -> None:
    assert contrast(THEMES[name][mark], THEMES[name][ground]) >= 3.0


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("shade", CLASSES)
def test_a_figure_is_read_on_its_shade(name: str, shade: int) -> None:
    theme = THEMES[name]
    assert contrast(theme[f"on-{shade}"], theme[f"seq-{shade}"]) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_classes_run_one_way_from_the_page(name: str) -> None:
    theme = THEMES[name]
    away = [contrast(theme[f"seq-{shade}"], theme["paper"]) for shade in CLASSES]
    assert away == sorted(away)
    assert all(high / low > 1.2 for low, high in itertools.pairwise(away))


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("shade", CLASSES)
def test_a_square_is_seen_on_the_page(name: str, shade: int) -> None:
    # Between two squares lies the page: each is told from it by its outline or by its shade.
    theme = THEMES[name]
    edges = (theme["line"], theme[f"seq-{shade}"])
    assert max(contrast(edge, theme["paper"]) for edge in edges) >= 3.0


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_areas_that_meet_are_told_apart_on_the_outline_map(
    name: str, one: int, other: int
) -> None:
    # Of two outlines that meet, the later one lies on top: either must part the two shades.
    theme = THEMES[name]
    shades = theme[f"seq-{one}"], theme[f"seq-{other}"]
    for border in (_stroke(theme, one), _stroke(theme, other)):
        steps = (contrast(shades[0], border), contrast(border, shades[1]), contrast(*shades))
        assert max(steps) >= 3.0


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("shade", CLASSES)
def test_an_area_is_seen_on_the_page_of_the_outline_map(name: str, shade: int) -> None:
    theme = THEMES[name]
    border, fill = _stroke(theme, shade), theme[f"seq-{shade}"]
    assert max(contrast(border, theme["paper"]), contrast(fill, theme["paper"])) >= 3.0


def test_forced_colours_leave_no_colour_of_our_own() -> None:
    ours = {name for name in THEMES["dark"] if not name.startswith(("focus",))}
    assert ours <= set(FORCED)
    assert all(not colour.startswith("#") for colour in FORCED.values())
    assert {FORCED[f"seq-{shade}"] for shade in CLASSES} == {"Canvas"}
    assert {FORCED[f"on-{shade}"] for shade in CLASSES} == {"CanvasText"}
    assert FORCED["bead"] != FORCED["data-bar"]
