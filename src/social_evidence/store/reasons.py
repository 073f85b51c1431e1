"""The notes that explain what changed since a release: those written, and new corrections."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final

from social_evidence.model.estimate import Estimate
from social_evidence.model.note import Note

_FOLDER: Final = "sources"


def notes_since(
    notes: Sequence[Note], catalogue: Mapping[str, str], previous: Path
) -> tuple[Note, ...]:
    """Choose the notes on what changed since a release.

    A correction that a source's definition holds now, and did not then, is a note on that source.

    Args:
        notes: The catalogue's notes.
        catalogue: Its files, path -> text.
        previous: The older release's folder, which holds the definitions as they were.
    """
    written = [note for note in notes if note.since == previous.name]
    folder = previous / "catalogue"
    then = _corrections_by_source(
        (path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.toml"))
    )
    made = [
        _from_correction(source, number, stated, previous.name)
        for source, listed in _corrections_by_source(sorted(catalogue.items())).items()
        for number, stated in enumerate(listed, 1)
        if _said(stated) not in [_said(one) for one in then.get(source, ())]
    ]
    return (*written, *made)


def sources_of(provenance: Sequence[Mapping[str, Any]]) -> Callable[[Estimate], frozenset[str]]:
    """Tell which sources went into a figure, by the records of a release."""
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for record in provenance:
        key = tuple(str(record.get(name, "")) for name in ("measure", "part", "series", "period"))
        files = {file["source"] for file in record.get("files", ())}
        named = {record.get("source", ""), record.get("denominator_source", "")}
        found[key] |= {str(name) for name in files | named if name}
    frozen = {key: frozenset(names) for key, names in found.items()}
    nothing: frozenset[str] = frozenset()
    return lambda row: frozen.get((row.measure, row.part, row.series, row.period), nothing)


def _source(path: str) -> str:
    """Give the id of the source that a definition file describes; empty for other files."""
    parts = PurePosixPath(path)
    return parts.stem if _FOLDER in parts.parts[:-1] else ""


def _corrections_by_source(
    files: Iterable[tuple[str, str]],
) -> dict[str, list[Mapping[str, Any]]]:
    return {
        source: tomllib.loads(text).get("corrections", [])
        for path, text in files
        if (source := _source(path)) and "corrections" in text
    }


def _said(correction: Mapping[str, Any]) -> tuple[str, ...]:
    # That its status moves from open to closed makes it no new one.
    return tuple(str(correction.get(name, "")) for name in ("field", "reason", "date"))


def _from_correction(source: str, number: int, stated: Mapping[str, Any], since: str) -> Note:
    return Note(
        id=f"{source}_correction_{number}",
        since=since,
        cause="correction",
        text=str(stated.get("reason", "")),
        date=str(stated.get("date", "")),
        sources=(source,),
    )
