"""Reports as tagged PDF, printed by Chromium where it is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from social_evidence.errors import StoreError
from social_evidence.site.report_print import RULES, SHEET, for_print

PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome")
_FLAGS: Final = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
    "--force-color-profile=srgb",
)
_SECONDS: Final = 120
_NODE: Final = re.compile(rb"\(node(\d{8})\)")
_DATE: Final = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}([^)]*)\)")


def require() -> str:
    """Find the browser.

    Raises:
        StoreError: There is none on this machine.
    """
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if found is None:
        raise StoreError(
            "--pdf needs the browser Chromium, which is not on this machine (Debian: apt-get "
            "install chromium). Without --pdf the site is complete: its reports are pages that can "
            "be printed."
        )
    return found


def to_pdf(html: str, assets: Mapping[str, bytes], created: str) -> bytes:
    """Print a report's page as tagged PDF: headings, tables, named images, language, title.

    Args:
        html: The page as the site has it, every link to a file of the site's root `../../`.
        assets: Path -> content of what the page needs.
        created: The release's date, written into the file in place of the clock's.

    Returns:
        The same bytes for the same page, browser and fonts.

    Raises:
        StoreError: There is no browser, or it does not print.
    """
    program = require()
    with tempfile.TemporaryDirectory(prefix="social-evidence-") as scratch:
        folder = Path(scratch) / "tree"
        page = folder / "report" / "page" / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(for_print(html), encoding="utf-8")
        (page.parent / SHEET).write_text(RULES, encoding="utf-8")
        for path, content in assets.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        printed = Path(scratch) / "report.pdf"
        _run(program, page, printed, Path(scratch) / "profile")
        return _settled(printed.read_bytes(), created)


def _settled(content: bytes, created: str) -> bytes:
    """Take out what differs from run to run: the clock, and the numbers the browser gave nodes.

    Each is replaced by one as long, and nodes keep their order, so that every offset stays true.
    """
    day = created.replace("-", "").encode()
    dated = _DATE.sub(rb"/\1 (D:" + day + rb"000000\2)", content)
    nodes = {name: at for at, name in enumerate(sorted(set(_NODE.findall(dated))), start=1)}
    return _NODE.sub(lambda node: b"(node%08d)" % nodes[node[1]], dated)


def _run(program: str, page: Path, printed: Path, profile: Path) -> None:
    # A browser run as root refuses to start inside its own sandbox; the page is ours alone.
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []
    command = [
        *(program, *_FLAGS, *alone),
        f"--user-data-dir={profile}",
        f"--print-to-pdf={printed}",
        page.as_uri(),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - a program of the machine, on a page of ours
            command, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise StoreError(f"{program} did not print a report within {_SECONDS} seconds.") from None
    if done.returncode != 0 or not printed.is_file():
        raise StoreError(
            f"{program} printed no report: it ended with {done.returncode}. Try it by hand, or "
            "leave out --pdf."
        )
