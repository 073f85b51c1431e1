"""Files as they lie on disk: plain, gzip, zstd or zip, always opened with a bound on their size.

A few kilobytes can unpack to more than any disk holds, so every byte that comes out of a
compressed file is counted against the layout's limit.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import pyarrow as pa

from social_evidence.errors import DataError
from social_evidence.model.layout import GIBIBYTE, Layout
from social_evidence.readers.table import nearest

COMPRESSIONS = (".gz", ".zip", ".zst")

_LARGEST_RATIO = 200
_KEPT_IN_MEMORY = 64 << 20
_BLOCK = 1 << 20
_KNOWN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
# What Python raises on damaged archives, odd versions and undecodable names included.
ZIP_FAULTS = (
    *(zipfile.BadZipFile, NotImplementedError, EOFError, OSError),
    *(zlib.error, ValueError),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """One file, and the one table file within it.

    Attributes:
        path: Where the file lies.
        name: What messages call it: the file's name, and the member's within a zip.
        suffix: Suffix of the table itself, compression stripped, in lower case.
        compression: `.gz`, `.zip`, `.zst`, or empty.
        member: The zip member that holds the table, or empty.
        digest: sha-256 of the file's bytes as they lie on disk.
        stamp: Size and time of last change when the digest was taken.
        limit: Largest number of bytes that may come out of it.
    """

    path: Path
    name: str
    suffix: str
    compression: str
    member: str
    digest: str
    stamp: tuple[int, int]
    limit: int

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Open the table's bytes for reading once, front to back.

        Raises:
            DataError: The file changed since its digest was taken, is cut short or corrupt, or
                unpacks to more than the limit.
        """
        self._check_unchanged()
        with _raw(self) as raw, io.BufferedReader(raw, _BLOCK) as stream:
            yield stream

    @contextmanager
    def seekable(self) -> Iterator[BinaryIO]:
        """Open the table's bytes for formats that read back and forth, unpacked where need be.

        Raises:
            DataError: As `opened`.
        """
        if not self.compression:
            self._check_unchanged()
            with self.path.open("rb") as stream:
                yield stream
            return
        # An unnamed file: nobody else can open it, and it is gone when it is closed.
        with tempfile.SpooledTemporaryFile(_KEPT_IN_MEMORY) as unpacked:
            with self.opened() as packed:
                while block := packed.read(_BLOCK):
                    unpacked.write(block)
            unpacked.seek(0)
            yield cast("BinaryIO", unpacked)

    def _check_unchanged(self) -> None:
        if self.stamp != _stamp(self.path):
            raise DataError(
                f"{self.name}: the file changed while it was being read, so its digest no longer "
                "describes it. Run again once nobody writes to it."
            )


def find(path: Path, layout: Layout) -> Container:
    """Find the one table file at a path and take its digest.

    Args:
        path: A file, perhaps compressed (.gz, .zst, .zip).
        layout: Names the member of a zip with several, and the size limit.

    Raises:
        DataError: No such file, a folder, an empty file, a zip that has no or several files, is
            protected by a password, or declares more bytes than the limit.
    """
    _check_path(path)
    compression = path.suffix.lower() if path.suffix.lower() in COMPRESSIONS else ""
    inner = path.name[: len(path.name) - len(compression)] if compression else path.name
    member = ""
    if compression == ".zip":
        member = _member(path, layout)
        inner = member
    elif layout.member:
        raise DataError(
            f"{path.name}: the layout names the member {layout.member!r}, but this is not a zip "
            "archive. Leave member out."
        )
    stamp = _stamp(path)
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Container(
        path=path,
        name=f"{path.name} ({member})" if member else path.name,
        suffix=Path(inner).suffix.lower(),
        compression=compression,
        member=member,
        digest=digest,
        stamp=stamp,
        limit=layout.max_unpacked_bytes,
    )


def check_archive(infos: list[zipfile.ZipInfo], limit: int, name: str) -> None:
    """Refuse zip members that are encrypted, packed by an unknown method or declared too large.

    Raises:
        DataError: Says which member, and what it declares.
    """
    for info in infos:
        if info.flag_bits & 0x1:
            raise DataError(
                f"{name}: {info.filename!r} is protected by a password and cannot be read. Store "
                "an unprotected copy."
            )
        if info.compress_type not in _KNOWN_METHODS:
            raise DataError(
                f"{name}: {info.filename!r} uses zip compression method {info.compress_type}, "
                "which is not supported. Pack it again with the usual method (deflate)."
            )
    declared = sum(info.file_size for info in infos)
    packed = max(1, sum(info.compress_size for info in infos))
    if declared > limit:
        raise _too_large(name, f"declares {declared:,} bytes", limit)
    if declared > GIBIBYTE and declared > _LARGEST_RATIO * packed:
        raise DataError(
            f"{name}: declares {declared:,} bytes, {declared // packed:,} times its packed size, "
            "as archives made to fill a disk do. Unpack it by hand if it can be trusted."
        )


def _check_path(path: Path) -> None:
    """Refuse what is not a file with something in it."""
    if path.is_dir():
        raise DataError(f"{path.name}: is a folder, not a file. Name the file in it.")
    if not path.is_file():
        siblings = sorted(item.name for item in path.parent.glob("*") if item.is_file())
        folder = path.parent if path.parent.name else "this folder"
        raise DataError(
            f"{path.name}: no such file in {folder}{nearest(path.name, siblings)}. Correct "
            "the path or fetch the file."
        )
    try:
        with path.open("rb") as stream:
            first = stream.read(1)
    except PermissionError as error:
        raise DataError(f"{path.name}: may not be read (permission denied).") from error
    if not first:
        raise DataError(f"{path.name}: the file is empty (0 bytes). Fetch it again.")


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _member(path: Path, layout: Layout) -> str:
    """Choose the one member that holds the table."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not _is_clutter(info)]
    except ZIP_FAULTS as error:
        raise DataError(
            f"{path.name}: is not a zip archive, or is cut short. Fetch it again."
        ) from error
    names = [info.filename for info in infos]
    if not names:
        raise DataError(f"{path.name}: the zip archive holds no files.")
    if layout.member and layout.member not in names:
        raise DataError(
            f"{path.name}: the zip archive has no member {layout.member!r}"
            f"{nearest(layout.member, names)}. It holds {_listed(names)}."
        )
    if not layout.member and len(names) > 1:
        raise DataError(
            f"{path.name}: the zip archive holds {len(names)} files ({_listed(names)}); say which "
            "one in the layout: member = '…'."
        )
    chosen = infos[names.index(layout.member)] if layout.member else infos[0]
    check_archive([chosen], layout.max_unpacked_bytes, path.name)
    return chosen.filename


def _is_clutter(info: zipfile.ZipInfo) -> bool:
    """Say whether a member is a folder or what an operating system leaves behind."""
    base = Path(info.filename).name
    return info.is_dir() or info.filename.startswith("__MACOSX/") or base == ".DS_Store"


def _listed(names: list[str], most: int = 30) -> str:
    shown = ", ".join(repr(name) for name in names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")


def _too_large(name: str, what: str, limit: int) -> DataError:
    return DataError(
        f"{name}: {what}, more than the {limit:,} allowed, so it is not unpacked. If it can be "
        "trusted, raise max_unpacked_bytes in the layout."
    )


@contextmanager
def _raw(container: Container) -> Iterator[io.RawIOBase]:
    """Open the layers below the bound."""
    with container.path.open("rb") as plain:
        if container.compression == ".zip":
            with _broken(container), zipfile.ZipFile(plain) as archive:
                member = archive.open(container.member)
            with archive, member:
                yield _Bounded(member, container)
        elif container.compression == ".gz":
            with gzip.open(plain) as unpacked:
                yield _Bounded(unpacked, container)
        elif container.compression == ".zst":
            with pa.CompressedInputStream(pa.PythonFile(plain, "r"), "zstd") as unpacked:
                yield _Bounded(unpacked, container)
        else:
            yield _Bounded(plain, container)


@contextmanager
def _broken(container: Container) -> Iterator[None]:
    """Turn the many ways a packed file can be broken into one message."""
    try:
        yield
    except ZIP_FAULTS as error:
        kind = container.compression.lstrip(".") or "file"
        raise DataError(
            f"{container.name}: cannot be read to its end: it is not a {kind} file, or is cut "
            "short or damaged. Fetch it again and compare its size with the publisher's."
        ) from error


class _Bounded(io.RawIOBase):
    """A stream that counts what comes out of it and stops at the limit."""

    def __init__(self, inner: IO[bytes] | gzip.GzipFile, container: Container) -> None:
        super().__init__()
        self._inner = inner
        self._container = container
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer)
        with _broken(self._container):
            block = self._inner.read(len(view))
        self._count += len(block)
        if self._container.compression:
            self._check_size()
        view[: len(block)] = block
        return len(block)

    def _check_size(self) -> None:
        limit, packed = self._container.limit, max(1, self._container.stamp[0])
        if self._count > limit:
            raise _too_large(self._container.name, "unpacks to more bytes than the limit", limit)
        if self._count > max(GIBIBYTE, _LARGEST_RATIO * packed):
            what = f"unpacks to over {_LARGEST_RATIO} times its packed size"
            raise _too_large(self._container.name, what, GIBIBYTE)
