"""Type a command as a user does, in this process: arguments, output, errors, exit code."""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from social_evidence.cli.main import entrypoint


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the program answered."""

    exit_code: int
    output: str
    errors: str


def typed(command: str, folder: Path, environment: Mapping[str, str] | None = None) -> Told:
    """Run one command line in a folder; a bug comes out as the exception it is."""
    output, errors = io.StringIO(), io.StringIO()
    arguments = ["social-evidence", *shlex.split(command)]
    with (
        contextlib.chdir(folder),
        mock.patch.object(sys, "argv", arguments),
        mock.patch.dict(os.environ, {"COLUMNS": "200", "NO_COLOR": "1", **(environment or {})}),
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(errors),
    ):
        code = _exit_code()
    return Told(exit_code=code, output=output.getvalue(), errors=errors.getvalue())


def _exit_code() -> int:
    try:
        entrypoint()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder's lock, as another build would."""
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
