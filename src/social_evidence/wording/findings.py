"""Sentences that sum up verdicts: which groups and places differ, and for how many we cannot tell.

Each sentence only repeats the release's own verdicts. Where nothing was compared it says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

_MOST_NAMED = 8


def listed(names: Sequence[str], *, most: int = _MOST_NAMED) -> str:
    """Write names as people say a list.

    Args:
        names: At least one.
        most: Name no more than these, and count the others.
    """
    named = list(names[:most])
    if (more := len(names) - len(named)) > 0:
        named.append(f"{more} more")
    if len(named) == 1:
        return named[0]
    return f"{', '.join(named[:-1])} and {named[-1]}"


def differ_sentence(
    higher: Sequence[str],
    lower: Sequence[str],
    unclear: int,
    *,
    place: str,
    noun: str,
    counted: bool = False,
    subject: str = "The figure",
) -> str:
    """Say which groups or places stand higher or lower than the whole.

    Args:
        higher: Names of those the release calls higher.
        lower: Names of those it calls lower.
        unclear: How many it cannot tell apart from the whole.
        place: What they are set against, for example `London as a whole`.
        noun: What they are, in the plural: `groups`, `boroughs`.
        counted: Both sides were counted in full, so that a difference is a fact.
        subject: What is higher or lower.

    Returns:
        One to three sentences; empty where nothing was compared.
    """
    said = "" if counted else "clearly "
    sentences = []
    if higher:
        sentences.append(f"{subject} is {said}higher than for {place} {_some(higher, noun)}.")
    if lower:
        start = "It is" if higher else f"{subject} is"
        than = "" if higher else f" than for {place}"
        sentences.append(f"{start} {said}lower{than} {_some(lower, noun)}.")
    if unclear and sentences:
        sentences.append(f"For {_others(unclear, noun)} we cannot tell.")
    elif unclear:
        sentences.append(
            f"For none of the {unclear} {noun} can we tell {subject.lower()} apart from that of "
            f"{place}."
        )
    return " ".join(sentences)


def _others(count: int, noun: str) -> str:
    return "the other one" if count == 1 else f"the other {count} {noun}"


def _some(names: Sequence[str], noun: str) -> str:
    """Name places plainly, and groups in quotation marks: their names are labels of a table."""
    if len(names) > _MOST_NAMED:
        return f"in {len(names)} {noun}"
    if noun != "groups":
        return f"in {listed(names)}"
    which = "group" if len(names) == 1 else "groups"
    return f"in the {which} {listed([f'“{name}”' for name in names])}"


def change_sentence(
    verdict: str, since: str, size: str, *, at: str = "", counted: bool = False
) -> str:
    """Say whether a figure has moved.

    Args:
        verdict: The release's.
        since: The earlier period in words.
        at: The same as part of a sentence, such as `on 1 December 2023`; by default `in` it.
        size: The range of the change, such as `−3 to 4 points`; empty where none is known.
        counted: Both were counted in full.

    Returns:
        One sentence; empty for `cannot_say`, which other words explain.
    """
    if verdict == "cannot_say":
        return ""
    moved = {"higher": "higher than", "lower": "lower than"}.get(verdict)
    if moved is None:
        could = f": it could have moved by {size}" if size else ""
        return f"We cannot tell whether it has changed since {since}{could}."
    said = "" if counted else "clearly "
    told = f", a change of {size}" if size else ""
    return f"It is {said}{moved} {at or f'in {since}'}{told}."
