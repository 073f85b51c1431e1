"""What earlier releases said: how figures changed, and which address each of them has had."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from social_evidence.model.catalogue import Catalogue
from social_evidence.model.estimate import KEY
from social_evidence.site.addresses import MOST_ROWS
from social_evidence.site.content import CellPlace, EarlierCells, Revision, RowKey
from social_evidence.store import manifest
from social_evidence.wording.revisions import cause_words

_RELEASE: Final = "release"
_RESIDENTS: Final = "residents"
_POPULATION: Final = KEY.index("population")
_PLACE: Final = ["measure", "area"]
_SHORT: Final = [*_PLACE, "part", "period", "breakdown", "group", "statistic"]
"""What a short address tells; it leaves out the series."""
_AT: Final = tuple(KEY.index(name) for name in _PLACE)


def lineage(folder: Path) -> tuple[Path, ...]:
    """List a release and those it follows, newest first.

    A draft that nobody approved is not among them: the next release does not follow it.
    """
    found = [folder]
    while (previous := manifest.read(found[-1]).previous) and (
        folder.parent / previous / manifest.FILE
    ).is_file():
        found.append(folder.parent / previous)
    return tuple(found)


def revisions_of(folder: Path, catalogue: Catalogue) -> Mapping[RowKey, tuple[Revision, ...]]:
    """Gather what a release and those before it changed of every figure, newest first."""
    found: dict[RowKey, list[Revision]] = defaultdict(list)
    for release in lineage(folder):
        notes = {name: note.text for name, note in catalogue.notes.items()} | _reasons(release)
        for key, revision in _changed(release, notes):
            found[key].append(revision)
    return {key: tuple(changes) for key, changes in found.items()}


def _reasons(release: Path) -> dict[str, str]:
    """Read what a release itself says of why figures changed: id of a note -> its text.

    A source's correction is such a note without a file of its own, and a later catalogue may have
    dropped the notes of earlier releases.
    """
    path = release / "quality.json"
    if not path.is_file():
        return {}
    told = json.loads(path.read_bytes()).get("revisions") or {}
    return {note["id"]: note["text"] for note in told.get("notes", ())}


def _changed(release: Path, notes: Mapping[str, str]) -> Iterable[tuple[RowKey, Revision]]:
    path = release / "changes.csv"
    if not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            if row["change"] == "revised":
                yield (
                    tuple(row[name] for name in KEY),
                    Revision(
                        version=release.name,
                        old=_number(row["old_estimate"]),
                        old_lower=_number(row["old_lower"]),
                        old_upper=_number(row["old_upper"]),
                        new=_number(row["new_estimate"]),
                        new_lower=_number(row["new_lower"]),
                        new_upper=_number(row["new_upper"]),
                        cause=cause_words(row.get("cause", "")),
                        note=notes.get(row.get("note", ""), ""),
                    ),
                )


def _number(text: str) -> float | None:
    return float(text) if text else None


def earlier_cells(
    folder: Path, revisions: Mapping[RowKey, Sequence[Revision]]
) -> Mapping[CellPlace, EarlierCells]:
    """Find what the addresses of a release follow from, besides its own rows.

    Args:
        folder: The release.
        revisions: Of its figures: each is a line of a page.

    Returns:
        Measure and area -> what earlier releases had there; only where it makes a difference.
    """
    releases = lineage(folder)[::-1]
    every = pa.concat_tables([_keys(release, at) for at, release in enumerate(releases)])
    last = len(releases) - 1
    shared = _shared(every, last)
    whole = _parted(every, last, _lines(revisions))
    return {
        place: EarlierCells(
            keys=tuple(shared.get(place, {}).values()),
            is_parted=place in whole,
            whole=whole.get(place, ()),
        )
        for place in sorted({*shared, *whole})
    }


def _keys(release: Path, at: int) -> pa.Table:
    """Read the keys of a release's figures of residents, with its place among the releases."""
    table = pq.read_table(release / "estimates.parquet", columns=list(KEY))
    own = table.filter(pc.equal(table["population"], _RESIDENTS))
    return own.append_column(_RELEASE, pa.array([at] * own.num_rows, pa.int64()))


def _rows(table: pa.Table) -> Iterable[RowKey]:
    return zip(*(table[name].to_pylist() for name in KEY), strict=True)


def _place(key: RowKey) -> CellPlace:
    return key[_AT[0]], key[_AT[1]]


def _shared(every: pa.Table, last: int) -> Mapping[CellPlace, Mapping[int, tuple[RowKey, ...]]]:
    """Give, release by release, earlier figures whose short address would fit another series too.

    They are few, and only they can lose an address or find it taken.
    """
    counted = every.group_by(_SHORT).aggregate([("series", "count_distinct")])
    several = counted.filter(pc.greater(counted["series_count_distinct"], 1)).select(_SHORT)
    earlier = every.filter(pc.less(every[_RELEASE], last))
    found: dict[CellPlace, dict[int, tuple[RowKey, ...]]] = defaultdict(dict)
    if not several.num_rows or not earlier.num_rows:
        return found
    fitting = earlier.join(several, keys=_SHORT, join_type="left semi").sort_by(_RELEASE)
    for at, key in zip(fitting[_RELEASE].to_pylist(), _rows(fitting), strict=True):
        own = found[_place(key)]
        own[at] = (*own.get(at, ()), key)
    return found


def _lines(revisions: Mapping[RowKey, Sequence[Revision]]) -> Mapping[CellPlace, int]:
    """Count the changes that the pages of cells tell of, each on a line."""
    found: dict[CellPlace, int] = defaultdict(int)
    for key, changes in revisions.items():
        if key[_POPULATION] == _RESIDENTS:
            found[_place(key)] += len(changes)
    return found


def _parted(
    every: pa.Table, last: int, lines: Mapping[CellPlace, int]
) -> Mapping[CellPlace, tuple[RowKey, ...]]:
    """Find the pages of cells that are parted by decade, now or before: once parted, for good.

    Returns:
        Measure and area -> keys that stood on its one page while it was not parted yet.
    """
    counted = every.group_by([*_PLACE, _RELEASE]).aggregate([([], "count_all")])
    sizes: dict[CellPlace, dict[int, int]] = defaultdict(dict)
    for row in counted.to_pylist():
        sizes[row["measure"], row["area"]][row[_RELEASE]] = row["count_all"]
    found: dict[CellPlace, tuple[RowKey, ...]] = {}
    for place, own in sizes.items():
        weights = own | {last: own.get(last, 0) + lines.get(place, 0)}
        since = min((at for at, lines in weights.items() if lines > MOST_ROWS), default=None)
        if since is not None:
            before = max((at for at in own if at < since), default=None)
            found[place] = () if before is None else tuple(_rows(_at(every, place, before)))
    return found


def _at(every: pa.Table, place: CellPlace, release: int) -> pa.Table:
    measure, area = place
    fits = pc.and_(pc.equal(every["measure"], measure), pc.equal(every["area"], area))
    return every.filter(pc.and_(fits, pc.equal(every[_RELEASE], release)))
