"""Other processes of this program, to which work is sent and which answer, pickled.

Each is a program of its own that reads its standard input, so that whoever calls us needs no guard
around it, and no thread of an engine is copied into it.
"""

from __future__ import annotations

import contextlib
import gc
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Final

Process = subprocess.Popen[bytes]


_waiting: Final[dict[str, list[Process]]] = {}
"""Module -> processes that were started before there is work for them."""


@contextlib.contextmanager
def ready(*modules: str) -> Iterator[None]:
    """Start modules before there is work for them: what they import is there when it comes.

    Args:
        modules: Of ours, one for each process. One that finds no work is ended at the end.
    """
    for module in modules:
        _waiting.setdefault(module, []).append(_begun(module))
    try:
        yield
    finally:
        stop([process for held in _waiting.values() for process in held])
        _waiting.clear()


def start(module: str) -> Process:
    """Start a module of ours, which reads from its standard input and answers on its output."""
    held = _waiting.get(module)
    return held.pop() if held else _begun(module)


def _begun(module: str) -> Process:
    command = [sys.executable, "-P", "-m", module]
    # A key that interrupts us is not for it, or it would say so too: it ends when we do.
    return subprocess.Popen(  # noqa: S603 - this very program
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )


def stop(processes: Sequence[Process]) -> None:
    """End processes at once, whatever they are at."""
    for process in processes:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()


def settle_memory() -> None:
    """Look through memory seldom: what is read stays, and is not looked through again and again."""
    gc.set_threshold(100_000, 20, 20)
