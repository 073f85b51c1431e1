"""Which encoding a text file has: its byte order mark, else UTF-8, else what the layout says.

Nothing is guessed. A file read in the wrong encoding still looks like a table, and a name with
an accent then quietly matches nothing.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from social_evidence.errors import DataError
from social_evidence.readers.container import Container

# The four-byte marks come first: the UTF-32 mark begins with the UTF-16 one.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCK = 1 << 20


def settle(source: Container, declared: str) -> str:
    """Return the codec to read a text file with.

    Args:
        source: The file.
        declared: `auto`, or the layout's encoding. A byte order mark must agree with it.

    Raises:
        DataError: The file is empty, holds only a byte order mark, or its mark contradicts the
            layout.
    """
    with source.opened() as stream:
        start = stream.read(8)
    if not start:
        raise DataError(f"{source.name}: the file is empty (0 bytes). Fetch it again.")
    mark, codec = next(((m, c) for m, c in _MARKS if start.startswith(m)), (b"", ""))
    if mark and start == mark:
        raise DataError(
            f"{source.name}: the file holds a byte order mark and nothing else. Fetch it again."
        )
    if declared == "auto":
        return codec or "utf-8"
    if not mark:
        return declared
    if _family(declared) != _family(codec):
        raise DataError(
            f"{source.name}: begins with the byte order mark of {_family(codec)}, but the layout "
            f"says {declared}. Names would be garbled: set encoding = 'auto'."
        )
    return codec


@contextmanager
def text_lines(source: Container, encoding: str) -> Iterator[TextIO]:
    """Open a file as lines of text; CR, LF and CRLF all end a line.

    Raises:
        DataError: Bytes that are not in this encoding, with their offset and row.
    """
    try:
        with (
            source.opened() as stream,
            io.TextIOWrapper(stream, encoding=encoding, newline="") as lines,
        ):
            yield lines
    except UnicodeError as error:
        raise _undecodable(source, encoding) from error


def _family(encoding: str) -> str:
    """Return an encoding's family, byte order and signature aside."""
    name = codecs.lookup(encoding).name
    return next(
        (family for family in ("utf-8", "utf-16", "utf-32") if name.startswith(family)), name
    )


def _undecodable(source: Container, encoding: str) -> DataError:
    """Find where the bytes stop being in this encoding, and say what that suggests."""
    offset, row, other = _first_fault(source, encoding)
    where = f"{source.name}: byte {offset:,} (row {row})"
    if _family(encoding) != "utf-8":
        return DataError(
            f"{where} is not valid {encoding}. Names and codes would be garbled: declare the "
            "right encoding in the layout, or fetch the file again."
        )
    if other:
        return DataError(
            f"{where} is not UTF-8, though other characters before it are: the file mixes "
            "encodings. No single encoding reads it rightly; repair it at its source."
        )
    return DataError(
        f"{where} is not UTF-8 and there is no byte order mark. Encodings are never guessed: "
        "declare it in the layout, most likely encoding = 'cp1252' (or 'latin-1')."
    )


def _first_fault(source: Container, encoding: str) -> tuple[int, int, bool]:
    """Find the first undecodable byte: its offset, its row, and if non-ASCII text precedes it."""
    decoder = codecs.getincrementaldecoder(encoding)()
    offset, row, beyond_ascii, tail = 0, 1, False, ""
    with source.opened() as stream:
        while True:
            block = stream.read(_BLOCK)
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                good = error.object[: error.start].decode(encoding, "ignore")
                row += _line_ends(tail + good) - _line_ends(tail)
                return offset - pending + error.start, row, beyond_ascii or not good.isascii()
            row += _line_ends(tail + text) - _line_ends(tail)
            tail = text[-1:] or tail
            beyond_ascii = beyond_ascii or not text.isascii()
            offset += len(block)
            if not block:
                return offset, row, beyond_ascii


def _line_ends(text: str) -> int:
    """Count line ends, CRLF as one."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")
