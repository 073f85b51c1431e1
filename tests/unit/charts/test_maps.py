from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from social_evidence.charts.figure import key_items
from social_evidence.charts.lettering import text_width
from social_evidence.charts.maps import area_finder, outline_map, tile_map
from social_evidence.charts.points import (
    AreaFigures,
    Chart,
    Outline,
    Outlines,
    Point,
    Reference,
    Shades,
    Tile,
    Tiles,
)
from social_evidence.charts.scales import SHARES

LONDON = Path(__file__).resolve().parents[3] / "src/social_evidence/catalogues/london"
GRID = json.loads((LONDON / "geography/grid.json").read_text(encoding="utf-8"))
SHAPES = json.loads((LONDON / "geography/outlines.json").read_text(encoding="utf-8"))
TILES = Tiles(
    tiles=tuple(Tile(**tile) for tile in GRID["tiles"]),
    river_below=GRID["river_below"],
    river_from=GRID["river_from"],
)
OUTLINES = Outlines(
    outlines=tuple(Outline(**shape) for shape in SHAPES["outlines"]),
    width=SHAPES["width"],
    height=SHAPES["height"],
)


def figures(**changed: Point) -> AreaFigures:
    points = {
        tile.area: Point(
            label=tile.name,
            estimate=0.21,
            lower=0.16,
            upper=0.26,
            verdict="no_clear_difference",
            value="21%",
            limits="(16 to 26)",
            word="Cannot tell",
            spoken="16 to 26 per cent, cannot tell apart from London",
            href=f"areas/{tile.code.lower()}/index.html",
        )
        for tile in TILES.tiles
    }
    points |= changed
    return AreaFigures(
        subject="No one to rely on, 2025",
        axis=SHARES,
        points=points,
        figures={area: "21" for area, point in points.items() if point.is_shown},
        shades=Shades(limits=(0.14, 0.18, 0.22, 0.26), words=("a", "b", "c", "d", "e")),
        reference=Reference(label="London", estimate=0.2, value="20%"),
    )


CAMDEN = "E09000007"
HIGHER = replace(figures().points[CAMDEN], verdict="higher", word="Higher")
HIDDEN = Point(label="Camden", status="protected", word="Too few people to say", href="x.html")


def links(chart: Chart) -> list[ET.Element]:
    return list(ET.fromstring(chart.svg).iter("a"))


def test_links_go_from_north_to_south_and_west_to_east() -> None:
    codes = [(a.get("aria-label") or "")[:3] for a in links(tile_map(TILES, figures()))]
    order = sorted(TILES.tiles, key=lambda tile: (tile.row, tile.column))
    assert codes == [tile.code for tile in order]
    assert codes[:3] == ["ENF", "HRW", "BRN"]


def test_a_square_says_code_and_figure_first_then_the_name() -> None:
    (square,) = [a for a in links(tile_map(TILES, figures())) if "Camden" in str(a.attrib)]
    assert square.get("aria-label") == (
        "CMD 21. Camden: 16 to 26 per cent, cannot tell apart from London"
    )
    assert " ".join("".join(square.itertext()).split()) == "CMD 21"


def test_a_clear_difference_has_a_heavy_outline_and_a_triangle() -> None:
    plain = ET.fromstring(tile_map(TILES, figures()).svg)
    clear = ET.fromstring(tile_map(TILES, figures(**{CAMDEN: HIGHER})).svg)
    heavy = [r for r in clear.iter("rect") if (r.get("class") or "").endswith(" x")]
    signs = [p for p in clear.iter("path") if (p.get("class") or "").startswith("f")]
    assert len(heavy) == len(signs) == 1
    assert not [r for r in plain.iter("rect") if (r.get("class") or "").endswith(" x")]


def test_a_difference_of_counts_is_called_counted_and_never_clear() -> None:
    counted = replace(HIGHER, lower=None, upper=None, method="administrative", limits="counted")
    for drawn in (
        tile_map(TILES, figures(**{CAMDEN: counted})),
        outline_map(OUTLINES, figures(**{CAMDEN: counted})),
    ):
        named = dict(key_items(drawn.key, reference="London", shades=figures().shades))
        assert named["map_higher_counted"] == "Higher than London, counted in full"
        assert not any("learly" in words for words in named.values())
    tested = tile_map(TILES, figures(**{CAMDEN: HIGHER}))
    assert "map_higher" in tested.key
    assert "map_higher_counted" not in tested.key


def test_higher_points_up_and_lower_down() -> None:
    lower = replace(HIGHER, verdict="lower")
    ways = []
    for point in (HIGHER, lower):
        tree = ET.fromstring(tile_map(TILES, figures(**{CAMDEN: point})).svg)
        (sign,) = [p for p in tree.iter("path") if p.get("class") == "f3"]
        ways.append(float(re.split(r"l-?[\d.]+ ?", sign.get("d", ""))[1].rstrip("z")))
    assert ways[0] < 0 < ways[1]


def test_a_hidden_area_is_hatched_and_has_no_shade_and_no_bar() -> None:
    (square,) = [
        a for a in links(tile_map(TILES, figures(**{CAMDEN: HIDDEN}))) if "CMD" in str(a.attrib)
    ]
    classes = {(e.get("class") or "") for e in square.iter()}
    assert "tile qh" in classes
    assert not any(re.search(r"\bq[1-5]\b|\bmi\b", name) for name in classes)
    assert square.get("aria-label") == "CMD few. Camden: Too few people to say"
    assert [r.get("fill") for r in square.iter("rect") if r.get("fill")] == ["url(#hh)"]


def test_an_area_without_a_row_is_hatched_and_never_printed_as_a_number() -> None:
    chosen = figures()
    points = {area: point for area, point in chosen.points.items() if area != CAMDEN}
    chart = tile_map(TILES, replace(chosen, points=points))
    assert "CMD [x]. Camden: no figure is shown" in chart.svg
    assert "map_hidden" in chart.key


def test_a_map_without_addresses_has_no_links() -> None:
    points = {a: replace(p, href="") for a, p in figures().points.items()}
    assert links(tile_map(TILES, replace(figures(), points=points))) == []


@pytest.mark.parametrize("code", [tile.code for tile in TILES.tiles])
def test_words_stay_in_their_square(code: str) -> None:
    assert text_width(code, size=12) <= 39 - 3.6 - 1
    assert text_width("less", size=12) <= 39 - 3.6


def test_a_long_figure_is_set_smaller() -> None:
    for figure, class_ in (("21", "v"), ("88.3", "vs"), ("12.45", "vt")):
        chosen = replace(figures(), figures={**figures().figures, CAMDEN: figure})
        assert tile_map(TILES, chosen).svg.count(f'class="{class_} ') == 33


def test_the_finder_has_a_link_for_each_area_it_is_given() -> None:
    drawn = ET.fromstring(area_finder(TILES, {CAMDEN: "areas/camden/index.html"}, "Choose"))
    (link,) = drawn.iter("a")
    assert link.get("aria-label") == "CMD, Camden"
    assert len([g for g in drawn.iter("g") if g.get("role") == "img"]) == 32


def test_the_outline_map_has_a_named_shape_for_each_area_and_no_links() -> None:
    chart = outline_map(OUTLINES, figures(**{CAMDEN: HIDDEN}))
    assert links(chart) == []
    shapes = [g for g in ET.fromstring(chart.svg).iter("g") if g.get("role") == "img"]
    assert len(shapes) == 33
    assert "Camden: Too few people to say" in {g.get("aria-label") for g in shapes}


def test_a_figure_on_a_limit_is_in_the_class_above() -> None:
    shades = figures().shades
    assert [shades.of(value) for value in (0.1, 0.14, 0.2599, 0.26, 0.9)] == [1, 2, 4, 5, 5]


def boroughs() -> dict[str, str]:
    areas = tomllib.loads((LONDON / "areas.toml").read_text(encoding="utf-8"))["areas"]
    return {area["code"]: area["name"] for area in areas if area["kind"] == "borough"}


@pytest.mark.parametrize("shapes", [GRID["tiles"], SHAPES["outlines"]], ids=["squares", "outlines"])
def test_every_borough_of_the_catalogue_has_one_shape(shapes: list[dict[str, str]]) -> None:
    assert {shape["area"]: shape["name"] for shape in shapes} == boroughs()
    assert len(shapes) == 33


def test_no_two_squares_stand_in_one_place_or_have_one_code() -> None:
    assert len({(tile.column, tile.row) for tile in TILES.tiles}) == 33
    assert len({tile.code for tile in TILES.tiles}) == 33


def test_outlines_are_whole_units_inside_their_drawing() -> None:
    for shape in OUTLINES.outlines:
        assert re.fullmatch(r"(M\d+ \d+l[-\d ]+z)+", shape.path)
        for part in shape.path.split("z")[:-1]:
            numbers = [int(n) for n in re.findall(r"-?\d+", part)]
            xs, ys = numbers[0], numbers[1]
            for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
                xs, ys = xs + dx, ys + dy
                assert 0 <= xs <= OUTLINES.width
                assert 0 <= ys <= OUTLINES.height


def test_the_outlines_say_whose_they_are() -> None:
    assert SHAPES["licence"] == "Open Government Licence v3.0"
    assert len(SHAPES["attribution"]) == 2
    assert all("©" in line for line in SHAPES["attribution"])


def test_the_tool_that_makes_outlines_joins_arcs_walked_both_ways(tmp_path: Path) -> None:
    program = Path(__file__).resolve().parents[3] / "tools" / "outlines.py"
    topology = {
        "bbox": [0, 51, 2, 52],
        "transform": {"scale": [0.01, 0.01], "translate": [0, 51]},
        "arcs": [[[0, 0], [100, 0], [0, 100]], [[100, 100], [-100, 0], [0, -100]]],
        "objects": {
            "boroughs": {
                "geometries": [{"type": "Polygon", "id": "Camden", "arcs": [[0, ~0, 0, 1]]}]
            }
        },
    }
    script = (
        f"import sys, json; sys.path.insert(0, {str(program.parent)!r}); import outlines; "
        f"print(outlines.text({topology!r}, {{'Camden': 'E09000007'}}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    made = json.loads(done.stdout)
    assert made["outlines"][0]["path"].startswith("M0 ")
    assert made["width"] == 640


def test_a_long_figure_has_its_triangle_above_it_and_not_upon_it() -> None:
    short = figures(**{CAMDEN: HIGHER})
    long = replace(short, figures=dict.fromkeys(short.figures, "12.34"))
    tops = []
    for given in (short, long):
        tree = ET.fromstring(tile_map(TILES, given).svg)
        (sign,) = [p for p in tree.iter("path") if (p.get("class") or "").startswith("f")]
        tops.append(float(re.split(r"[ h]", sign.get("d", ""))[1]))
    assert tops[1] < tops[0] - 5
