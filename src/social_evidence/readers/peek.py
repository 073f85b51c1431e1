"""A quick look whether a file says of itself that it is synthetic, without reading it.

Opening a file takes its digest, which for a survey of a gigabyte is long to wait for when all
that is asked is what lies in a folder. What counts is what is found when the file is read.
"""

from __future__ import annotations

import contextlib
import gzip
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from social_evidence.readers.container import ZIP_FAULTS
from social_evidence.readers.mark import MARK, is_mark

_LOOKED_AT: Final = 4 << 20
_FIRST_LINES: Final = 64
_NAME: Final = MARK.encode()
_CELL: Final = re.compile(rb"(?:^|[,;\t|\"])" + _NAME + rb"(?:$|[,;\t|\"])", re.IGNORECASE)
_SHEET: Final = re.compile(rb'name="' + _NAME + rb'"', re.IGNORECASE)
_TEXT: Final = (".csv", ".tsv", ".tab", ".txt")
_DICTIONARIES: Final = (".sav", ".zsav", ".dta")


def looks_marked(path: Path) -> bool:
    """Say whether a file seems to carry the synthetic mark; False where it cannot be read."""
    suffixes = path.suffixes
    is_packed = bool(suffixes) and suffixes[-1].lower() == ".gz"
    kind = (suffixes[-2:] or [""])[0].lower() if is_packed else path.suffix.lower()
    look = _LOOKS.get(kind)
    if look is None:
        return False
    with contextlib.suppress(*ZIP_FAULTS, pa.ArrowException):
        return look(path)
    return False


def _in_text(path: Path) -> bool:
    lines = _start(path).splitlines()[:_FIRST_LINES]
    return any(_CELL.search(line) for line in lines)


def _in_dictionary(path: Path) -> bool:
    return _NAME in _start(path).upper()


def _in_schema(path: Path) -> bool:
    return is_mark(pq.read_schema(path).names)


def _in_workbook(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        names = {"xl/workbook.xml", "content.xml"} & set(archive.namelist())
        for name in names:
            with archive.open(name) as part:
                if _SHEET.search(part.read(_LOOKED_AT)):
                    return True
    return False


def _start(path: Path) -> bytes:
    if path.suffix.lower() == ".gz":
        with gzip.open(path, "rb") as packed:
            return packed.read(_LOOKED_AT)
    with path.open("rb") as plain:
        return plain.read(_LOOKED_AT)


_LOOKS: Final[Mapping[str, Callable[[Path], bool]]] = {
    **dict.fromkeys(_TEXT, _in_text),
    **dict.fromkeys(_DICTIONARIES, _in_dictionary),
    ".parquet": _in_schema,
    ".xlsx": _in_workbook,
    ".ods": _in_workbook,
}
