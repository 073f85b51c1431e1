"""Set two releases against each other: what came, went and moved, why, and by how much."""

from __future__ import annotations

import csv
import dataclasses
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from social_evidence.errors import StoreError
from social_evidence.model.change import Change, changes_between
from social_evidence.model.difference import Moves, Reason, ReleaseDifference, Side, VerdictMove
from social_evidence.model.estimate import COMPARISON_KEY, HIDDEN, KEY, Estimate
from social_evidence.model.release import Version
from social_evidence.publish.change_note import note_html
from social_evidence.store import atomic, changes, manifest, states, tables
from social_evidence.store.initiatives import figures_alone, to_rows
from social_evidence.store.release import FOLDER, StoredRelease, find, read_release

UNRECORDED: Final = "not_recorded"
"""The cause where no chain of releases leads from the one to the other."""
_CANNOT_SAY: Final = "cannot_say"
_Told = tuple[str, str]


def diff(old: Path, new: Path, measures: Sequence[str] = ()) -> ReleaseDifference:
    """Say what differs between two releases.

    Where the newer one follows the older, release by release in one folder, each change has the
    cause that its release gave. No number is told of a figure that the newer one hides, whichever
    of the two is named first.

    Args:
        old: The release to set against: its folder.
        new: The other one.
        measures: Ids of measures; all by default.

    Raises:
        StoreError: Either is no release, or is not as it was written.
    """
    one, two = read_release(old), read_release(new)
    chosen = frozenset(measures)
    before = {row.key: row for row in _figures(one) if _is(row, chosen)}
    rows = [row for row in _figures(two) if _is(row, chosen)]
    causes, texts = _chain(one, two)
    hides_old = Version.parse(one.manifest.version) <= Version.parse(two.manifest.version)
    found = tuple(
        _caused(change if hides_old else _hidden_before(change), causes)
        for change in changes_between(before, rows)
    )
    compared, verdicts = _verdicts(one, two, chosen, newest_last=hides_old)
    titles = {**_titles(one), **_titles(two)}
    return ReleaseDifference(
        old=_side(one),
        new=_side(two),
        unchanged=len(rows) - sum(change.new is not None for change in found),
        total=Moves.of("", "", found),
        measures=tuple(_by_measure(found, titles)),
        reasons=tuple(_reasons(found, texts)),
        compared=compared,
        verdicts=tuple(verdicts),
        changes=found,
        names={area["area"]: area["name"] for area in (*one.areas, *two.areas)},
    )


def named(release: str, base: Path) -> Path:
    """Find a release by what somebody calls it: a version in `base`, a folder, or a base.

    Raises:
        StoreError: There is none.
    """
    if Version.is_version(release):
        return find(base / FOLDER / release if (base / FOLDER).is_dir() else base / release)
    return find(Path(release))


def table(found: ReleaseDifference) -> str:
    """Lay out every change as `changes.csv` does."""
    return changes.to_csv(found.changes).decode()


def moves(found: ReleaseDifference) -> list[dict[str, object]]:
    """List every change of a figure that both releases knew, or that is gone, for a machine."""
    return [changes.to_mapping(one) for one in found.changes if one.kind != "added"]


def write_report(found: ReleaseDifference, path: Path) -> None:
    """Write the note "what changed" as one page of HTML.

    Raises:
        StoreError: The file cannot be written.
    """
    atomic.replace_file(path, note_html(found).encode())


def _figures(stored: StoredRelease) -> tuple[Estimate, ...]:
    """Every number of a release, those of its initiatives among them."""
    alone = figures_alone(to_rows(stored.initiatives))
    return (*tables.to_estimates(stored.estimates), *alone)


def _is(row: Estimate, chosen: frozenset[str]) -> bool:
    return not chosen or row.measure in chosen


def _side(stored: StoredRelease) -> Side:
    return Side(
        title=stored.manifest.title,
        version=stored.manifest.version,
        created=stored.manifest.created,
        state=states.state_of_release(stored.folder),
        digest=states.digest_of(stored.folder),
        synthetic=stored.manifest.synthetic,
    )


def _titles(stored: StoredRelease) -> dict[str, str]:
    return {
        str(one["measure"]): str(one.get("title") or one["measure"]) for one in stored.provenance
    }


def _chain(
    old: StoredRelease, new: StoredRelease
) -> tuple[Mapping[tuple[str, ...], _Told], Mapping[str, str]]:
    """Collect causes, the latest of each figure, and texts of notes between two releases.

    Returns:
        Key -> cause and note, and note -> text; nothing where one does not lead to the other.
    """
    causes: dict[tuple[str, ...], _Told] = {}
    texts: dict[str, str] = {}
    folder = new.folder
    while folder.name != old.folder.name:
        stated = manifest.read(folder)
        manifest.check_files(folder, stated.files)
        for row in _read_changes(folder):
            causes.setdefault(tuple(row[name] for name in KEY), (row["cause"], row["note"]))
        for note in _notes(folder):
            texts.setdefault(note["id"], note["text"])
        before = folder.parent / stated.previous
        if not stated.previous or not (before / manifest.FILE).is_file():
            return {}, {}
        folder = before
    is_same = states.digest_of(folder) == states.digest_of(old.folder)
    return (causes, texts) if is_same else ({}, {})


def _read_changes(folder: Path) -> list[dict[str, str]]:
    path = folder / "changes.csv"
    with path.open(encoding="utf-8", newline="") as opened:
        reader = csv.DictReader(opened)
        if reader.fieldnames is None or not {"cause", "note", *KEY} <= set(reader.fieldnames):
            raise StoreError(
                f"{path} tells no causes: it was written by an older version of this program. "
                "Build the release again."
            )
        return list(reader)


def _notes(folder: Path) -> Sequence[Mapping[str, str]]:
    quality = json.loads((folder / "quality.json").read_bytes())
    notes: Sequence[Mapping[str, str]] = quality.get("revisions", {}).get("notes", ())
    return notes


def _caused(change: Change, causes: Mapping[tuple[str, ...], _Told]) -> Change:
    own = (change.cause if change.kind in {"added", "removed"} else UNRECORDED, "")
    cause, note = causes.get(change.row.key, own)
    return dataclasses.replace(change, cause=cause, note=note)


def _hidden_before(change: Change) -> Change:
    """Take its numbers from a figure that the newer release, named first here, hides."""
    if change.new is None or change.old is None or change.old.status not in HIDDEN:
        return change
    bare = dataclasses.replace(change.new, estimate=None, lower=None, upper=None)
    return dataclasses.replace(change, new=bare)


def _by_measure(found: Sequence[Change], titles: Mapping[str, str]) -> Iterator[Moves]:
    listed: dict[str, list[Change]] = defaultdict(list)
    for change in found:
        listed[change.row.measure].append(change)
    for measure in sorted(listed):
        yield Moves.of(measure, titles.get(measure, measure), listed[measure])


def _reasons(found: Sequence[Change], texts: Mapping[str, str]) -> Iterator[Reason]:
    counted = Counter((one.cause, one.note) for one in found if one.kind == "revised")
    for (cause, note), figures in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])):
        yield Reason(cause=cause, note=note, text=texts.get(note, ""), figures=figures)


def _verdicts(
    old: StoredRelease, new: StoredRelease, chosen: frozenset[str], *, newest_last: bool
) -> tuple[int, list[VerdictMove]]:
    names = [*COMPARISON_KEY, "verdict"]
    sides = []
    for stored in (old, new):
        columns = [stored.comparisons[name].to_pylist() for name in names]
        sides.append({row[:-1]: row[-1] for row in zip(*columns, strict=True)})
    before, now = sides
    place = COMPARISON_KEY.index("measure")
    both = [key for key in now if key in before and (not chosen or key[place] in chosen)]
    moved = Counter(
        (key[place], *_pair(before[key], now[key], newest_last=newest_last))
        for key in both
        if before[key] != now[key]
    )
    return len(both), [
        VerdictMove(measure=measure, old=was, new=became, comparisons=count)
        for (measure, was, became), count in sorted(moved.items())
    ]


def _pair(before: str, now: str, *, newest_last: bool) -> tuple[str, str]:
    """Keep back the verdict of a comparison that the newer release cannot tell any more."""
    if newest_last:
        return ("" if now == _CANNOT_SAY else before), now
    return before, ("" if before == _CANNOT_SAY else now)
