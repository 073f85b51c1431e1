"""Fetch the open files of a catalogue's sources, and remember what came from where."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal

from social_evidence.catalogue.load import load
from social_evidence.errors import DataError, DefinitionError, StoreError
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.source import Source
from social_evidence.plan.counted import nearest
from social_evidence.readers.download import LARGEST, Manners, download
from social_evidence.readers.part_file import Downloaded, Edition, accept, discard

RECORD: Final = "fetch.json"
"""Stands in the folder of sources: path of a file -> where it came from and its digest."""

Outcome = Literal["fetched", "updated", "there", "yours", "refused"]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What became of one file.

    outcome: `fetched` (new), `updated` (another edition in place of the one before), `there` (as
    it was fetched before), `yours` (put there by hand, left alone) or `refused`. reason: why it was
    refused, in words.
    """

    source: str
    path: str
    address: str
    outcome: Outcome
    sha256: str = ""
    size: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """One file to fetch, and where its definition and record say it must be like."""

    source: Source
    path: str
    address: str
    target: Path
    before: Mapping[str, str]

    @property
    def demanded(self) -> str:
        """The sha-256 its definition demands; empty where any content will do."""
        return next((file.sha256 for file in self.source.files if file.path == self.path), "")

    def told(self, outcome: Outcome, sha256: str = "", size: int = 0, reason: str = "") -> Fetched:
        """Say what became of it."""
        return Fetched(
            source=self.source.id,
            path=self.path,
            address=self.address,
            outcome=outcome,
            sha256=sha256,
            size=size,
            reason=reason,
        )


def fetch(
    catalogues: Sequence[Path],
    folder: Path,
    sources: Sequence[str] = (),
    *,
    update: bool = False,
    largest: int = LARGEST,
    manners: Manners | None = None,
    progress: Progress | None = None,
) -> tuple[Fetched, ...]:
    """Fetch every file of some sources that its publisher gives to everybody.

    A file that is refused does not keep the others from coming.

    Args:
        catalogues: Folders of definitions.
        folder: Where source files lie; the record of what was fetched goes there too.
        sources: Ids; all that have an address where none is named.
        update: Ask for newer editions of what was fetched, and take content that has changed.
        largest: Bytes a file may have.
        manners: How addresses are asked.
        progress: Called with a path, bytes so far and bytes in all.

    Returns:
        What became of each file, in the order of the sources.

    Raises:
        DefinitionError: No such source, one that is not open, or definitions with faults.
        StoreError: The folder cannot be written.
    """
    catalogue = load(catalogues)
    polite = manners or Manners(agent=f"social-evidence/{version('social-evidence')}")
    record = _read_record(folder)
    found: list[Fetched] = []
    for source in _chosen(catalogue, sources):
        for path, address in source.fetch.items():
            wanted = _Wanted(
                source=source,
                path=path,
                address=address,
                target=folder / path,
                before=record.get(path, {}),
            )
            found.append(_fetch_one(wanted, folder, polite, update, largest, progress))
    return tuple(found)


def _chosen(catalogue: Catalogue, named: Sequence[str]) -> list[Source]:
    for name in named:
        source = catalogue.sources.get(name)
        if source is None:
            raise DefinitionError(
                f"source {name!r} is not in the catalogue{nearest(name, catalogue.sources)}."
            )
        if not source.fetch:
            raise DefinitionError(
                f"source {name!r} names no address from which everybody may fetch it. "
                f"How to get it: {source.how_to_get}"
            )
    ids = dict.fromkeys(named) or catalogue.sources
    return [catalogue.sources[name] for name in ids]


def _fetch_one(
    wanted: _Wanted,
    folder: Path,
    manners: Manners,
    update: bool,
    largest: int,
    progress: Progress | None,
) -> Fetched:
    def advance(size: int, total: int) -> None:
        if progress is not None:
            progress(wanted.path, size, total)

    try:
        _check_inside(wanted, folder)
        if wanted.target.is_file() and (there := _there(wanted, update=update)) is not None:
            return there
        came = download(
            wanted.address,
            wanted.target,
            manners,
            known=_known(wanted),
            largest=largest,
            advance=advance,
        )
        if came is None:
            return wanted.told("there", wanted.before["sha256"])
        return _accepted(wanted, came, folder, update=update)
    except DataError as refusal:
        return wanted.told("refused", reason=str(refusal))
    except OSError as fault:
        raise StoreError(
            f"Cannot write {wanted.target}: {fault.strerror or fault}. What was there is "
            "unchanged; free some space or mend the rights, then run the same command again."
        ) from None


def _check_inside(wanted: _Wanted, folder: Path) -> None:
    """Refuse to write through a link that leads out of the folder of sources.

    Raises:
        DataError: Naming the path.
    """
    if not wanted.target.parent.resolve().is_relative_to(folder.resolve()):
        raise DataError(
            f"{wanted.path}: its folder is a link that leads out of {folder}, and nothing is "
            "written outside it. Name the folder it leads to with --sources, or put the file there."
        )


def _there(wanted: _Wanted, *, update: bool) -> Fetched | None:
    """Say what is there already; None where a newer edition is to be asked for.

    Raises:
        DataError: It is no longer what was fetched.
    """
    if not wanted.before:
        return wanted.told("yours", _digest(wanted.target))
    digest = _digest(wanted.target)
    if update:
        return None
    if digest != wanted.before["sha256"]:
        raise DataError(
            f"{wanted.path}: its sha-256 begins {digest[:12]}, but what was fetched begins "
            f"{wanted.before['sha256'][:12]}: somebody changed it since. Move your own file away, "
            "or fetch it anew with --update."
        )
    return wanted.told("there", digest, wanted.target.stat().st_size)


def _known(wanted: _Wanted) -> Edition | None:
    """Give the edition that lies there, if it is still what was fetched."""
    before = wanted.before
    if not before or not wanted.target.is_file() or _digest(wanted.target) != before["sha256"]:
        return None
    return Edition(etag=before.get("etag", ""), modified=before.get("modified", ""))


def _accepted(wanted: _Wanted, came: Downloaded, folder: Path, *, update: bool) -> Fetched:
    """Check what came against what was expected, put it in its place and note it down.

    Raises:
        DataError: It is another content than the definition or the record says.
    """
    is_there = wanted.target.is_file()
    before = wanted.before.get("sha256", "")
    if wanted.demanded and came.sha256 != wanted.demanded:
        discard(wanted.target)
        raise DataError(
            f"{wanted.address}: the sha-256 of what came begins {came.sha256[:12]}, source "
            f"{wanted.source.id!r} wants {wanted.demanded[:12]}. It is another edition of the "
            "file: state the new digest after checking what changed."
        )
    if before and came.sha256 != before and not update:
        discard(wanted.target)
        raise DataError(
            f"{wanted.address}: the content has changed since it was first fetched (sha-256 began "
            f"{before[:12]}, now {came.sha256[:12]}). Figures made of it would change: take the "
            "new edition with --update."
        )
    accept(came, wanted.target)
    _note(wanted, came, folder)
    if is_there:
        outcome: Outcome = "there" if came.sha256 == before else "updated"
    else:
        outcome = "fetched"
    return wanted.told(outcome, came.sha256, came.size)


def _note(wanted: _Wanted, came: Downloaded, folder: Path) -> None:
    """Note down a file that has come, at once: the next may be interrupted."""
    record = _read_record(folder)
    record[wanted.path] = {
        "source": wanted.source.id,
        "address": wanted.address,
        "sha256": came.sha256,
        **asdict(came.edition),
    }
    text = json.dumps(record, indent=2, sort_keys=True) + "\n"
    beside = folder / f"{RECORD}.writing"
    beside.write_text(text, encoding="utf-8")
    beside.replace(folder / RECORD)


def _read_record(folder: Path) -> dict[str, Mapping[str, str]]:
    path = folder / RECORD
    if not path.is_file():
        return {}
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        record = None
    entries = record.values() if isinstance(record, dict) else [None]
    if not all(isinstance(entry, dict) and _is_noted(entry) for entry in entries):
        raise StoreError(
            f"{path} cannot be read, so nobody can say which files were fetched. Remove it to "
            "take what is there as your own."
        )
    return dict(record or {})


def _is_noted(entry: Mapping[str, object]) -> bool:
    return "sha256" in entry and all(isinstance(text, str) for text in entry.values())


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
