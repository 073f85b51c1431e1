"""Places: which area a publisher means, and which rows it leaves out in writing."""

from __future__ import annotations

from social_evidence.errors import DataError
from social_evidence.model.area import AreaTree
from social_evidence.model.source import Source
from social_evidence.plan import codes
from social_evidence.plan.counted import nearest


def place(tree: AreaTree, source: Source, text: str, file: str) -> str | None:
    """Look a place up: what the source says of it first, then codes, names and aliases.

    Returns:
        The area's code; None where the source leaves the place out in writing.

    Raises:
        DataError: A place that is no area and that the source does not leave out.
    """
    said = source.areas
    for raw, given in said.codes.items():
        if codes.compared(raw, trim=source.trim) == codes.compared(text, trim=source.trim):
            return given
    if left_out_reason(source, text) is not None:
        return None
    if code := tree.find(text) if text else None:
        return code
    if said.elsewhere:
        return None
    known = [*tree.areas, *(a.name for a in tree.areas.values()), *said.codes, *said.left_out]
    what = f"{text!r} is no area we know{nearest(text, known)}" if text else "a row names no area"
    raise DataError(
        f"{file}: column {' / '.join(said.columns)}: {what}. Its figures would belong "
        f"nowhere. In source {source.id!r} give it a code (areas.codes), or leave it out with a "
        "reason (areas.left_out)."
    )


def left_out_reason(source: Source, text: str) -> str | None:
    """Give the reason a source leaves a place out by name (or `prefix*`); None if it does not."""
    text = codes.compared(text, trim=source.trim)
    for raw, reason in source.areas.left_out.items():
        named = codes.compared(raw, trim=source.trim)
        if named == text or (named.endswith("*") and text.startswith(named[:-1])):
            return f"{raw}: {reason}"
    return None
