"""Surveys read by several processes at once, where there is enough to read.

What a worker gives is what reading in this process gives: results are put in the order of the
sources' ids, and of several faults the first in that order is raised.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final, Self

from social_evidence.app import programs
from social_evidence.app.build_microdata import WaveRead, read_source
from social_evidence.app.inputs import Inputs
from social_evidence.errors import EvidenceError

Progress = Callable[[str], None]
PROGRAM: Final = "social_evidence.app.workers"
"""What a worker runs."""
_WORTH: Final = 64 * 2**20
"""Bytes of files below which starting a worker takes longer than it saves."""
_EACH: Final = 4 * 2**20
"""Bytes that take as long to read as a wave takes however small it is."""


def most_workers() -> int:
    """Say how many processes read at once, where there is enough to read."""
    return min(2, os.cpu_count() or 1)


def _nothing() -> None:
    """Do nothing."""


def read_surveys(
    inputs: Inputs,
    progress: Progress,
    *,
    allow_missing: bool,
    workers: int | None = None,
    meanwhile: Callable[[], None] = _nothing,
) -> dict[str, list[WaveRead]]:
    """Read every survey that is asked for.

    Args:
        inputs: What is asked, and the files.
        progress: Told before each wave and pool, by this process.
        allow_missing: As in `build`.
        workers: Processes; by default one a processor, up to two, where there is enough to read.
        meanwhile: Done by this process while the workers read, before their results are taken;
            first of all where there are none. What it raises comes before what they raise.

    Returns:
        Source -> what its waves gave. It does not depend on the number of workers.

    Raises:
        EvidenceError: What reading a survey raises.
    """
    sizes = {source: _size(inputs, source) for source in inputs.surveys}
    if workers is None:
        is_worth = sum(sizes.values()) > _WORTH and len(sizes) > 1
        workers = most_workers() if is_worth else 1
    if workers < 2:
        meanwhile()
        return {
            source: read_source(
                inputs.catalogue, asked, inputs.waves(source), progress, allow_missing=allow_missing
            )
            for source, asked in inputs.surveys.items()
        }
    largest_first = sorted(sizes, key=lambda source: (-sizes[source], source))
    with _Apart(inputs, largest_first, allow_missing, workers) as apart:
        meanwhile()
        return apart.results(progress)


def _size(inputs: Inputs, source: str) -> int:
    """Say how much there is to read of a source, in bytes."""
    files = inputs.files[source]
    return sum(one.path.stat().st_size for one in files) + _EACH * len(inputs.waves(source))


@dataclass(frozen=True, slots=True)
class _Told:
    """What a worker says: a step of a source, its result, or its fault."""

    source: str
    kind: str
    given: Any


class _Apart:
    """Workers that are handed sources, the largest first, and what they have said so far."""

    def __init__(
        self, inputs: Inputs, order: Sequence[str], allow_missing: bool, workers: int
    ) -> None:
        self._inputs, self._order = inputs, order
        self._told: queue.SimpleQueue[_Told] = queue.SimpleQueue()
        self._faults: dict[str, Any] = {}
        waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        for source in order:
            waiting.put(source)
        self._processes = [programs.start(PROGRAM) for _ in range(min(workers, len(order)))]
        for process in self._processes:
            given = (process, inputs, allow_missing, waiting, self._told, self._faults)
            threading.Thread(target=_serve, args=given, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        programs.stop(self._processes)

    def results(self, progress: Progress) -> dict[str, list[WaveRead]]:
        """Wait for all sources; raise the first fault in the order of their ids."""
        found: dict[str, Any] = {}
        while len(found) + len(self._faults) < len(self._order):
            one = self._told.get()
            if one.kind == "step":
                progress(one.given)
            else:
                (found if one.kind == "done" else self._faults)[one.source] = one.given
        if self._faults:
            raise self._faults[min(self._faults)]
        return {source: found[source] for source in self._inputs.surveys}


def _serve(
    process: programs.Process,
    inputs: Inputs,
    allow_missing: bool,
    waiting: queue.SimpleQueue[str],
    told: queue.SimpleQueue[_Told],
    faults: dict[str, Any],
) -> None:
    """Give one worker its work until there is none; a later source than a faulty one is left."""
    assert process.stdin is not None  # noqa: S101 - asked for above
    assert process.stdout is not None  # noqa: S101 - as above
    source = ""
    try:
        while True:
            source = waiting.get_nowait()
            if faults and source > min(faults):
                told.put(_Told(source, "fault", RuntimeError("not read after another's fault")))
                continue
            work = (inputs.catalogue, inputs.surveys[source], inputs.waves(source), allow_missing)
            pickle.dump(work, process.stdin)
            process.stdin.flush()
            kind = "step"
            while kind == "step":
                kind, given = pickle.load(process.stdout)  # noqa: S301 - our own process wrote it
                told.put(_Told(source, kind, given))
    except queue.Empty:
        return
    except (OSError, EOFError, ValueError, pickle.UnpicklingError):
        # A fault of ours, or it was killed for want of memory: what it said stands on the screen.
        fault = RuntimeError(f"the process that read source {source!r} ended before its time")
        told.put(_Told(source, "fault", fault))
        with contextlib.suppress(queue.Empty):
            while True:
                told.put(_Told(waiting.get_nowait(), "fault", fault))


def work(given: IO[bytes], said: IO[bytes]) -> None:
    """Read surveys as they are sent, until nothing more comes.

    Args:
        given: Pickled work: catalogue, what is asked, files by wave, whether things may be missing.
        said: Where steps, results and faults are written to.
    """

    def say(kind: str, what: object) -> None:
        pickle.dump((kind, what), said, protocol=pickle.HIGHEST_PROTOCOL)
        said.flush()

    while True:
        try:
            catalogue, asked, files, allow_missing = pickle.load(given)  # noqa: S301 - our parent's
        except EOFError:
            return
        try:
            found = read_source(
                catalogue,
                asked,
                files,
                lambda words: say("step", words),
                allow_missing=allow_missing,
            )
        except EvidenceError as fault:
            say("fault", fault)
        else:
            say("done", found)


if __name__ == "__main__":
    programs.settle_memory()
    work(sys.stdin.buffer, sys.stdout.buffer)
