"""What earlier releases have told of each series: who attacks a release has all of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.disclosure.tables import Place
from social_evidence.store import manifest
from social_evidence.store.initiatives import read_figures
from social_evidence.store.ledger import read_ledger, shown_cells
from social_evidence.store.release import FOLDER, latest

Address = tuple[str, str, str]
"""Measure, part and series."""

Unfilled = tuple[str, str, str, str, str]
"""Measure, part, series, breakdown and group of what had no number."""

_ADDRESS = ("measure", "part", "series")
_PLACE = ("period", "area", "breakdown", "group")


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRelease:
    """One approved release as an attacker has it.

    Attributes:
        version: Which.
        shown: Address -> place -> counts shown there: the base of a survey's figure, the
            numerator and denominator of a counted one, in the order of the layers.
        hidden: Address -> places whose counts it hid.
        pools: (source, pooled period) -> the waves in it.
        empty: What it said to have no number -> the period under which it said so.
    """

    version: str
    shown: Mapping[Address, Mapping[Place, tuple[int | None, ...]]]
    hidden: Mapping[Address, frozenset[Place]] = field(default_factory=dict)
    pools: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    empty: Mapping[Unfilled, str] = field(default_factory=dict)


def read_earlier(base: Path, *, but_for: str = "") -> tuple[EarlierRelease, ...]:
    """Read what every approved release of an evidence base has shown and hidden.

    A release whose folder is gone has shown what the ledger says; what it hid is not known. The
    latest release counts too while it is a draft: `changes.csv` of the next one tells its numbers.

    Args:
        base: The evidence base.
        but_for: Digest of inputs: a release of the very same is no other one.

    Returns:
        Oldest first; withdrawn releases among them, for what they showed stays known.

    Raises:
        StoreError: The ledger is damaged, or a release is not as it was written.
    """
    ledger = read_ledger(base)
    found = []
    for version in ledger["version"].unique().to_pylist():
        if _is_same(base / FOLDER / version, but_for):
            continue
        _check(base / FOLDER / version)
        cells = ledger.filter(pc.equal(ledger["version"], version))
        found.append(_release(base / FOLDER / version, version, cells))
    last = latest(base / FOLDER)
    told = {one.version for one in found}
    if last is not None and last.name not in told and not _is_same(last, but_for):
        _check(last)
        cells = shown_cells(read_figures(last), last.name)
        found.append(_release(last, last.name, cells))
    return tuple(found)


def _check(folder: Path) -> None:
    """Compare a release with its digests: what is protected against a damaged one is not safe."""
    if (folder / manifest.FILE).is_file():
        manifest.check_files(folder, manifest.read(folder).files)


def _is_same(folder: Path, inputs: str) -> bool:
    there = bool(inputs) and (folder / manifest.FILE).is_file()
    return there and manifest.read(folder).inputs == inputs


def _release(folder: Path, version: str, cells: pa.Table) -> EarlierRelease:
    stored = folder / "estimates.parquet"
    hidden: dict[Address, set[Place]] = defaultdict(set)
    empty: dict[Unfilled, str] = {}
    if stored.is_file():
        rows = read_figures(folder).select([*_ADDRESS, *_PLACE, "statistic", "status"])
        is_count = pc.not_equal(rows["statistic"], "difference")
        protected = pc.and_(pc.equal(rows["status"], "protected"), is_count)
        for address, place in _keys(rows.filter(protected)):
            hidden[address].add(place)
        missing = rows.filter(pc.equal(rows["status"], "not_available"))
        for address, (period, _, breakdown, group) in _keys(missing):
            empty[(*address, breakdown, group)] = period
    return EarlierRelease(
        version=version,
        shown=_shown(cells),
        hidden={address: frozenset(places) for address, places in hidden.items()},
        pools=_pools(folder / "quality.json"),
        empty=empty,
    )


def _shown(cells: pa.Table) -> dict[Address, dict[Place, tuple[int | None, ...]]]:
    cells = cells.filter(pc.not_equal(cells["statistic"], "difference"))
    counts = zip(
        *(cells[name].to_pylist() for name in ("base", "numerator", "denominator")), strict=True
    )
    found: dict[Address, dict[Place, tuple[int | None, ...]]] = defaultdict(dict)
    for (address, place), (base, top, bottom) in zip(_keys(cells), counts, strict=True):
        if base is not None:
            found[address][place] = (int(base),)
        elif top is not None:
            found[address][place] = (round(top), None if bottom is None else round(bottom))
    return dict(found)


def _keys(rows: pa.Table) -> Iterable[tuple[Address, Place]]:
    columns = [rows[name].to_pylist() for name in (*_ADDRESS, *_PLACE)]
    for measure, part, series, period, area, breakdown, group in zip(*columns, strict=True):
        yield (measure, part, series), (period, area, breakdown, group)


def _pools(quality: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    if not quality.is_file():
        return {}
    told = json.loads(quality.read_text(encoding="utf-8")).get("pools", ())
    return {(one["source"], one["period"]): tuple(one["waves"]) for one in told}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is known and what was hidden of one series, this release's own cells among them.

    Figures that were revised since a release are other unknowns than this release's: they stand
    under a period of their own, its label with the release's version behind it.

    Attributes:
        counts: Place -> count: computed now, or shown before; None where it was hidden and nobody
            can compute it any more.
        known: Places whose count an earlier release has shown.
        hidden: Places whose count an earlier release hid and none has shown.
        pools: Pooled period -> its waves, those of earlier releases among them.
    """

    counts: Mapping[Place, int | None]
    known: frozenset[Place] = frozenset()
    hidden: frozenset[Place] = frozenset()
    pools: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def told(
    counts: Mapping[Place, int],
    pools: Mapping[str, tuple[str, ...]],
    earlier: Sequence[Mapping[Place, int]],
    hidden: Sequence[Iterable[Place]],
    earlier_pools: Sequence[Mapping[str, tuple[str, ...]]],
    versions: Sequence[str],
) -> Told:
    """Put what this and earlier releases say of one series together.

    Args:
        counts: Place -> count, as computed now.
        pools: This release's pools.
        earlier: What each earlier release has shown, oldest first.
        hidden: What each has hidden.
        earlier_pools: The pools of each.
        versions: The version of each.
    """
    telling = _Telling(counts)
    every = dict(pools)
    for shown, places, own, version in zip(earlier, hidden, earlier_pools, versions, strict=True):
        labels = telling.take(shown, places, version)
        for pool, waves in own.items():
            named = labels.get(pool, pool)
            every.setdefault(named, tuple(labels.get(wave, wave) for wave in waves))
    return telling.told(every)


class _Telling:
    """Tables of one series by period, as releases are taken in."""

    def __init__(self, counts: Mapping[Place, int]) -> None:
        self._counts: dict[Place, int | None] = dict(counts)
        self._known: set[Place] = set()
        self._hidden: set[Place] = set()
        self._labels: dict[str, list[str]] = {}
        for period, *_ in counts:
            self._labels.setdefault(period, [period])

    def take(
        self, shown: Mapping[Place, int], hidden: Iterable[Place], version: str
    ) -> dict[str, str]:
        """Take a release in; return the label under which each of its periods stands."""
        tables: dict[str, dict[Place, int | None]] = defaultdict(dict)
        for place in hidden:
            tables[place[0]][place] = None
        for place, number in shown.items():
            tables[place[0]][place] = number
        labels = {period: self._label(period, own, version) for period, own in tables.items()}
        for period, own in tables.items():
            for place, count in own.items():
                self._note((labels[period], *place[1:]), count)
                # Whoever saw a count does not know whether it is among those since revised.
                if count is not None and self._counts.get(place) == count:
                    self._known.add(place)
        return labels

    def _label(self, period: str, table: Mapping[Place, int | None], version: str) -> str:
        """Find the table of a period that a release agrees with, or begin one."""
        labels = self._labels.setdefault(period, [])
        for label in labels:
            if all(self._agrees((label, *place[1:]), count) for place, count in table.items()):
                return label
        labels.append(period if not labels else f"{period}@{version}")
        return labels[-1]

    def _agrees(self, place: Place, count: int | None) -> bool:
        own = self._counts.get(place)
        return own is None or count is None or own == count

    def _note(self, place: Place, count: int | None) -> None:
        if count is None:
            self._hidden.add(place)
            self._counts.setdefault(place, None)
        else:
            self._known.add(place)
            self._counts[place] = count

    def told(self, pools: Mapping[str, tuple[str, ...]]) -> Told:
        return Told(
            counts=self._counts,
            known=frozenset(self._known),
            hidden=frozenset(self._hidden - self._known),
            pools=pools,
        )
