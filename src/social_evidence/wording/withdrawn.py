"""The notice that stands where the files of a withdrawn release stood."""

from __future__ import annotations

from typing import Final

from social_evidence.model.release import StateRecord
from social_evidence.wording.markup import escape

_PAGE: Final = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{heading}</title>
<style>
body {{ font: 1.125rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto;
  padding: 0 1rem; color: #111; background: #fff; }}
</style>
</head>
<body>
<main>
<h1>{heading}</h1>
{paragraphs}
</main>
</body>
</html>
"""


def notice_text(title: str, record: StateRecord, newer: str = "") -> str:
    """Write the notice as plain text.

    Args:
        title: The evidence base's title.
        record: The withdrawal.
        newer: The release to use instead, where there is one.
    """
    return "\n\n".join([_heading(title, record), *_paragraphs(record, newer)]) + "\n"


def notice_html(title: str, record: StateRecord, newer: str = "") -> str:
    """Write the notice as a page by itself; arguments as in `notice_text`."""
    paragraphs = "\n".join(f"<p>{escape(text)}</p>" for text in _paragraphs(record, newer))
    return _PAGE.format(heading=escape(_heading(title, record)), paragraphs=paragraphs)


def _heading(title: str, record: StateRecord) -> str:
    return f"Withdrawn: {title}, release {record.version}"


def _paragraphs(record: StateRecord, newer: str) -> list[str]:
    instead = f"Use release {newer} instead." if newer else "There is no newer release yet."
    digest = f"The SHA-256 digest of its manifest.json is {record.manifest}"
    return [
        f"This release was withdrawn on {record.time} by: {record.role}.",
        f"Reason: {record.reason}",
        f"Please do not use or quote its figures. {instead}",
        f"{digest}: a copy that was taken before can be told by it.",
    ]
