"""What a site offers by default: every figure in every common form, small enough to go with it.

All formats of a London weigh half a gigabyte. This weighs a tenth: each measure by itself for
people, the whole for programs, packed.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from social_evidence.publish import ods, xlsx
from social_evidence.publish.api import measure_files
from social_evidence.publish.bundle import SUMS, write_licence
from social_evidence.publish.content import Content
from social_evidence.publish.csvw import write_csvw
from social_evidence.publish.datapackage import write_datapackage
from social_evidence.publish.delimited import write_measures_csv
from social_evidence.publish.files import PublishedFile, described, published, write
from social_evidence.publish.parquet import write_parquet
from social_evidence.publish.sheets import Workbook
from social_evidence.publish.workbooks import FOLDER as WORKBOOKS
from social_evidence.publish.workbooks import initiative_workbook, measure_workbook

_EFFORT: Final = 4
INITIATIVES: Final = "initiatives"


def write_selection(content: Content, folder: Path) -> tuple[PublishedFile, ...]:
    """Write the selection into a publication's folder.

    CSV, Excel and OpenDocument by measure and by initiative; JSON by measure and the whole tables
    as CSV, packed; Parquet; what describes the columns (CSV on the Web, data package); licence and
    digests. What `publish` also writes has the same name and the same bytes there.

    Returns:
        Every file but the digests.
    """
    tables = write_measures_csv(content, folder)
    plain = [file for file in tables if file.path.endswith(".csv")]
    files = [
        *tables,
        *write_csvw(content, folder, plain),
        *write_datapackage(content, folder, tables),
        *write_parquet(content, folder),
        *_json(content, folder),
        *_workbooks(content, folder),
        write_licence(content, folder),
    ]
    _write_sums(folder, files)
    return tuple(files)


def _json(content: Content, folder: Path) -> Iterator[PublishedFile]:
    for path, title, text in measure_files(content):
        yield published(folder, f"{path}.gz", gzip.compress(text, _EFFORT, mtime=0), title)


def _workbooks(content: Content, folder: Path) -> Iterator[PublishedFile]:
    (folder / WORKBOOKS).mkdir(parents=True, exist_ok=True)
    books: list[tuple[str, str, Workbook | None]] = [
        (one.id, one.title, measure_workbook(content, one)) for one in content.measures
    ]
    if content.named_initiatives.num_rows:
        books += [
            (f"{INITIATIVES}/{name}", title, initiative_workbook(content, name))
            for name, title in content.labels.initiatives.items()
        ]
        (folder / WORKBOOKS / INITIATIVES).mkdir(exist_ok=True)
    for name, title, book in books:
        for kind, write_book in (("xlsx", xlsx.write_book), ("ods", ods.write_book)):
            if book is not None:
                path = f"{WORKBOOKS}/{name}.{kind}"
                write_book(book, folder / path)
                yield described(folder, path, title)


def _write_sums(folder: Path, files: Iterable[PublishedFile]) -> None:
    """List the digests, those that stood there before included."""
    listed = folder / SUMS
    digests = {file.path: file.sha256 for file in files}
    if listed.is_file():
        for line in listed.read_text(encoding="utf-8").splitlines():
            digest, path = line.split("  ", 1)
            digests.setdefault(path, digest)
    sums = "".join(f"{digests[path]}  {path}\n" for path in sorted(digests))
    write(folder, SUMS, sums.encode())
