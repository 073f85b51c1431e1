"""What a listener is told of each type of chart: the browser's own tree of names and roles."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

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


HEARD = {
    "groups": (
        *("Age 16 to 24 31% (26 to 36)", "75 and over 13% (9 to 18)"),
        *("Disability Disabled 30% (28 to 33)", "Ethnic group Pakistani or Bangladeshi"),
        "Gypsy, Roma or Irish Traveller Too few people to say White Irish Not asked",
        *("Counted in full 17% counted", "No range given 17% no range given"),
        *("Modelled 26% (22 to 30)", "Does not apply Does not apply"),
    ),
    "money": ("Women £1,240 (£1,180 to £1,310)", "Men £1,420 (£1,350 to £1,500)"),
    "trend": (
        *("New question from 2019", "London, 2011: 19% (17 to 22)", "London, 2017: 22% (20 to 24)"),
        *("London, 2019: 24% (22 to 26)", "London, 2025: 21% (19 to 24)"),
    ),
    "trend-of-many": (
        *("Another survey from 2012", "Citizenship Survey, 2004: 31% (29 to 34)"),
        *("Community Life, 2013: 35% (33 to 38)", "Community Life, 2014: Too few people to say"),
        "Community Life, online, 2024: 38% (36 to 40)",
    ),
    "two-places": ("Newham, 2019: 52% (50 to 55)", "Camden, 2024: 65% (63 to 68)"),
    "quarters": ("2012: 7.5 (7.4 to 7.6)", "2016: 7.0 (6.9 to 7.1)", "2023: 7.4 (7.3 to 7.5)"),
    "tile-map": (
        "ENF 21. Enfield: 16 to 26 per cent, cannot tell",
        "HRW 30. Harrow: 24 to 36 per cent, higher",
        "City of London: Too few people to say",
        "Sutton: Not available",
    ),
    "outline-map": (
        "Barking and Dagenham: 19 to 33 per cent, cannot tell",
        "City of London: Too few people to say",
        "Sutton: Not available",
    ),
    "profile-1": (
        "All friends from the same ethnic group 31% (18 to 30) Cannot tell",
        "Two-year-olds who take up free early education › 67% (18 to 30) Higher",
        "Hate crimes recorded per 1,000 people 2.9 counted Higher",
        "Member of an organisation Too few people to say",
    ),
    "profile-2": ("Volunteered 28% (18 to 30) Cannot tell", "Has the vote Does not apply"),
    "dumbbell": (
        "All friends of a similar age Fewer: −9 points (−15 to −3) Before 38% After 29%",
        "All friends with a similar income Cannot tell: −4 points (−10 to +2)",
    ),
    "took-part": ("Women 88% London 52%", "Disabled 11% London 9%"),
    "bars": (
        *("640 joined a funded project", "338 answered before and after"),
        "asked to be left out: Too few people to say",
    ),
    "rates": ("2.4 (2.1 to 2.8) Camden", "0.7 (0.5 to 1.0) Sutton"),
    "multiples": (
        *("2019: 33% (31 to 36)", "2025: 31% (29 to 34)", "2019: 17% (15 to 19)"),
        "2025: 15% (13 to 18)",
    ),
    "slope": (
        "Disabled people: 34% (31 to 37); 29% (26 to 32). Fell",
        "Men: 24% (21 to 27); 23% (20 to 26). Cannot tell",
        "People in social housing: 26% (23 to 29); 33% (30 to 36). Rose",
        "Gypsy, Roma or Irish Traveller: Too few people to say",
    ),
    "funnel": ("Enfield: 85.0% counted, Cannot tell", "counted, Higher", "counted, Lower"),
    "ranks": ("Enfield 1 (1 to 8) Harrow 2 (1 to 9)", "Sutton 33 (27 to 33)"),
}
"""Chart of the gallery -> what a listener hears of it, in this order."""


@pytest.fixture(scope="module")
def drawings() -> ModuleType:
    """The script that draws every chart."""
    spec = importlib.util.spec_from_file_location("chart_gallery", ROOT / "tools/chart_gallery.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def gallery(drawings: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with every chart, of made-up values."""
    folder = tmp_path_factory.mktemp("gallery")
    drawings.main(folder)
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


def test_every_way_of_drawing_is_in_the_gallery_and_heard(drawings: ModuleType) -> None:
    assert set(HEARD) == set(drawings.charts())
    made = Path(drawings.__file__).read_text(encoding="utf-8")
    folder = ROOT / "src/social_evidence/charts"
    found = re.findall(
        r"^def ([a-z]\w+)\([^)]*\) -> (?:Chart|tuple\[Chart, \.{3}\]):",
        "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))),
        re.MULTILINE,
    )
    assert len(found) >= 10
    # Rows are drawn by the dot plot and by profiles, never by themselves.
    assert [name for name in found if f"{name}(" not in made] == ["draw_rows"]


def leaves(node, by_id) -> list[str]:
    """What is said of a node and all below it, in order, each once."""
    said: list[str] = []
    for one in [by_id[child] for child in node.get("childIds", []) if child in by_id]:
        own = "" if one.get("ignored") else text_of(one, "name")
        inner = leaves(one, by_id)
        # A name given by hand replaces what stands inside.
        said += inner if not own or own == "".join(inner) else [own]
    return said


@pytest.mark.parametrize("name", HEARD)
@pytest.mark.parametrize("width", [320, 1280])
def test_a_listener_hears_each_mark_with_its_figure_its_range_and_its_state_in_order(
    tab, gallery, name: str, width: int
) -> None:
    tab.resize(width)
    tab.open(gallery.as_uri())
    # The section's own charts are heard; the others are taken out to make sure of it.
    tab.evaluate(
        "document.querySelectorAll('main > :not(h1)').forEach(one => { if "
        f"(one.querySelector('h2')?.textContent !== {name!r}) one.remove(); }})"
    )
    heard, by_id = tree(tab)
    charts = [
        node
        for node in heard
        if text_of(node, "role") == "group"
        and any(words in text_of(node, "name") for words in TYPES.values())
    ]
    assert charts
    told = re.sub(r"\s+", " ", " ".join(said for chart in charts for said in leaves(chart, by_id)))
    at = 0
    for words in HEARD[name]:
        found = told.find(words, at)
        assert found >= 0, (words, told[at:][:400])
        at = found + len(words)


_BESIDE = """[...document.querySelectorAll('main figure')].map(figure => {
  const charts = [...figure.querySelectorAll('svg.ch[role=group]')].filter(c =>
    c.getClientRects().length);
  let next = figure.nextElementSibling;
  while (next && (next.tagName === 'FIGURE' || next.classList.contains('tools')))
    next = next.nextElementSibling;
  return charts.length && next ? [charts.map(c => c.getAttribute('aria-label')),
    charts.map(c => [...c.querySelectorAll('.p')].map(p => p.getAttribute('aria-label') ||
      p.textContent).join(' | ')).join(' | '), next.textContent] : null;
}).filter(Boolean)"""


def test_a_chart_tells_no_figure_that_the_table_after_it_lacks(tab, site) -> None:
    """On real pages: every figure that a mark is named by stands in the table right after."""
    compared = 0
    for page in site.pages:
        tab.open(site.at(page))
        for names, told, table in tab.evaluate(_BESIDE):
            figures = set(re.findall(r"[−+£]?\d[\d,.]*%|\(\S+ to \S+\)", told))
            # A table writes the unit of both ends of a range; a chart, where there is less room,
            # that of the figure before it.
            row = re.sub(r"(\d)%( to )", r"\1\2", re.sub(r"\s+", " ", table))
            missing = {one for one in figures if one.strip("()") not in row}
            assert not missing, (page, names, missing)
            compared += len(figures)
    assert compared > 10


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
