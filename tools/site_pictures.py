"""Take pictures of a site's pages with Chromium: every kind of page, three widths, light and dark.

Usage: python tools/site_pictures.py SITE OUT [--docs]

SITE is a folder that `site` or `demo` left. With --docs the pictures of the README and of
docs/site.md are taken too, into docs/images. Nothing else is fetched or changed.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--force-prefers-reduced-motion",
)
WIDTHS = (320, 768, 1280)
PAGES = {
    "home": "index.html",
    "measures": "measures/index.html",
    "measure": "measures/neighbours-trusted/index.html",
    "measure-gap": "measures/employment-gap/index.html",
    "measure-count": "measures/electoral-registration/index.html",
    "domain": "domains/relationships/index.html",
    "boroughs": "areas/index.html",
    "borough": "areas/newham/index.html",
    "groups": "groups/index.html",
    "group": "groups/disability/disabled/index.html",
    "compare": "compare/brent/newham/index.html",
    "cells": "c/neighbours-trusted/e09000025/index.html",
    "gaps": "gaps/index.html",
    "releases": "releases/index.html",
    "methods": "methods/index.html",
    "data": "data/index.html",
    "glossary": "glossary/index.html",
    "accessibility": "accessibility/index.html",
    "easy-read": "easy-read/index.html",
}
HEIGHTS = {320: 6000, 768: 5000, 1280: 4000}
DOCS = {
    "site-measure": ("measures/neighbours-trusted/index.html", 1280, 1500),
    "site-boroughs": ("measures/neighbours-trusted/index.html#where", 1280, 1250),
    "site-path-1": ("index.html", 1280, 620),
    "site-path-2": ("areas/newham/index.html", 1280, 900),
    "site-path-3": ("measures/neighbours-trusted/index.html#where", 1280, 900),
}
"""Name of a picture -> page, width and height."""


def chromium() -> str:
    """Find the browser, or say what is missing."""
    for name in PROGRAMS:
        if found := shutil.which(name):
            return found
    sys.exit("No Chromium on this machine: install it (Debian: apt-get install chromium).")


def take(program: str, page: str, target: Path, width: int, height: int, *, dark: bool) -> None:
    """Take one picture, of a page in a frame.

    A window is never narrower than 500 px, and one that begins half way down stays empty: a frame
    does both.
    """
    with tempfile.TemporaryDirectory() as scratch:
        frame = Path(scratch) / "frame.html"
        frame.write_text(
            "<!doctype html><style>body{margin:0}iframe{border:0;display:block}</style>"
            f'<iframe src="{page}" width="{width}" height="{height}"></iframe>',
            encoding="utf-8",
        )
        command = [
            program,
            *FLAGS,
            *(["--force-dark-mode"] if dark else []),
            f"--user-data-dir={scratch}/profile",
            f"--window-size={width},{height}",
            f"--screenshot={target}",
            frame.as_uri(),
        ]
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(command, check=True, capture_output=True, timeout=120)


def main() -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--docs", action="store_true")
    asked = parser.parse_args()
    program, site = chromium(), asked.site.resolve()
    if asked.docs:
        for name, (path, width, height) in DOCS.items():
            target = ROOT / "docs" / "images" / f"{name}.png"
            take(program, f"{site.as_uri()}/{path}", target, width, height, dark=False)
            sys.stdout.write(f"{target.relative_to(ROOT)}\n")
        return
    for name, path in PAGES.items():
        if not (site / path).is_file():
            sys.stdout.write(f"no {path}\n")
            continue
        for width in WIDTHS:
            for dark in (False, True):
                target = asked.out / f"{name}-{width}{'-dark' if dark else ''}.png"
                address = f"{site.as_uri()}/{path}"
                take(program, address, target, width, HEIGHTS[width], dark=dark)
        sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
