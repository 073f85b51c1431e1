"""Check a catalogue: read every definition, say what it holds or everything wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from social_evidence.app.probe import probe_derived
from social_evidence.catalogue.faults import Fault
from social_evidence.catalogue.json_schema import schemas
from social_evidence.catalogue.load import examine
from social_evidence.errors import StoreError


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueCheck:
    """What a catalogue holds, and its faults.

    examples: respondents by way of example; without faults all of them fall where they must.
    published: figures printed elsewhere that a build is verified against.
    """

    title: str
    digest: str
    measures: int
    sources: int
    questions: int
    breakdowns: int
    areas: int
    examples: int
    published: int
    faults: tuple[Fault, ...]


def check_catalogue(paths: Sequence[Path]) -> CatalogueCheck:
    """Read folders of definitions and count what they hold together.

    Args:
        paths: Folders that hold `catalogue.toml`; a later one may name what an earlier defines.

    Returns:
        Counts, and every fault sorted by file; nothing is refused here.

    Raises:
        DefinitionError: A folder is no catalogue.
    """
    catalogue, faults = examine(paths)
    faults = tuple(sorted((*faults, *probe_derived(catalogue)), key=lambda fault: fault.file))
    measures = catalogue.measures.values()
    return CatalogueCheck(
        title=catalogue.title,
        digest=catalogue.digest,
        measures=len(catalogue.measures),
        sources=len(catalogue.sources),
        questions=len(catalogue.questions),
        breakdowns=len(catalogue.breakdowns),
        areas=len(catalogue.areas.areas),
        examples=sum(len(measure.examples) for measure in measures),
        published=sum(len(measure.published) for measure in measures),
        faults=faults,
    )


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write the JSON Schema of each kind of definition, for editors that complete and check.

    Args:
        folder: Where to write; made if it does not exist.

    Returns:
        The files written, sorted.

    Raises:
        StoreError: The folder cannot be written.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in sorted(schemas().items()):
            written.append(folder / name)
            written[-1].write_text(text, encoding="utf-8")
    except OSError as fault:
        raise StoreError(f"{folder} cannot be written: {fault.strerror}.") from None
    return tuple(written)
