"""A file that somebody sends: bounded, under a harmless name, readable by its owner only."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from starlette.datastructures import FormData, UploadFile

from social_evidence.errors import DataError

_BLOCK: Final = 1 << 20
_UNWANTED: Final = re.compile(r"[^\w .()\-]")
_LONGEST: Final = 80


@contextlib.contextmanager
def kept_for_now(form: FormData, field: str, suffixes: Collection[str]) -> Iterator[Path]:
    """Write an uploaded file into a folder of its own; both are gone when the block ends.

    Args:
        form: What was sent.
        field: The name of the file's field.
        suffixes: Endings that can be read.

    Yields:
        The file, under the sender's name as far as that is harmless.

    Raises:
        DataError: No file was chosen, or it ends in something else.
    """
    sent = form.get(field)
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise DataError("No file was chosen. Choose one and send the form again.")
    name = harmless(sent.filename)
    if Path(name).suffix.lower() not in suffixes:
        raise DataError(f"{name}: can be read when it ends in {', '.join(sorted(suffixes))}.")
    folder = Path(tempfile.mkdtemp(prefix="social-evidence-"))  # for its owner only
    try:
        path = folder / name
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            shutil.copyfileobj(sent.file, stream, _BLOCK)
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def harmless(name: str) -> str:
    """Make a file's name one that stays where it is put and can be shown.

    Args:
        name: As it was sent, perhaps with folders of whatever system.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem, dot, ending = _UNWANTED.sub("_", last).strip().rpartition(".")
    if not dot or not ending:
        stem, dot, ending = stem or ending, "", ""
    return f"{stem[:_LONGEST].strip(' .') or 'file'}{dot}{ending[:8]}"
