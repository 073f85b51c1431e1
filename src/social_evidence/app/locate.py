"""Find a source's files in the folders given and open them by our names."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from social_evidence.errors import DataError, DefinitionError
from social_evidence.model.layout import Layout
from social_evidence.model.provenance import FileUsed
from social_evidence.model.source import EVERY_WAVE, Source, SourceFile
from social_evidence.plan.naming import Naming, is_renamed, naming
from social_evidence.readers import open_table
from social_evidence.readers.mark import has_mark_file
from social_evidence.readers.table import FileTable, renamed


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """One file of a source and where it lies on this machine.

    name: which of the file's paths was found; empty is its first. folder: of the sources.
    """

    source: Source
    file: SourceFile
    path: Path
    name: str = ""
    folder: Path | None = None

    @property
    def layout(self) -> Layout:
        """How the file is laid out: as it says itself, else as its source says."""
        return self.source.layout if self.file.layout is None else self.file.layout

    def opened(self, columns: Sequence[str] | None = None, needed: Sequence[str] = ()) -> Opened:
        """Open the file, as many of the columns named as it has, or all where none is.

        Args:
            columns: Our names; None reads every column.
            needed: Where every column is read: our names of those that definitions use.

        Raises:
            DataError: The file cannot be read, or is not the one the source asks for.
        """
        found: list[Naming] = []
        names: dict[str, str] = {}

        def choose(known: Sequence[str], layout: Layout) -> tuple[Sequence[str], Layout]:
            own = naming(self.source, self.file, known, self.path.name)
            found.append(own)
            if columns is None:
                names.update(own.everything(needed))
            else:
                pairs = ((column, own.find(column)) for column in columns)
                names.update({column: name for column, name in pairs if name is not None})
            some = list(dict.fromkeys(names.values())) or list(known[:1])
            return some, self._layout_of(own, layout)

        table = open_table(self.path, self.layout, choose)
        self._check_edition(table)
        is_marked = table.is_marked or (
            self.folder is not None and has_mark_file(self.path, self.folder)
        )
        naming_of = replace(found[0], file=table.name)
        # A file of which nothing is wanted still has its rows, which one column stands for.
        named = names or {table.columns[0]: table.columns[0]}
        return Opened(
            located=self,
            table=replace(renamed(table, named), is_marked=is_marked),
            naming=naming_of,
            names=names,
        )

    def _layout_of(self, own: Naming, layout: Layout) -> Layout:
        """Translate the columns a layout names, which may be ours or the file's.

        A layout shared by files that hold different columns speaks of those a file has.
        """
        shared = self.file.layout is None and any(
            is_renamed(self.source, file) or file.join or file.absent for file in self.source.files
        )

        def of(columns: Sequence[str]) -> tuple[str, ...]:
            pairs = [(c, c if c in own.known else own.find(c)) for c in columns]
            return tuple(name or c for c, name in pairs if name is not None or not shared)

        return replace(
            layout,
            text_columns=of(layout.text_columns),
            number_columns=of(layout.number_columns),
            stop_at_blank=next(iter(of((layout.stop_at_blank,))), layout.stop_at_blank)
            if layout.stop_at_blank
            else "",
        )

    def _check_edition(self, table: FileTable) -> None:
        if self.file.sha256 and table.digest != self.file.sha256:
            raise DataError(
                f"{table.name}: its sha-256 begins {table.digest[:12]}, source {self.source.id!r} "
                f"wants {self.file.sha256[:12]}. It is another edition of the file: get the one "
                "the source names, or state the new digest after checking what changed."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One file as it was opened.

    table: by our names. naming: how its columns are called. names: our name -> the file's.
    """

    located: Located
    table: FileTable
    naming: Naming
    names: Mapping[str, str]

    @property
    def reading(self) -> str:
        """Everything besides bytes and layout that makes the table what it is."""
        file = self.located.file
        return json.dumps([dict(self.names), file.absent, file.join], sort_keys=True)

    @property
    def used(self) -> FileUsed:
        """Describe the file by the source's own path, never by where it lies on this machine."""
        return FileUsed(
            source=self.located.source.id,
            name=self.located.name or self.located.file.path,
            table=self.table.name,
            sha256=self.table.digest,
            period=self.located.file.wave,
            columns=tuple(sorted(pair for pair in self.names.items() if pair[0] != pair[1])),
        )


def find_file(source: Source, file: SourceFile, folders: Sequence[Path]) -> Located | None:
    """Find a file under any of its names: the first folder that has one gives it."""
    for folder in folders:
        for name in (file.path, *file.also):
            if (folder / name).is_file():
                return Located(
                    source=source, file=file, path=folder / name, name=name, folder=folder
                )
    return None


def waves_of(located: Sequence[Located]) -> dict[str, tuple[Located, ...]]:
    """Sort the files of a survey by wave; those of every wave are in each.

    Args:
        located: All files of one source.

    Returns:
        Label of the wave -> its files, in the source's order.
    """
    waves = dict.fromkeys(one.file.wave for one in located if one.file.wave != EVERY_WAVE)
    return {
        wave: tuple(one for one in located if one.file.wave in {wave, EVERY_WAVE}) for wave in waves
    }


def check_waves(source: Source) -> None:
    """Refuse files of which nothing says what wave they are for, or how they join.

    Raises:
        DefinitionError: Naming the wave.
    """
    waves = [file.wave for file in source.files if not file.join]
    twice = sorted({wave for wave in waves if waves.count(wave) > 1})
    if twice and not source.combine:
        what = f"the wave {twice[0]!r}" if twice[0] else "no stated wave"
        raise DefinitionError(
            f"source {source.id!r} has {waves.count(twice[0])} files for {what}, and nothing says "
            'how they join. Add combine = "rows", or combine = "columns" with key = [...], or '
            "give each its own `wave`, or the key by which it is looked up (`join`)."
        )
    if source.kind == "microdata" and ("" in waves or EVERY_WAVE in waves):
        raise DefinitionError(
            f"source {source.id!r}: a file has no `wave`, so its respondents have no period. "
            "Give every file of microdata its wave; only a file that is looked up (`join`) may "
            f"belong to every wave ({EVERY_WAVE!r})."
        )
