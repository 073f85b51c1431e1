"""Find a source's files in the folders given and open them; all that is missing is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from social_evidence.errors import DataError, DefinitionError
from social_evidence.model.layout import Layout
from social_evidence.model.provenance import FileUsed, Role
from social_evidence.model.source import Source, SourceFile
from social_evidence.readers import open_table
from social_evidence.readers.table import FileTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """One file of a source and where it lies on this machine."""

    source: Source
    file: SourceFile
    path: Path

    @property
    def layout(self) -> Layout:
        """How the file is laid out: as it says itself, else as its source says."""
        return self.source.layout if self.file.layout is None else self.file.layout

    def open(self, columns: Sequence[str] | None = None) -> FileTable:
        """Open the file, only the columns named where any are.

        Raises:
            DataError: The file cannot be read, or is not the one the source asks for.
        """
        table = open_table(self.path, self.layout, columns)
        if self.file.sha256 and table.digest != self.file.sha256:
            raise DataError(
                f"{table.name}: its sha-256 begins {table.digest[:12]}, source {self.source.id!r} "
                f"wants {self.file.sha256[:12]}. It is another edition of the file: get the one "
                "the source names, or state the new digest after checking what changed."
            )
        return table

    def used(self, table: FileTable, role: Role = "figures") -> FileUsed:
        """Describe the file by the source's own path, never by where it lies on this machine."""
        return FileUsed(
            source=self.source.id,
            name=self.file.path,
            table=table.name,
            sha256=table.digest,
            role=role,
            period=self.file.wave,
        )


def locate(sources: Iterable[Source], folders: Sequence[Path]) -> Mapping[str, tuple[Located, ...]]:
    """Find every file of some sources, in the first folder that has it.

    Args:
        sources: Sources whose files are needed.
        folders: Folders of source files, in order of preference.

    Returns:
        Source id -> its files, in the source's order.

    Raises:
        DataError: Files are missing; one message names them all and says how to get each.
        DefinitionError: Two files of a source are for one wave, and nothing says how they join.
    """
    found: dict[str, tuple[Located, ...]] = {}
    missing: list[str] = []
    for source in sources:
        _check_waves(source)
        located = []
        for file in source.files:
            path = next((f / file.path for f in folders if (f / file.path).is_file()), None)
            if path is None:
                missing.append(f"  {file.path} (source {source.id!r}): {source.how_to_get}")
            else:
                located.append(Located(source=source, file=file, path=path))
        found[source.id] = tuple(located)
    if missing:
        listed = "\n".join(dict.fromkeys(missing))
        raise DataError(
            f"{len(missing)} {'files are' if len(missing) > 1 else 'file is'} not in "
            f"{', '.join(_named(folder) for folder in folders)}:\n{listed}\n"
            "Get them and put them there, name another folder with --sources, or build only "
            "other measures with --measure."
        )
    return found


def _named(folder: Path) -> str:
    return str(folder) if folder.is_dir() else f"{folder} (there is no such folder)"


def _check_waves(source: Source) -> None:
    waves = [file.wave for file in source.files]
    twice = sorted({wave for wave in waves if waves.count(wave) > 1})
    if twice and not source.combine:
        what = f"the wave {twice[0]!r}" if twice[0] else "no stated wave"
        raise DefinitionError(
            f"source {source.id!r} has {waves.count(twice[0])} files for {what}, and nothing says "
            'how they join. Add combine = "rows", or combine = "columns" with key = [...], or '
            "give each its own `wave`."
        )
    if source.kind == "microdata" and "" in waves:
        raise DefinitionError(
            f"source {source.id!r}: a file has no `wave`, so its respondents have no period. "
            "Give every file of microdata its wave."
        )
