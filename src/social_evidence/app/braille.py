"""Translate summaries into Braille with liblouis, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from typing import Final

from social_evidence.errors import StoreError
from social_evidence.site.braille import to_brf

PROGRAM: Final = "lou_translate"
TABLE: Final = "en-us-brf.dis,en-ueb-g2.ctb"
"""Unified English Braille, contracted (grade 2), written as ASCII Braille."""
_SECONDS: Final = 300


def require() -> str:
    """Find the translator.

    Raises:
        StoreError: It is not on this machine.
    """
    found = shutil.which(PROGRAM)
    if found is None:
        raise StoreError(
            f"--braille needs the program {PROGRAM} of liblouis, which is not on this machine "
            "(Debian: apt-get install liblouis-bin). Without --braille the site is complete but "
            "for its Braille files."
        )
    return found


def to_braille(texts: Mapping[str, str]) -> dict[str, bytes]:
    """Translate texts, all in one run of the program.

    Args:
        texts: Path -> lines as `site.plain_text.to_lines` writes them.

    Returns:
        Path -> a file in Braille.

    Raises:
        StoreError: The program is not there, fails, or gives back another number of lines.
    """
    program = require()
    lines = {path: text.splitlines() for path, text in texts.items()}
    told = [line[2:] for own in lines.values() for line in own]
    done = subprocess.run(  # noqa: S603 - a program of the machine, with fixed arguments
        [program, "--forward", TABLE],
        input="".join(f"{line}\n" for line in told),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=_SECONDS,
        check=False,
    )
    translated = done.stdout.split("\n")[:-1]
    if done.returncode != 0 or len(translated) != len(told):
        raise StoreError(
            f"{PROGRAM} did not translate: it ended with {done.returncode} and gave "
            f"{len(translated)} lines for {len(told)}. Check that liblouis has the tables {TABLE}."
        )
    words = iter(translated)
    return {
        path: to_brf([(line[0], next(words)) for line in own]).encode("ascii", "replace")
        for path, own in lines.items()
    }
