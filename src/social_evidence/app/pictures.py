"""Pictures of charts and cards: SVG to PNG, with the machine's own fonts and nothing fetched."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Final

from social_evidence.errors import StoreError

SCALE: Final = 1.5
"""Dots for each px of a chart, so that it is sharp on dense screens and in print."""


def require() -> ModuleType:
    """Give the library that draws; it is an extra, which most machines need not have.

    Raises:
        StoreError: It is not installed.
    """
    try:
        return importlib.import_module("resvg_py")
    except ImportError:
        raise StoreError(
            "--images needs the extra `images` (pip install 'social-evidence[images]'). Without "
            "--images the site is complete: its charts are there as SVG."
        ) from None


def to_png(svg: str, *, scale: float = SCALE) -> bytes:
    """Make a picture of a drawing.

    Args:
        svg: A file's text; it names no other file and nothing is fetched.
        scale: Dots for each px.

    Returns:
        The same bytes for the same drawing, library and fonts.

    Raises:
        StoreError: The library is not there or cannot draw it.
    """
    library = require()
    try:
        return bytes(library.svg_to_bytes(svg_string=svg, zoom=scale))
    except ValueError as fault:
        raise StoreError(f"A chart could not be made into a picture: {fault}.") from None
