"""Templates of the office's pages: everything escaped, undefined names are faults."""

from __future__ import annotations

import importlib.resources
from functools import lru_cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from social_evidence.site.render import day, size

STATIC: Final = {
    "site.css": ("social_evidence.site", "text/css; charset=utf-8"),
    "icon.svg": ("social_evidence.site", "image/svg+xml"),
    "office.css": ("social_evidence.web", "text/css; charset=utf-8"),
}
"""File -> the package whose static/ holds it, and what it is. Nothing else is served."""


def shown(template: str, says: dict[str, Any], status: int = 200) -> HTMLResponse:
    """Write a page."""
    return HTMLResponse(_environment().get_template(template).render(**says), status_code=status)


def static(name: str) -> bytes:
    """Read a file of ours that pages need."""
    package = STATIC[name][0]
    return importlib.resources.files(package).joinpath("static", name).read_bytes()


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("social_evidence.web", "templates"),
        autoescape=select_autoescape(enabled_extensions=("html",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["day"] = _day
    made.filters["size"] = size
    return made


def _day(text: str) -> str:
    """Write an ISO day, or a time, as people do; whatever else it is stays as it is."""
    date, _, time = text.partition("T")
    if len(date) != len("2026-11-22"):
        return text
    return f"{day(date)}, {time[:5]}" if time else day(date)
