"""The fast road for large delimited files: Arrow's own parser, where it cannot read differently.

Arrow forgives quotation marks in odd places and skips empty lines without a word. So a file goes
this road only after a scan of its bytes has shown that it has neither, nor anything else on which
the two parsers could differ; every other file is read row by row.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence

import pyarrow as pa
from pyarrow import csv as arrow_csv

from social_evidence.model.layout import Layout
from social_evidence.readers.cells import nulls_removed
from social_evidence.readers.container import Container
from social_evidence.readers.grid import Page, Pages

WORTH_IT_BYTES = 1 << 16

_BLOCK = 4 << 20
_LONGEST_LINE = 16 << 20
_BLANK_LINE = re.compile(rb"\n[\r\n]|\r\r")


def pages(
    source: Container, encoding: str, delimiter: str, layout: Layout, width: int
) -> Pages | None:
    """Return Arrow's way to the pages of a file, or None where the file is not plain enough.

    Args:
        source: The file.
        encoding: Its settled encoding.
        delimiter: Its settled delimiter.
        layout: No rule may end the table before the file does.
        width: Number of columns in the header.
    """
    ends_early = layout.last_row or layout.stop_at_blank or layout.stop_at_text
    is_single_byte = codecs.lookup(encoding).name in {"utf-8", "utf-8-sig", "cp1252", "iso8859-1"}
    if ends_early or not is_single_byte or source.stamp[0] < WORTH_IT_BYTES:
        return None
    if not delimiter.isascii() or not layout.quote.isascii():
        return None
    lines = _plain_lines(source, encoding, delimiter, layout.quote)
    road = _Road(source, encoding, delimiter, layout, width)
    expected = lines - (layout.start_row - 1)
    return road.pages if expected > 0 and road.rows() == expected else None


class _Road:
    """Arrow's parser set up for one plain file."""

    def __init__(
        self, source: Container, encoding: str, delimiter: str, layout: Layout, width: int
    ) -> None:
        self._source = source
        self._layout = layout
        self._read = arrow_csv.ReadOptions(
            use_threads=False,
            block_size=_BLOCK,
            skip_rows=layout.start_row - 1,
            column_names=[str(place) for place in range(width)],
            encoding="utf8" if encoding.startswith("utf") else encoding,
        )
        self._parse = arrow_csv.ParseOptions(
            delimiter=delimiter, quote_char=layout.quote or False, newlines_in_values=False
        )

    def rows(self) -> int:
        """Count rows, or return 0 where some row has not the header's width."""
        try:
            return sum(batch.num_rows for batch in self._batches([0]))
        except pa.ArrowInvalid:
            return 0

    def pages(self, wanted: Sequence[int]) -> Iterator[Page]:
        """Give the columns wanted, page by page, with the rows' numbers."""
        start = self._layout.start_row
        for batch in self._batches(wanted or [0]):
            texts = [nulls_removed(column, self._layout) for column in batch.columns]
            yield texts[: len(wanted)], range(start, start + batch.num_rows)
            start += batch.num_rows

    def _batches(self, places: Sequence[int]) -> Iterator[pa.RecordBatch]:
        names = [str(place) for place in places]
        convert = arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            include_columns=names,
            null_values=[],
            strings_can_be_null=False,
        )
        with (
            self._source.opened() as stream,
            arrow_csv.open_csv(stream, self._read, self._parse, convert) as reader,
        ):
            yield from reader


def _plain_lines(source: Container, encoding: str, delimiter: str, quote: str) -> int:
    """Count the lines of a plain file; 0 where it is not plain.

    Plain: decodable, no NUL, no empty line, every cell that begins with a quotation mark is closed
    before the line ends and followed by a delimiter.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    quoted, opened = _quotes(delimiter, quote)
    count, rest = 0, b""
    with source.opened() as stream:
        while block := stream.read(_BLOCK):
            if not _is_decodable(decoder, block):
                return 0
            whole, rest = _cut_at_line_end(rest + block)
            if len(rest) > _LONGEST_LINE or not _is_plain(whole, quoted, opened):
                return 0
            count += _line_ends(whole)
    is_whole = _is_plain(rest, quoted, opened) and _is_decodable(decoder, b"", is_last=True)
    is_open = bool(rest) and not rest.endswith((b"\n", b"\r"))
    return count + _line_ends(rest) + is_open if is_whole else 0


def _quotes(
    delimiter: str, quote: str
) -> tuple[re.Pattern[bytes] | None, re.Pattern[bytes] | None]:
    """Return patterns of a well-formed quoted cell, and of a quotation mark that begins a cell."""
    if not quote:
        return None, None
    # The mark comes first and what is before it is looked at afterwards: searching for a literal
    # is many times faster than testing every position.
    mark, end = re.escape(quote.encode()), rb"\r\n" + re.escape(delimiter.encode())
    opening = mark + rb"(?<![^" + end + rb"]" + mark + rb")"
    inside = rb"[^\r\n" + mark + rb"]*"
    cell = opening + inside + rb"(?:" + mark + mark + inside + rb")*" + mark
    return re.compile(cell + rb"(?![^" + end + rb"])"), re.compile(opening)


def _cut_at_line_end(block: bytes) -> tuple[bytes, bytes]:
    """Split after the last line end that cannot be half of a CRLF."""
    place = max(block.rfind(b"\n"), block.rfind(b"\r", 0, max(len(block) - 1, 0))) + 1
    return block[:place], block[place:]


def _is_plain(
    lines: bytes, quoted: re.Pattern[bytes] | None, opened: re.Pattern[bytes] | None
) -> bool:
    """Say whether whole lines hold nothing on which parsers differ."""
    if b"\0" in lines or lines[:1] in (b"\r", b"\n") or _BLANK_LINE.search(lines):
        return False
    if quoted is None or opened is None or not opened.search(lines):
        return True
    return not opened.search(quoted.sub(b"", lines))


def _is_decodable(
    decoder: codecs.IncrementalDecoder, block: bytes, *, is_last: bool = False
) -> bool:
    try:
        decoder.decode(block, is_last)
    except UnicodeDecodeError:
        return False
    return True


def _line_ends(lines: bytes) -> int:
    """Count line ends, CRLF as one."""
    return lines.count(b"\n") + lines.count(b"\r") - lines.count(b"\r\n")
