"""Publish a release: every format of it in one folder, whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Final

from social_evidence.app.publication import Imprint, content_of
from social_evidence.app.release_gate import gate_release
from social_evidence.errors import DefinitionError
from social_evidence.model.release import StateRecord, Version
from social_evidence.publish.bundle import bind, publication_name
from social_evidence.publish.content import Content
from social_evidence.publish.files import PublishedFile
from social_evidence.publish.registry import FORMATS, Format
from social_evidence.store import atomic, manifest, states
from social_evidence.store.release import find
from social_evidence.wording.withdrawn import notice_html, notice_text

Advance = Callable[[str, int, int], None]
"""Is told what is being done, how far it is and how far it will go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What was published.

    folder: where. files: what, with sizes and digests; of a withdrawn release the notice alone.
    seconds: format -> how long it took. withdrawn: true where only the notice was written.
    content: what the files were made from; none where only the notice was written.
    """

    folder: Path
    version: str
    marks: tuple[str, ...]
    files: tuple[PublishedFile, ...] = ()
    seconds: dict[str, float]
    withdrawn: bool = False
    content: Content | None = field(default=None, repr=False)


def publish(
    release: Path,
    out: Path,
    *,
    today: date,
    imprint: Imprint | None = None,
    draft: bool = False,
    pre_release: bool = False,
    only: Sequence[str] = (),
    advance: Advance | None = None,
) -> Publication:
    """Write the files of a release into `out/<version>`, from the release and nothing else.

    They are written beside and put in place in one step; an older publication of the same
    version stands until then. The same release and options give the same bytes.

    Args:
        release: A release folder, a `releases` folder or an evidence base (its latest release).
        out: The folder that publications go into.
        today: The day of publication.
        imprint: Publisher, licence and address.
        draft: Write a marked preview of a release that nobody has approved yet.
        pre_release: Write marked copies before the release's day.
        only: Ids of formats; empty writes all. What a format needs is written with it.
        advance: Told of every step.

    Returns:
        The folder and its files.

    Raises:
        DisclosureError: It is a draft, or its day has not come.
        DefinitionError: There is no such format.
        StoreError: There is no release, it is damaged, or the disk refuses.
    """
    formats = _wanted(only)
    folder = find(release)
    record = states.record_of_release(folder)
    if record is not None and record.state == "withdrawn":
        return _write_notice(folder, record, out)
    marks = gate_release(folder, today, draft=draft, pre_release=pre_release)
    told = advance or _silent
    told("reading the release", 0, len(formats) + 2)
    content = content_of(folder, imprint=imprint, marks=marks, today=today)
    target = out / publication_name(content)
    with atomic.locked(out):
        atomic.remove_unfinished(out)
        with atomic.folder_replaced(target) as beside:
            files, seconds = _write(content, beside, formats, told)
    return Publication(
        folder=target,
        version=content.version,
        marks=content.marks,
        files=files,
        seconds=seconds,
        content=content,
    )


def _silent(_doing: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def _wanted(only: Sequence[str]) -> tuple[Format, ...]:
    known = {one.id: one for one in FORMATS}
    if unknown := sorted(set(only) - set(known)):
        raise DefinitionError(
            f"There is no format {unknown[0]!r}. The formats are {', '.join(known)}."
        )
    wanted = set(only or known)
    for one in reversed(FORMATS):
        wanted |= set(one.needs) if one.id in wanted else set()
    return tuple(one for one in FORMATS if one.id in wanted)


def _write(
    content: Content, folder: Path, formats: Sequence[Format], advance: Advance
) -> tuple[tuple[PublishedFile, ...], dict[str, float]]:
    """Write the formats, two lines of them side by side, then what describes them all."""
    step = _Steps(content, folder, formats, advance)
    lines = _lines([one for one in formats if not one.is_last])
    with ThreadPoolExecutor(max_workers=_SIDE_BY_SIDE) as pool:
        begun = [pool.submit(step.write, line) for line in lines]
        try:
            for line in begun:
                line.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    for one in formats:
        if one.is_last:
            step.write([one])
    files = [file for one in formats for file in step.files[one.id]]
    step.tell("zip and digests")
    started = time.perf_counter()
    everything = bind(content, folder, files)
    seconds = {one.id: step.seconds[one.id] for one in formats}
    return everything, {**seconds, _BOUND: time.perf_counter() - started}


def _lines(formats: Sequence[Format]) -> list[list[Format]]:
    """Put every format behind the one it needs; formats of different lines know nothing."""
    lines: dict[str, list[Format]] = {}
    for one in formats:
        first = one.line or (one.needs[0] if one.needs else one.id)
        lines.setdefault(first, []).append(one)
    return sorted(lines.values(), key=lambda line: not line[0].line)


class _Steps:
    """Writes formats and keeps what came of each; several threads may call it."""

    def __init__(
        self, content: Content, folder: Path, formats: Sequence[Format], advance: Advance
    ) -> None:
        self._content, self._folder, self._advance = content, folder, advance
        self._formats = formats
        self._lock = Lock()
        self.files: dict[str, tuple[PublishedFile, ...]] = {}
        self.seconds: dict[str, float] = {}

    def tell(self, doing: str) -> None:
        """Tell what is being done now."""
        with self._lock:
            self._advance(doing, len(self.files) + 1, len(self._formats) + 2)

    def write(self, line: Sequence[Format]) -> None:
        """Write the formats of a line, one after the other."""
        for one in line:
            self.tell(one.title)
            started = time.perf_counter()
            made = one.write(self._content, self._folder, self._known(one))
            with self._lock:
                self.files[one.id] = made
                self.seconds[one.id] = time.perf_counter() - started

    def _known(self, asked: Format) -> list[PublishedFile]:
        """List what a format may describe, in the order of formats and never of threads."""
        return [
            file
            for one in self._formats
            if asked.is_last or one.id in asked.needs
            for file in self.files.get(one.id, ())
        ]


_SIDE_BY_SIDE: Final = 2
"""Half of the work is done outside the interpreter; more threads would only take memory."""
_BOUND: Final = "zip"


def _write_notice(folder: Path, record: StateRecord, out: Path) -> Publication:
    """Put the notice in the place of a withdrawn release's files."""
    stated = manifest.read(folder)
    newer = _newest_approved(folder.parent, record.version)
    notices = {
        "README.txt": notice_text(stated.title, record, newer),
        "index.html": notice_html(stated.title, record, newer),
    }
    target = out / record.version
    with atomic.locked(out):
        atomic.remove_unfinished(out)
        # Marked copies are of the same figures: they go as well.
        for one in (target, *sorted(out.glob(f"{record.version}-*"))):
            with atomic.folder_replaced(one) as beside:
                for name, text in notices.items():
                    (beside / name).write_text(text, encoding="utf-8", newline="")
    return Publication(folder=target, version=record.version, marks=(), seconds={}, withdrawn=True)


def _newest_approved(releases: Path, withdrawn: str) -> str:
    """Name the newest release after a withdrawn one that may be used instead."""
    found = [
        path.name
        for path in releases.iterdir()
        if Version.is_version(path.name)
        and Version.parse(path.name) > Version.parse(withdrawn)
        and states.state_of_release(path) == "approved"
    ]
    return max(found, key=Version.parse, default="")
