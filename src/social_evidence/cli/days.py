"""Days on the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime

import typer


def day(text: str, option: str) -> date | None:
    """Read an option's day, as 2026-11-22; None where it was left out."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a date; write year-month-day, as in 2026-11-22.",
            param_hint=option,
        ) from None


def day_or_today(text: str, option: str) -> date:
    """Read an option's day; today in UTC where it was left out."""
    return day(text, option) or datetime.now(UTC).date()
