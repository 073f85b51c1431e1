"""Try a file on a parser in a process of its own, where the parser's death is not ours.

A damaged `.xls` can ask its parser for more memory than any machine has, or lead it in a circle.
The parser then ends the whole process, which no handler can prevent, or never comes back.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Final

MOST_BYTES: Final = 4 * 1024**3
"""Memory the parser may take; the largest sheet of the format needs a sixth of it."""

_SECONDS: Final = 120
_FAILED_IN_WORDS: Final = 1
_OPEN_WORKBOOK: Final = f"""
import io, sys
import python_calamine
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({MOST_BYTES}, {MOST_BYTES}))
except (ImportError, ValueError, OSError):
    pass
python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
"""


def is_survived(content: bytes) -> bool:
    """Say whether the parser of workbooks comes back from these bytes.

    Opening an `.xls` parses every sheet of it, so what is survived once is survived again.

    Args:
        content: The workbook.

    Returns:
        False where the parser died or did not come back. A refusal in words counts as survived:
        whoever parses it here will hear the words.
    """
    try:
        done = subprocess.run(  # noqa: S603 - this interpreter and a text of our own, no shell
            [sys.executable, "-I", "-c", _OPEN_WORKBOOK],
            input=content,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode in {0, _FAILED_IN_WORDS}
