"""Half of a site's work done by a second process, where there is enough of it.

It writes the files to take away, and then what no other page waits for: the pages of cells, and
what the table builder reads. What it gives is what this process would have made.
"""

from __future__ import annotations

import os
import pickle
import queue
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import islice
from typing import IO, Any, Final

from social_evidence.app import programs
from social_evidence.app.site_data import DATA, write_data
from social_evidence.app.site_given import TreeWork
from social_evidence.app.site_input import downloads
from social_evidence.errors import EvidenceError
from social_evidence.site.choices import Choices
from social_evidence.site.content import Download
from social_evidence.site.render import Frame
from social_evidence.site.tree import written_apart

Downloads = Mapping[str, tuple[Download, ...]]

PROGRAM: Final = "social_evidence.app.site_apart"
"""What the helper runs."""
_WORTH: Final = 2**20
"""Bytes of a release's tables below which starting a process takes longer than it saves."""
_AT_ONCE: Final = 50
"""Pages that are sent together."""


@contextmanager
def helped(work: TreeWork, *, processes: int | None = None) -> Iterator[Helper | None]:
    """Give a helper that has begun with a tree's files; none where there is little to do.

    Args:
        work: Which tree.
        processes: By default two, where there are two processors and enough work.
    """
    if processes is None:
        size = sum(path.stat().st_size for path in work.release.glob("*.parquet"))
        processes = min(2, os.cpu_count() or 1) if size > _WORTH else 1
    if processes < 2:
        yield None
        return
    helper = Helper(work)
    try:
        yield helper
    finally:
        helper.stop()


class Helper:
    """The other process as the one that makes the site sees it."""

    def __init__(self, work: TreeWork) -> None:
        self._process = programs.start(PROGRAM)
        self._told: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._send(work)
        threading.Thread(target=self._listen, daemon=True).start()
        where = (work.out / DATA / work.release.name, f"{DATA}/{work.release.name}")
        self.downloads: Downloads = _Awaited(lambda: (self._next("files"), downloads(*where))[1])

    def begin(self, frame: Frame) -> None:
        """Let it write its pages, now that it is known what stands around them."""
        self._send(frame)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Give its pages, path and text, as they come.

        Raises:
            EvidenceError: What reading the release, writing its files or its pages raises.
        """
        len(self.downloads)
        while some := self._next("pages"):
            yield from some

    def stop(self) -> None:
        """End it, whatever it is at."""
        programs.stop([self._process])

    def _send(self, what: object) -> None:
        assert self._process.stdin is not None  # noqa: S101 - asked for when it was started
        # Where it has ended already, the next question to it says so.
        with suppress(BrokenPipeError):
            pickle.dump(what, self._process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - asked for when it was started
        try:
            while True:
                self._told.put(pickle.load(self._process.stdout))  # noqa: S301 - our own child's
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            # Done; or a fault of ours, or killed for want of memory: that stands on the screen.
            ended = RuntimeError("the process that wrote pages ended before its time")
            self._told.put(("fault", ended))

    def _next(self, kind: str) -> Any:
        said, what = self._told.get()
        if said == "fault":
            raise what
        assert said == kind  # noqa: S101 - it speaks in a fixed order
        return what


class _Awaited(Mapping[str, tuple[Download, ...]]):
    """Files that are still being written: whoever asks for one waits until all are there."""

    def __init__(self, find: Callable[[], Downloads]) -> None:
        self._find = find
        self._found: Downloads | None = None

    def _there(self) -> Downloads:
        if self._found is None:
            self._found = self._find()
        return self._found

    def __getitem__(self, measure: str) -> tuple[Download, ...]:
        return self._there()[measure]

    def __iter__(self) -> Iterator[str]:
        return iter(self._there())

    def __len__(self) -> int:
        return len(self._there())


def work(asked: TreeWork, wait_for_frame: Callable[[], Frame], say: Callable[..., None]) -> None:
    """Do the helper's part.

    Args:
        asked: Which tree.
        wait_for_frame: Gives what stands around its pages, once that is known.
        say: Told what is done: kind and result.

    Raises:
        EvidenceError: What reading the release or writing its files raises.
    """
    content = write_data(
        asked.release, asked.out, today=asked.today, everything=False, progress=None
    )
    say("files", None)
    where = downloads(asked.out / DATA / asked.release.name, f"{DATA}/{asked.release.name}")
    given = asked.site(content or asked.content(), where, silences=False)
    written = written_apart(Choices(given), wait_for_frame)
    while some := list(islice(written, _AT_ONCE)):
        say("pages", some)
    say("pages", [])


def _serve(given: IO[bytes], said: IO[bytes]) -> None:
    frames: queue.SimpleQueue[Frame] = queue.SimpleQueue()

    def listen() -> None:
        try:
            while True:
                frames.put(pickle.load(given))  # noqa: S301 - our parent's
        except EOFError:
            # Whoever asked is gone, perhaps killed: nobody waits for the rest.
            os._exit(0)

    def say(kind: str, what: object) -> None:
        pickle.dump((kind, what), said, protocol=pickle.HIGHEST_PROTOCOL)
        said.flush()

    try:
        asked = pickle.load(given)  # noqa: S301 - our parent's
    except EOFError:
        return
    threading.Thread(target=listen, daemon=True).start()
    try:
        work(asked, frames.get, say)
    except EvidenceError as fault:
        say("fault", fault)


if __name__ == "__main__":
    programs.settle_memory()
    _serve(sys.stdin.buffer, sys.stdout.buffer)
    # At once: a thread still waits for words from the parent, and Python would complain of it.
    sys.stdout.flush()
    os._exit(0)
