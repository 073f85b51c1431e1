"""Where areas lie: the squares and outlines that ship with the program."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Collection
from typing import Any, Final

from social_evidence.charts.points import Outline, Outlines, Tile, Tiles
from social_evidence.site.content import Geography

_CATALOGUES: Final = ("london",)


def geography_for(areas: Collection[str]) -> Geography | None:
    """Find the map that ships for a set of areas; None where none shows any of them.

    Args:
        areas: Codes of the release's areas.
    """
    for name in _CATALOGUES:
        folder = importlib.resources.files("social_evidence") / "catalogues" / name / "geography"
        grid = json.loads((folder / "grid.json").read_text(encoding="utf-8"))
        if any(tile["area"] in areas for tile in grid["tiles"]):
            drawn = json.loads((folder / "outlines.json").read_text(encoding="utf-8"))
            return Geography(
                tiles=_tiles(grid),
                outlines=_outlines(drawn),
                attribution=(f"Boundaries: {' '.join(drawn['attribution'])} {drawn['licence']}.",),
            )
    return None


def _tiles(grid: dict[str, Any]) -> Tiles:
    return Tiles(
        tiles=tuple(Tile(**tile) for tile in grid["tiles"]),
        river_below=grid["river_below"],
        river_from=grid["river_from"],
    )


def _outlines(drawn: dict[str, Any]) -> Outlines:
    return Outlines(
        outlines=tuple(Outline(**one) for one in drawn["outlines"]),
        width=drawn["width"],
        height=drawn["height"],
    )
