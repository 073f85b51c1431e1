"""Write the outlines of London's boroughs from a topology of them.

    npm pack vega-datasets@3.2.1 && tar xzf vega-datasets-3.2.1.tgz
    python tools/outlines.py package/data/londonBoroughs.json

The topology is `londonBoroughs.json` of the npm package vega-datasets 3.2.1, which made it from the
Statistical GIS Boundary Files of the London Datastore (Open Government Licence v3). It is projected
so that shapes look right at London's latitude, set 640 units wide and rounded to whole units. The
Thames is the gap that the files leave below the mean high water line. A label's place is the point
of the largest part that lies farthest from its edge, so that a sign put there lies inside.
"""

from __future__ import annotations

import json
import math
import sys
import tomllib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "src" / "social_evidence" / "catalogues" / "london"
AREAS = FOLDER / "areas.toml"
OUTLINES = FOLDER / "geography" / "outlines.json"
WIDTH = 640
STEP = 3.0

SOURCE = "Statistical GIS Boundary Files, London Datastore, by way of vega-datasets 3.2.1"
LICENCE = "Open Government Licence v3.0"
ATTRIBUTION = [
    "Contains National Statistics data © Crown copyright and database right (2015).",
    "Contains Ordnance Survey data © Crown copyright and database right (2015).",
]

Place = tuple[float, float]
Ring = list[Place]


def arcs(topology: dict[str, Any]) -> list[Ring]:
    """Decode the arcs: steps from place to place, in whole units of the topology."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    decoded = []
    for arc in topology["arcs"]:
        x = y = 0
        line: Ring = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        decoded.append(line)
    return decoded


def rings(geometry: dict[str, Any], lines: Sequence[Ring]) -> Iterator[Ring]:
    """Join arcs to rings; a negative number is an arc walked backwards."""
    parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    for part in parts:
        for ring in part:
            joined: Ring = []
            for number in ring:
                line = lines[number] if number >= 0 else lines[~number][::-1]
                joined += line[1:] if joined else line
            yield joined


def whole(ring: Ring, origin: Place, scale: Place) -> Ring:
    """Put a ring on whole units, y downwards, without places that repeat or lie on the way."""
    kept: Ring = []
    for x, y in ring:
        place = (
            float(round((x - origin[0]) * scale[0])),
            float(round((origin[1] - y) * scale[1])),
        )
        if not kept or place != kept[-1]:
            kept.append(place)
    if len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return kept


def area(ring: Ring) -> float:
    """Area of a ring."""
    turns = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]))
    return abs(turns) / 2


def is_inside(x: float, y: float, ring: Ring) -> bool:
    """Whether a place lies inside a ring."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def distance(x: float, y: float, ring: Ring) -> float:
    """How far a place is from the edge of a ring."""
    least = math.inf
    for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
        length = (x2 - x1) ** 2 + (y2 - y1) ** 2
        share = 0.0 if length == 0 else ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length
        share = min(max(share, 0.0), 1.0)
        least = min(least, math.hypot(x - x1 - share * (x2 - x1), y - y1 - share * (y2 - y1)))
    return least


def inmost(ring: Ring) -> Place:
    """The place of a grid inside a ring that lies farthest from its edge."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    best, found = -1.0, ring[0]
    for i in range(int((max(xs) - min(xs)) / STEP) + 1):
        for j in range(int((max(ys) - min(ys)) / STEP) + 1):
            x, y = min(xs) + i * STEP, min(ys) + j * STEP
            if is_inside(x, y, ring) and distance(x, y, ring) > best:
                best, found = distance(x, y, ring), (x, y)
    return found


def path(ring: Ring) -> str:
    """Write a ring as a path of short steps."""
    steps = [
        f"{x2 - x1:.0f} {y2 - y1:.0f}".replace(" -", "-").replace("-0 ", "0 ")
        for (x1, y1), (x2, y2) in pairwise(ring)
    ]
    x, y = ring[0]
    return f"M{x:.0f} {y:.0f}l{' '.join(steps).replace(' -', '-')}z"


def text(topology: dict[str, Any], codes: dict[str, str]) -> str:
    """Write the file."""
    lines = arcs(topology)
    west, south, east, north = topology["bbox"]
    scale_x = WIDTH / (east - west)
    scale = (scale_x, scale_x / math.cos(math.radians((south + north) / 2)))
    height = round((north - south) * scale[1])
    shapes = []
    for geometry in sorted(topology["objects"]["boroughs"]["geometries"], key=lambda g: g["id"]):
        drawn = [whole(ring, (west, north), scale) for ring in rings(geometry, lines)]
        drawn = [ring for ring in drawn if len(ring) > 2]
        x, y = inmost(max(drawn, key=area))
        shape = {
            "area": codes[geometry["id"]],
            "name": geometry["id"],
            "x": round(x),
            "y": round(y),
            "path": "".join(path(ring) for ring in drawn),
        }
        shapes.append(json.dumps(shape, ensure_ascii=False))
    head = {"source": SOURCE, "licence": LICENCE, "attribution": ATTRIBUTION}
    head |= {"width": WIDTH, "height": height}
    told = json.dumps(head, ensure_ascii=False, indent=0).removesuffix("\n}")
    return f'{told},\n"outlines": [\n' + ",\n".join(shapes) + "\n]\n}\n"


def borough_codes() -> dict[str, str]:
    """Codes of the boroughs by name."""
    areas = tomllib.loads(AREAS.read_text(encoding="utf-8"))["areas"]
    return {area["name"]: area["code"] for area in areas if area["kind"] == "borough"}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    OUTLINES.parent.mkdir(exist_ok=True)
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    OUTLINES.write_text(text(given, borough_codes()), encoding="utf-8")
    print(f"{OUTLINES.stat().st_size:,} bytes")
