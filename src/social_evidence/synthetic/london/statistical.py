"""Write SPSS system files and Stata files, so that sources come in the formats they come in.

Both writers follow the published descriptions of the formats and write fixed dates: the same
input gives the same bytes. Texts are at most 255 bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from social_evidence.synthetic.london.writing import Columns, to_table, write_bytes

Labels = Mapping[str, Mapping[int, str]]
_SPSS_MISSING: Final = np.frombuffer(b"\xff\xff\xff\xff\xff\xff\xef\xff", dtype="<f8")[0]
_STATA_DOUBLE_MISSING: Final = np.frombuffer(struct.pack("<Q", 0x7FE0000000000000), "<f8")[0]
_STATA_WHOLE: Final = (
    (np.dtype("<i1"), 65530, -127, 100, 101),
    (np.dtype("<i2"), 65529, -32767, 32740, 32741),
    (np.dtype("<i4"), 65528, -2147483647, 2147483620, 2147483621),
)
"""Stata's whole numbers: stored as, type, smallest, largest, and what stands for no value."""
_STATA_DOUBLE: Final = 65526
_WIDEST: Final = 255
_NOTHING: Final = np.array([], dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Variable:
    """One column ready to be written.

    Attributes:
        name: Its name.
        numbers: Values as doubles with NaN for none; empty for text.
        texts: Values as bytes of one width, or None for numbers.
        whole: Whether all numbers are whole.
        title: What the variable is about.
        labels: Code → what it means.
        missing: Codes that mean no answer.
    """

    name: str
    numbers: npt.NDArray[np.float64]
    texts: npt.NDArray[np.bytes_] | None
    whole: bool
    title: str
    labels: Mapping[int, str]
    missing: Sequence[float]

    @property
    def width(self) -> int:
        """Bytes of a text, 0 for numbers."""
        return 0 if self.texts is None else max(1, self.texts.dtype.itemsize)


def write_sav(
    path: Path,
    columns: Columns,
    *,
    labels: Labels | None = None,
    titles: Mapping[str, str] | None = None,
    missing: Mapping[str, Sequence[float]] | None = None,
) -> Path:
    """Write an SPSS system file with the mark as its last variable.

    Args:
        path: The file; its folder is made.
        columns: Name → values; text becomes text, null the system's missing value.
        labels: Name → code → label.
        titles: Name → label of the variable.
        missing: Name → up to three codes declared as missing.
    """
    variables = _variables(columns, labels, titles, missing)
    rows = _length(variables)
    units = [(-(-variable.width // 8)) or 1 for variable in variables]
    short = _short_names([variable.name for variable in variables])
    head = b"$FL2" + b"@(#) SPSS DATA FILE - synthetic".ljust(60)
    head += struct.pack("<iiiiid", 2, sum(units), 0, 0, rows, 100.0)
    head += b"01 Jan 20" + b"00:00:00" + b"synthetic".ljust(64) + b"\0" * 3
    body = b"".join(
        _sav_variable(variable, name) for variable, name in zip(variables, short, strict=True)
    )
    place = 1
    for variable, wide in zip(variables, units, strict=True):
        body += _sav_labels(variable, place)
        place += wide
    long = "\t".join(f"{a}={v.name}" for a, v in zip(short, variables, strict=True)).encode()
    body += struct.pack("<iiii", 7, 13, 1, len(long)) + long
    body += struct.pack("<iiii", 7, 20, 1, 5) + b"UTF-8" + struct.pack("<ii", 999, 0)
    table = np.empty(rows, dtype=[(f"c{n}", _sav_type(v)) for n, v in enumerate(variables)])
    for number, variable in enumerate(variables):
        table[f"c{number}"] = _sav_values(variable)
    return write_bytes(path, head + body + table.tobytes())


def write_dta(
    path: Path,
    columns: Columns,
    *,
    labels: Labels | None = None,
    titles: Mapping[str, str] | None = None,
) -> Path:
    """Write a Stata file (format 118) with the mark as its last variable.

    Args:
        path: The file; its folder is made.
        columns: Name → values; text becomes text, null the system's missing value.
        labels: Name → code → label.
        titles: Name → label of the variable.
    """
    variables = _variables(columns, labels, titles, None)
    rows, count = _length(variables), len(variables)
    stored = [_dta_stored(variable) for variable in variables]
    table = np.empty(rows, dtype=[(f"c{n}", values.dtype) for n, (_, values) in enumerate(stored)])
    for number, (_, values) in enumerate(stored):
        table[f"c{number}"] = values
    header = b"<header><release>118</release><byteorder>LSF</byteorder><K>"
    header += struct.pack("<H", count) + b"</K><N>" + struct.pack("<Q", rows)
    header += b"</N><label>" + struct.pack("<H", 9) + b"synthetic</label><timestamp>"
    header += struct.pack("<B", 17) + b"01 Jan 2020 00:00</timestamp></header>"
    parts: dict[str, bytes] = {
        "variable_types": b"".join(struct.pack("<H", kind) for kind, _ in stored),
        "varnames": b"".join(_fixed(variable.name, 129) for variable in variables),
        "sortlist": b"\0\0" * (count + 1),
        "formats": b"".join(_fixed(_dta_format(variable), 57) for variable in variables),
        "value_label_names": b"".join(
            _fixed(variable.name if variable.labels else "", 129) for variable in variables
        ),
        "variable_labels": b"".join(_fixed(variable.title, 321) for variable in variables),
        "characteristics": b"",
        "data": table.tobytes(),
        "strls": b"",
        "value_labels": b"".join(_dta_labels(v) for v in variables if v.labels),
    }
    return write_bytes(path, _dta_file(header, parts))


def _dta_file(header: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Put the parts behind the map that says where each begins."""
    opens, closes = b"<stata_dta>", b"</stata_dta>"
    start = len(opens) + len(header)
    places = [0, start]
    at = start + len(b"<map></map>") + 14 * 8
    body = b""
    for name, raw in parts.items():
        places.append(at + len(body))
        body += f"<{name}>".encode() + raw + f"</{name}>".encode()
    places += [at + len(body), at + len(body) + len(closes)]
    table = b"<map>" + struct.pack("<14Q", *places) + b"</map>"
    return opens + header + table + body + closes


def _variables(
    columns: Columns,
    labels: Labels | None,
    titles: Mapping[str, str] | None,
    missing: Mapping[str, Sequence[float]] | None,
) -> list[_Variable]:
    table = to_table(columns)
    found = []
    for name in table.column_names:
        column = table[name].combine_chunks()
        text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
        numbers = _NOTHING if text else column.cast(pa.float64()).to_numpy(zero_copy_only=False)
        found.append(
            _Variable(
                name=name,
                numbers=numbers,
                texts=_to_bytes(column) if text else None,
                whole=pa.types.is_integer(column.type),
                title=(titles or {}).get(name, ""),
                labels=(labels or {}).get(name, {}),
                missing=tuple((missing or {}).get(name, ())),
            )
        )
    return found


def _to_bytes(column: pa.Array) -> npt.NDArray[np.bytes_]:
    known = column.dictionary_encode()
    words = [word.encode()[:_WIDEST] for word in known.dictionary.to_pylist()]
    table = np.array([b"", *words])
    return np.asarray(table[known.indices.fill_null(-1).to_numpy() + 1])


def _length(variables: Sequence[_Variable]) -> int:
    return len(variables[-1].numbers)  # the mark's


def _short_names(names: Sequence[str]) -> list[str]:
    """Give each variable a name of at most eight capitals, as the format's first names are."""
    used: set[str] = set()
    short = []
    for number, name in enumerate(names):
        mine = name.upper()
        if len(mine.encode()) > 8 or mine in used:
            mine = f"V{number:07d}"
        used.add(mine)
        short.append(mine)
    return short


def _sav_variable(variable: _Variable, short: str) -> bytes:
    decimals = 0 if variable.whole or variable.width else 4
    form = (1 << 16 | variable.width << 8) if variable.width else (5 << 16 | 12 << 8 | decimals)
    head = struct.pack(
        "<iiiiii", 2, variable.width, bool(variable.title), len(variable.missing), form, form
    )
    raw = head + short.encode().ljust(8)
    if variable.title:
        title = variable.title.encode()[:_WIDEST]
        raw += struct.pack("<i", len(title)) + title + b" " * (-len(title) % 4)
    raw += b"".join(struct.pack("<d", code) for code in variable.missing)
    follow = struct.pack("<iiiiii", 2, -1, 0, 0, form, form) + b" " * 8
    return raw + follow * max(0, -(-variable.width // 8) - 1)


def _sav_labels(variable: _Variable, place: int) -> bytes:
    if not variable.labels:
        return b""
    raw = struct.pack("<ii", 3, len(variable.labels))
    for code, text in variable.labels.items():
        word = text.encode()[:120]
        raw += struct.pack("<dB", code, len(word)) + word + b" " * (-(len(word) + 1) % 8)
    return raw + struct.pack("<iii", 4, 1, place)


def _sav_type(variable: _Variable) -> np.dtype[np.generic]:
    return np.dtype(f"S{-(-variable.width // 8) * 8}") if variable.width else np.dtype("<f8")


def _sav_values(variable: _Variable) -> npt.NDArray[np.generic]:
    if variable.texts is not None:
        return np.char.ljust(variable.texts, -(-variable.width // 8) * 8)
    numbers = variable.numbers
    return np.where(np.isnan(numbers), _SPSS_MISSING, numbers)


def _dta_stored(variable: _Variable) -> tuple[int, npt.NDArray[np.generic]]:
    """Choose the smallest type that holds the values."""
    if variable.texts is not None:
        return variable.width, variable.texts.astype(f"S{variable.width}")
    none = np.isnan(variable.numbers)
    if variable.whole:
        known = variable.numbers[~none]
        low, high = (known.min(), known.max()) if len(known) else (0, 0)
        for kind, number, smallest, largest, absent in _STATA_WHOLE:
            if smallest <= low and high <= largest:
                return number, np.where(none, absent, variable.numbers).astype(kind)
    return _STATA_DOUBLE, np.where(none, _STATA_DOUBLE_MISSING, variable.numbers).astype("<f8")


def _dta_format(variable: _Variable) -> str:
    if variable.width:
        return f"%{variable.width}s"
    return "%12.0g" if variable.whole else "%10.0g"


def _dta_labels(variable: _Variable) -> bytes:
    words = [text.encode() + b"\0" for text in variable.labels.values()]
    starts = np.cumsum([0, *(len(word) for word in words)])
    texts = b"".join(words)
    table = struct.pack("<ii", len(words), len(texts))
    table += struct.pack(f"<{len(words)}i", *(int(start) for start in starts[:-1]))
    table += struct.pack(f"<{len(words)}i", *variable.labels) + texts
    return (
        b"<lbl>"
        + struct.pack("<i", len(table))
        + _fixed(variable.name, 129)
        + b"\0" * 3
        + table
        + b"</lbl>"
    )


def _fixed(text: str, width: int) -> bytes:
    return text.encode()[: width - 1].ljust(width, b"\0")
