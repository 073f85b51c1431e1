"""Write docs/open-data-figures.md: our figures beside those their publishers printed.

Run after a build of `examples/open-data`:

    python tools/open_data_figures.py out/

A test builds the same catalogue and compares every line, so the page cannot drift.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from social_evidence import load_release
from social_evidence.catalogue.load import load
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Measure, PublishedFigure
from social_evidence.wording.numbers import figure

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "open-data-figures.md"
CATALOGUE = ROOT / "examples" / "open-data"

_BEGIN = """# Our figures beside their publishers'

Each line sets a figure of a release built from [`examples/open-data`](../examples/open-data)
beside the one its publisher printed. Ours are worked out from counts, or read from a published
table, and rounded only here; theirs stand in the definition of the measure, under `published`,
with the place where they were printed. A line agrees when the two differ by no more than half a
unit of the publisher's last digit.

The page is written by `python tools/open_data_figures.py out` after
`social-evidence build --catalogue examples/open-data --sources ../shared/data --out out`, and a
test builds the same release and compares every line.

| Measure | Area | Period | Ours | Theirs | Agrees | Printed in |
|---|---|---|---|---|---|---|
"""


def page(release: Path) -> str:
    """Write the page for a release of the example catalogue.

    Args:
        release: The release folder, or the folder it was built into.

    Returns:
        The page's text, ending in a line break.
    """
    catalogue = load([CATALOGUE])
    rows = {
        (row["measure"], row["period"], row["area"]): row
        for row in load_release(release).estimates.to_pylist()
        if (row["breakdown"], row["part"]) == ("all", "all")
    }
    return _BEGIN + "".join(_lines(catalogue, rows))


def _lines(catalogue: Catalogue, rows: Mapping[tuple[str, str, str], dict]) -> Iterator[str]:
    for measure in catalogue.measures.values():
        for printed in measure.published:
            row = rows[measure.id, printed.period, printed.area]
            yield _line(measure, printed, row["estimate"], catalogue)


def _line(measure: Measure, printed: PublishedFigure, ours: float, catalogue: Catalogue) -> str:
    # Halves of a last digit are held as doubles: the smallest margin keeps them in.
    agrees = abs(ours - printed.estimate) <= printed.tolerance * (1 + 1e-9)
    cells = (
        measure.title,
        catalogue.areas.areas[printed.area].name,
        printed.period,
        figure(ours, measure.unit, decimals=1),
        figure(printed.estimate, measure.unit, decimals=1),
        "yes" if agrees else "NO",
        printed.reference,
    )
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(Path(sys.argv[1])), encoding="utf-8")
