"""What folders of sources hold for a catalogue, what each source unlocks and how to get it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from social_evidence.app import cache
from social_evidence.app.locate import Located, find_file
from social_evidence.catalogue.load import load
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Measure
from social_evidence.model.source import EVERY_WAVE, Source, SourceFile
from social_evidence.readers.mark import has_mark_file
from social_evidence.readers.peek import looks_marked

State = Literal["found", "partly", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStatus:
    """One file of a source.

    path: as the source names it. found: the name it was found by, which tells the edition; empty
    where it is missing. wave: the period it is for, where its definition says so. synthetic: it
    says of itself that it is made up. address: where it can be fetched, for an open file.
    """

    path: str
    found: str
    wave: str
    synthetic: bool
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """A source, as far as the folders hold it.

    waves: periods all of whose files are there. waves_missing: the others. unlocks: measures that
    take figures from it, above or below the line. to_confirm: field -> question, for names that
    are a best guess.
    """

    id: str
    title: str
    publisher: str
    state: State
    files: tuple[FileStatus, ...]
    waves: tuple[str, ...]
    waves_missing: tuple[str, ...]
    unlocks: tuple[str, ...]
    study: str
    page: str
    url: str
    licence: str
    how_to_get: str
    to_confirm: Mapping[str, str]
    ended: str
    successor: str

    @property
    def synthetic(self) -> bool:
        """Whether any file found says of itself that it is made up."""
        return any(file.synthetic for file in self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceStatus:
    """All sources of a catalogue, and what can be built of it now.

    measures: every measure. ready: those with a series of which some wave is there. cache: folder,
    bytes and tables of the copy of needed microdata columns.
    """

    title: str
    sources: tuple[SourceStatus, ...]
    measures: tuple[str, ...]
    ready: tuple[str, ...]
    cache: cache.CacheStatus


def status(catalogues: Sequence[Path], folders: Sequence[Path]) -> EvidenceStatus:
    """Look for every file of a catalogue's sources, without reading any to its end.

    Args:
        catalogues: Folders of definitions.
        folders: Folders of source files; the first that has a file gives it. One that does not
            exist holds nothing.

    Raises:
        DefinitionError: The definitions have faults.
    """
    catalogue = load(catalogues)
    measured = _measured(catalogue)
    sources = tuple(
        _source(source, folders, measured.get(source.id, ()))
        for source in catalogue.sources.values()
    )
    usable = {source.id for source in sources if source.waves}
    return EvidenceStatus(
        title=catalogue.title,
        sources=sources,
        measures=tuple(catalogue.measures),
        ready=tuple(m.id for m in catalogue.measures.values() if _is_ready(m, usable)),
        cache=cache.status(),
    )


def _measured(catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """Give each source the measures that take figures from it."""
    found: dict[str, dict[str, None]] = {}
    for measure in catalogue.measures.values():
        for series in measure.series:
            for source in (series.source, series.denominator_source):
                found.setdefault(source, {})[measure.id] = None
    return {source: tuple(measures) for source, measures in found.items()}


def _is_ready(measure: Measure, usable: set[str]) -> bool:
    return any(
        {series.source, series.denominator_source} - {""} <= usable for series in measure.series
    )


def _source(source: Source, folders: Sequence[Path], unlocks: tuple[str, ...]) -> SourceStatus:
    located = [(file, find_file(source, file, folders)) for file in source.files]
    waves = {file.wave: True for file, _ in located if file.wave != EVERY_WAVE}
    for file, found in located:
        if found is None:
            for wave in waves if file.wave == EVERY_WAVE else (file.wave,):
                waves[wave] = False
    complete = tuple(wave for wave, is_there in waves.items() if is_there)
    is_any = any(found is not None for _, found in located)
    return SourceStatus(
        id=source.id,
        title=source.title,
        publisher=source.publisher,
        state="found" if all(waves.values()) else "partly" if is_any else "missing",
        files=tuple(_file(source, file, found) for file, found in located),
        waves=complete,
        waves_missing=tuple(wave for wave, is_there in waves.items() if not is_there),
        unlocks=unlocks,
        study=source.study,
        page=source.page,
        url=source.url,
        licence=source.licence,
        how_to_get=source.how_to_get,
        to_confirm=source.to_confirm,
        ended=source.ended,
        successor=source.successor,
    )


def _file(source: Source, file: SourceFile, found: Located | None) -> FileStatus:
    return FileStatus(
        path=file.path,
        found=found.name if found else "",
        wave=file.wave,
        synthetic=found is not None and (source.synthetic or _is_made_up(found)),
        address=source.fetch.get(file.path, ""),
    )


def _is_made_up(found: Located) -> bool:
    marked = found.folder is not None and has_mark_file(found.path, found.folder)
    return marked or looks_marked(found.path)
