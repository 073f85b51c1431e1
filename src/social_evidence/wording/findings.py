"""Sentences that sum up verdicts: which groups and places differ, and for how many we cannot tell.

Each sentence only repeats the release's own verdicts. Where nothing was compared it says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from social_evidence.wording.verdicts import verdict_words

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
    start = f"{subject} is"
    if counted:
        start = f"Counted in full, {start[:1].lower()}{start[1:]}"
    sentences = []
    if higher:
        sentences.append(f"{start} {said}higher than for {place} {_some(higher, noun)}.")
    if lower:
        start = "It is" if higher else start
        than = "" if higher else f" than for {place}"
        sentences.append(f"{start} {said}lower{than} {_some(lower, noun)}.")
    if unclear and counted:
        same = f"{start} the same for all {noun} as for {place}."
        sentences.append(f"For {_others(unclear, noun)} it is the same." if sentences else same)
    elif unclear and sentences:
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
    verdict: str,
    since: str,
    extent: str,
    *,
    at: str = "",
    counted: bool = False,
    alone: bool = False,
) -> str:
    """Say whether a figure has moved.

    Args:
        verdict: The release's.
        since: The earlier period in words.
        at: The same as part of a sentence, such as `on 1 December 2023`; by default `in` it.
        extent: How far it may lie from then, as `verdicts.difference_words` says it; empty where
            nothing is known.
        counted: Both were counted in full.
        alone: The range is of this change by itself and leaves out none, though among all
            comparisons of its kind it is not clear.

    Returns:
        One sentence; empty for `cannot_say`, which other words explain.
    """
    if verdict == "cannot_say":
        return ""
    then = at or f"in {since}"
    if verdict == "no_clear_difference":
        if counted:
            within = f", {extent}" if extent else ""
            return f"It is the same as {then}{within}, counted in full."
        return f"We cannot tell whether it has changed since {since}{_could(extent, alone)}."
    if counted:
        return f"It is {extent or verdict_words(verdict)} than {then}, counted in full."
    likely = f", very likely {extent}" if extent else ""
    return f"It is clearly {verdict_words(verdict)} than {then}{likely}."


def _could(extent: str, alone: bool) -> str:
    if not extent:
        return ""
    if alone:
        return f": by itself it seems {extent}, but among so many comparisons that may be chance"
    return f": it could be anything {extent}"
