"""What is said of a file that was read: what was taken in, and every fault at its place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import typer

from social_evidence.errors import DataError
from social_evidence.model.office import Fault

if TYPE_CHECKING:
    from social_evidence.app.returns_accept import Outcome

_SHOWN: Final = 200


def tell(outcome: Outcome, what: str, *, as_json: bool) -> None:
    """Say what came of a file; what was left out goes to the error stream, each with its place.

    Raises:
        DataError: Something was left out. What is good has been kept all the same.
    """
    added = outcome.added
    new = added.accepted - added.revised
    if as_json:
        told = {
            "file": outcome.file,
            "digest": outcome.digest,
            "new": new,
            "revised": added.revised,
            "unchanged": added.unchanged,
            "refused": outcome.refused,
            "faults": [asdict(fault) for fault in outcome.faults],
            "more_faults": outcome.more_faults,
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(
            f"{outcome.file}: {added.accepted:,} {what} taken in, {added.revised:,} of them in the "
            f"place of older ones; {added.unchanged:,} were there already."
        )
        for fault in [fault for fault in outcome.faults if not fault.is_refused][:_SHOWN]:
            typer.echo(f"queried: {_placed(fault)}")
    tell_faults([fault for fault in outcome.faults if fault.is_refused], outcome.more_faults)


def tell_faults(faults: Sequence[Fault], more: int) -> None:
    """Tell every fault.

    Raises:
        DataError: There is one.
    """
    if not faults:
        return
    lines = [f"  {_placed(fault)}" for fault in faults[:_SHOWN]]
    if (rest := len(faults) - _SHOWN + more) > 0:
        lines.append(f"  … and {rest:,} more.")
    raise DataError(
        f"{len(faults) + more:,} faults; the rest of the file is sound:\n" + "\n".join(lines)
    )


def _placed(fault: Fault) -> str:
    row = f"row {fault.row}" if fault.row else "the file"
    where = ", ".join(part for part in (fault.sheet, row, fault.column) if part)
    return f"{where}: {fault.reason}"
