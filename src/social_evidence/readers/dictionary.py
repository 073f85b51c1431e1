"""A walk through the dictionary of an SPSS file before the parser sees it.

The parser trusts counts and positions in the dictionary; a damaged one can make it read outside
its memory and end the whole process. So each record is checked to lie within the file and to
point at variables that exist.

Source: PSPP developers, "System File Format" (PSPP Internals), for the order of the fields.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

_HEADER_BYTES = 176
_LAYOUT_AT = 64
_VARIABLE, _LABELS, _LABELLED, _DOCUMENT, _EXTENSION, _END = 2, 3, 4, 6, 7, 999
_DOCUMENT_LINE = 80
_WIDEST = 255
_TEXT_FORMATS = (1, 2)  # A and AHEX


class BrokenDictionaryError(ValueError):
    """The dictionary contradicts itself or leaves the file."""


def check(stream: BinaryIO) -> None:
    """Walk through the records up to the first row of values.

    Args:
        stream: The file; left at its start.

    Raises:
        BrokenDictionaryError: A record leaves the file, is of no known kind, or points at a
            variable that does not exist.
    """
    stream.seek(0)
    header = stream.read(_HEADER_BYTES)
    if len(header) < _HEADER_BYTES or header[:4] not in (b"$FL2", b"$FL3"):
        raise BrokenDictionaryError
    order = next(
        (o for o in "<>" if struct.unpack_from(f"{o}i", header, _LAYOUT_AT)[0] in (2, 3)), ""
    )
    if not order:
        raise BrokenDictionaryError
    _Walk(stream, order).to_end()
    stream.seek(0)


class _Walk:
    """Where the walk stands, and which variables it has met."""

    def __init__(self, stream: BinaryIO, order: str) -> None:
        self._stream = stream
        self._order = order
        self._variables = 0
        self._continued = 0
        self._starts: set[int] = set()

    def to_end(self) -> None:
        """Take record after record until the one that ends the dictionary."""
        steps = {
            _VARIABLE: self._variable,
            _LABELS: self._labels,
            _LABELLED: self._labelled,
            _DOCUMENT: lambda: self._skip(self._number() * _DOCUMENT_LINE),
            _EXTENSION: self._extension,
        }
        while (kind := self._number()) != _END:
            if kind not in steps or (self._continued and kind != _VARIABLE):
                raise BrokenDictionaryError
            steps[kind]()
        self._number()

    def _number(self) -> int:
        raw = self._stream.read(4)
        if len(raw) < 4:
            raise BrokenDictionaryError
        return int(struct.unpack(f"{self._order}i", raw)[0])

    def _skip(self, count: int) -> None:
        if count < 0 or len(self._stream.read(count)) < count:
            raise BrokenDictionaryError

    def _variable(self) -> None:
        width, has_label, missing = self._number(), self._number(), self._number()
        if not (-1 <= width <= _WIDEST and has_label in (0, 1) and -3 <= missing <= 3):
            raise BrokenDictionaryError
        # A text wider than eight bytes goes on in records of its own, marked by a width of -1.
        if (width == -1) != (self._continued > 0):
            raise BrokenDictionaryError
        self._continued = self._continued - 1 if width == -1 else max(0, (width - 1) // 8)
        formats = [(self._number() >> 16) & 0xFF for _ in range(2)]
        if width >= 0 and any((kind in _TEXT_FORMATS) != (width > 0) for kind in formats):
            raise BrokenDictionaryError
        self._skip(8)
        if has_label:
            self._skip(-(-self._number() // 4) * 4)
        self._skip(abs(missing) * 8)
        self._variables += 1
        if width >= 0:
            self._starts.add(self._variables)

    def _labels(self) -> None:
        count = self._number()
        if count < 0:
            raise BrokenDictionaryError
        for _ in range(count):
            self._skip(8)
            length = self._stream.read(1)
            if not length:
                raise BrokenDictionaryError
            self._skip(-(-(length[0] + 1) // 8) * 8 - 1)

    def _labelled(self) -> None:
        count = self._number()
        if count < 0 or any(self._number() not in self._starts for _ in range(count)):
            raise BrokenDictionaryError

    def _extension(self) -> None:
        self._number()
        size, count = self._number(), self._number()
        if size < 0 or count < 0:
            raise BrokenDictionaryError
        self._skip(size * count)
