"""A page's charts as files of their own: SVG that needs nothing else, light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final

from social_evidence.charts.alone import standalone
from social_evidence.charts.figure import key_items
from social_evidence.site.drawn import Drawn, drawn_in
from social_evidence.site.render import Frame, Page, clean, day

_ROOT: Final = re.compile(r":root\s*\{(.*?)\}", re.DOTALL)
_TOKEN: Final = re.compile(r"--([a-z0-9-]+)\s*:\s*([^;]+);")
_WITH_FILES: Final = frozenset({"measure.html", "area.html"})


@lru_cache(maxsize=1)
def tokens() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Read the style sheet's tokens, on light ground and on dark; dark ones that differ not stay.

    Returns:
        Name of a token without its dashes -> its value, twice.
    """
    sheet = (files("social_evidence.site") / "static" / "site.css").read_text(encoding="utf-8")
    light, dark = (dict(_TOKEN.findall(block)) for block in _ROOT.findall(sheet)[:2])
    return light, light | dark


def figures_of(page: Page) -> tuple[tuple[str, Drawn], ...]:
    """List the charts of a page that are files too: name of the file, and the chart.

    Only measures and boroughs have such files.
    """
    if page.template not in _WITH_FILES:
        return ()
    return tuple(
        (f"figure-{number}", one) for number, one in enumerate(drawn_in(page.says), start=1)
    )


def figure_files(pages: Iterable[Page], frame: Frame) -> Iterator[tuple[str, str]]:
    """Write every chart of measures and boroughs as a file beside its page: path and SVG."""
    for page in pages:
        folder = page.path.removesuffix("index.html")
        for name, drawn in figures_of(page):
            yield f"{folder}{name}.svg", to_svg(drawn, page, frame)


def to_svg(drawn: Drawn, page: Page, frame: Frame) -> str:
    """Write one chart as a file: title, how to read it, key, chart, where it comes from.

    Args:
        drawn: The chart with its words.
        page: The page it stands on.
        frame: What stands around the page: release and attributions.
    """
    light, dark = tokens()
    release = f"{frame.title}, release {frame.version} of {day(frame.created)}"
    address = f" /r/{frame.version}/{page.path}" if frame.is_public else ""
    marks = [notice.partition(".")[0] + "." for notice in frame.notices]
    # What the whole page says of its figures is told in full, so its short form is left out.
    notes = [note for note in drawn.notes if not (marks and note.endswith(".") and " " not in note)]
    is_map = 'class="ch map' in drawn.chart.alone
    return standalone(
        drawn.chart,
        light,
        title=clean(drawn.file_title),
        lines=[clean(" ".join((*marks, *notes, *drawn.chart.notes)))],
        key=key_items(drawn.chart.key, drawn.words, reference=drawn.reference, shades=drawn.shades),
        source=[f"{release}.{address}", *(frame.attributions if is_map else ())],
        dark=dark,
    )
