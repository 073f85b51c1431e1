"""What is made of a site's pages by other programs: pictures, Braille and PDF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from social_evidence.app import braille, pictures, report_pdf
from social_evidence.site.assets import assets
from social_evidence.site.content import Formats
from social_evidence.site.render import settled
from social_evidence.site.share_cards import DRAWN, PICTURE
from social_evidence.site.summaries import BRAILLE

PDF: Final = "report.pdf"
"""Beside the page of every report."""
_FIGURE: Final = "/figure-"


def require(formats: Formats) -> None:
    """Check, before there is any work, that what a format needs is on this machine.

    Raises:
        StoreError: A library or a program is missing; the message says how to get it.
    """
    if formats.images:
        pictures.require()
    if formats.braille:
        braille.require()
    if formats.pdf:
        report_pdf.require()


def finished(
    pages: Mapping[str, str], formats: Formats, created: str
) -> tuple[dict[str, str], dict[str, bytes]]:
    """Make the files that other programs make, and leave out what only they need.

    Args:
        pages: Path -> text, as `site.tree.rendered` gives them.
        formats: What to make.
        created: The release's date.

    Returns:
        The pages that stay, and path -> content of the further files.

    Raises:
        StoreError: A library or a program is missing or fails.
    """
    kept = {
        path: text
        for path, text in pages.items()
        if not path.endswith((f"/{BRAILLE}", f"/{DRAWN}"))
    }
    made: dict[str, bytes] = {}
    if formats.braille:
        told = {path: text for path, text in pages.items() if path.endswith(f"/{BRAILLE}")}
        made |= braille.to_braille(told)
    if formats.images:
        made |= _pictures(pages)
    if formats.pdf:
        made |= _reports(pages, created)
    return kept, made


def _pictures(pages: Mapping[str, str]) -> dict[str, bytes]:
    made = {}
    for path, svg in pages.items():
        if path.endswith(f"/{DRAWN}"):
            made[path.removesuffix(DRAWN) + PICTURE] = pictures.to_png(svg, scale=1.0)
        elif _FIGURE in path and path.endswith(".svg"):
            made[f"{path.removesuffix('.svg')}.png"] = pictures.to_png(svg)
    return made


def _reports(pages: Mapping[str, str], created: str) -> dict[str, bytes]:
    """Print the page of every report; those pages stand two folders below the root."""
    beside = dict(assets())
    return {
        path.replace("index.html", PDF): report_pdf.to_pdf(settled(html, "", ""), beside, created)
        for path, html in pages.items()
        if path.startswith("report/") and path.count("/") == 2 and path.endswith("/index.html")
    }
