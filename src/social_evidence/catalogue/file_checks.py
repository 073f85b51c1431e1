"""Whether a source's files, and the names of their columns, are declared so that they fit."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final

from social_evidence.catalogue.faults import Place
from social_evidence.catalogue.names import check_period
from social_evidence.model.source import EVERY_WAVE, Source, SourceFile

_SHA256: Final = re.compile(r"[0-9a-f]{64}")


def check_files(source: Source, place: Place) -> None:
    """Note every fault of a source's files, how they join, and what their columns are called.

    Args:
        source: The source.
        place: Its definition.
    """
    if not source.files:
        place.at("files").fault("is empty; name at least one file under [[files]].")
    for index, file in enumerate(source.files):
        here = place.at("files", index)
        for name, paths in (("path", (file.path,)), ("also", file.also)):
            for path in paths:
                if reason := _fault_of_path(path):
                    here.at(name).fault(f"{path!r} {reason}")
        if file.sha256 and not _SHA256.fullmatch(file.sha256):
            here.at("sha256").fault("must be 64 hexadecimal digits in lower case.")
        _check_wave(source, file, here)
        _check_holds(source, file, here.at("holds"))
        _check_names_of_file(source, file, here)
    _check_joining(source, place)
    _check_aliases(source, place.at("aliases"))


def _check_wave(source: Source, file: SourceFile, place: Place) -> None:
    if file.wave == EVERY_WAVE:
        if not file.join:
            place.at("join").fault(
                "is missing; a file of every wave is one that is looked up: name its key."
            )
    elif file.wave:
        check_period(file.wave, place.at("wave"))
    elif source.kind == "microdata":
        place.at("wave").fault(
            "is missing; say which period the file's answers are from, or '*' for a file that is "
            "looked up in every wave."
        )


def _check_holds(source: Source, file: SourceFile, place: Place) -> None:
    if file.holds and (file.wave or source.kind == "microdata"):
        place.fault(
            "is for counted and published files whose rows say their period, and have no `wave`."
        )
    for label in file.holds:
        check_period(label, place)


def _check_names_of_file(source: Source, file: SourceFile, place: Place) -> None:
    if file.join and source.kind != "microdata":
        place.at("join").fault(
            'is for microdata; files of counts stand side by side: combine = "columns" with `key`.'
        )
    if file.join and file.absent:
        place.at("absent").fault(
            "is for files stacked one under the other; this one is looked up (`join`)."
        )
    if file.absent and source.combine != "rows":
        place.at("absent").fault('needs combine = "rows": one of several stacked files lacks them.')
    for name in sorted({*file.absent} & {*file.columns}):
        place.at("absent").fault(f"{name!r} has a name under `columns`; it cannot be both.")
    for ours, theirs in file.columns.items():
        _check_name(ours, theirs, place.at("columns").at(ours))
        if "*" in theirs:
            place.at("columns").at(ours).fault(
                f"is {theirs!r}; a file's own name is written out. Patterns belong to `aliases`."
            )


def _check_aliases(source: Source, place: Place) -> None:
    for ours, names in source.aliases.items():
        here = place.at(ours)
        if not names:
            here.fault("is empty; list the publisher's names of the column.")
        for name, count in Counter(names).items():
            if count > 1:
                here.fault(f"{name!r} stands {count} times; once is enough.")
            _check_name(ours, name, here)


def _check_name(ours: str, theirs: str, place: Place) -> None:
    """A pattern that fits everything picks nothing, and a blank is no name."""
    if not ours.strip() or "*" in ours:
        place.fault("is no name of a column of ours; it must be without `*` and not blank.")
    if not theirs.strip(" *"):
        place.fault(f"{theirs!r} is no name: write the publisher's, or a pattern such as 'pwta*'.")


def _check_joining(source: Source, place: Place) -> None:
    """Two files for one period are an error unless the source says how they join."""
    mains = [file for file in source.files if not file.join]
    waves = Counter(file.wave for file in mains)
    repeated = sorted(wave or "no wave" for wave, count in waves.items() if count > 1)
    if repeated and not source.combine:
        place.at("combine").fault(
            f"several files are for one period ({', '.join(repeated)}). Say how they join: "
            '"rows" (one under the other) or "columns" (side by side, with `key`), or give the key '
            "by which a file of microdata is looked up (`join`)."
        )
    if source.combine == "columns" and not source.key:
        place.at("key").fault("is missing; name the columns by which files side by side join.")
    alone = sorted({file.wave for file in source.files if file.join} - {EVERY_WAVE, *waves})
    if alone:
        place.at("files").fault(
            f"of {', '.join(alone)} are only looked up (`join`); name the file of respondents too."
        )


def _fault_of_path(path: str) -> str:
    """Say why a path could lead out of the sources folder; nothing where it cannot."""
    if not path.strip():
        return "is blank. Give the file's path inside the sources folder."
    windows = PureWindowsPath(path)
    if PurePosixPath(path).is_absolute() or windows.is_absolute() or windows.drive:
        return "is absolute. Write it relative to the sources folder, so that it holds anywhere."
    if ".." in windows.parts:
        return "leaves the sources folder by `..`. Files are only read inside it."
    return ""
