"""`social-evidence forget`: remove a person from the office, and what is past its date."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from social_evidence.cli.days import day_or_today
from social_evidence.cli.office_options import (
    ROLE,
    JsonOption,
    OfficeOption,
    RoleOption,
    opened,
    signed,
    use_case,
)

if TYPE_CHECKING:
    from social_evidence.store.office.office import Office


def command(
    office: OfficeOption,
    pseudonym: Annotated[str, typer.Argument(help="Under which a person's answers are held.")] = "",
    identifier: Annotated[
        bool,
        typer.Option(
            "--identifier",
            help="Ask for what the person is known by, or read it from standard input; it is "
            "neither shown nor kept.",
        ),
    ] = False,
    key: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="With --identifier: the key pseudonyms are made with."),
    ] = None,
    initiative: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="With --identifier: only here; may be repeated."),
    ] = None,
    past: Annotated[
        bool,
        typer.Option("--expired", help="Remove the record sets whose day to go has passed."),
    ] = False,
    today: Annotated[str, typer.Option(metavar="DATE", help="With --expired: the day it is.")] = "",
    role: RoleOption = ROLE,
    as_json: JsonOption = False,
) -> None:
    """Remove a person from the office, and mark what must be built again without them.

    Answers, parts and listings under the pseudonym go, older revisions included. What stays is
    that somebody was removed from an initiative, and when. Without a person, this shows what
    waits to be built again and which record sets are past their date. Releases are not changed:
    build again, then withdraw those named.

    \b
    Example:
      social-evidence forget --office base
      social-evidence forget K7W2QZ5MXAVB4C3D --office base
      social-evidence forget --identifier --key key.txt --office base
      social-evidence forget --expired --office base
    """  # noqa: D301 - \b keeps the example's lines apart
    if sum([bool(pseudonym), identifier, past]) > 1:
        raise typer.BadParameter("name one of a pseudonym, --identifier and --expired.")
    if identifier and key is None:
        raise typer.BadParameter("--identifier needs --key, the file pseudonyms are made with.")
    cases = use_case("forget")
    now = day_or_today(today, "--today")
    asked = _asked() if identifier else ""
    secret = use_case("pseudonym_key").read_key(key) if identifier else b""
    with opened(office) as held:
        by, removed = signed(role), 0
        if pseudonym:
            removed = _rows(cases.forget(held, pseudonym, by=by))
        elif identifier:
            removed = _rows(
                cases.forget_person(held, asked, secret, by=by, initiatives=initiative or ())
            )
        elif past:
            removed = _rows(cases.remove_expired(held, now, by=by))
        told = _standing(held, cases, office, now, removed)
    typer.echo(json.dumps(told) if as_json else _words(told))


def _asked() -> str:
    """Ask for an identifier without showing it, or read it where nobody is there to be asked."""
    if sys.stdin.isatty():
        answer: str = typer.prompt("Identifier", hide_input=True)
        return answer
    return sys.stdin.readline().strip()


def _rows(found: Iterable[Any]) -> int:
    return sum(one.rows for one in found)


def _standing(held: Office, cases: Any, place: str, today: dt.date, removed: int) -> dict[str, Any]:
    file = None if "://" in place else Path(place)
    base = file.parent if file and file.suffix else file
    marks = cases.open_marks(held, base)
    return {
        "rows_removed": removed,
        "to_build_again": [
            {
                "initiative": mark.initiative,
                "removals": mark.removals,
                "since": mark.since,
                "releases": list(mark.releases),
            }
            for mark in marks
        ],
        "past_their_date": [
            {"record_set": found.id, "initiative": found.initiative, "keep_until": found.keep_until}
            for found in cases.expired(held, today)
        ],
    }


def _words(told: dict[str, Any]) -> str:
    lines = [f"{told['rows_removed']:,} rows removed."] if told["rows_removed"] else []
    for mark in told["to_build_again"]:
        releases = f" Releases with it: {', '.join(mark['releases'])}." if mark["releases"] else ""
        lines.append(
            f"{mark['initiative']}: build again; {mark['removals']:,} removals since "
            f"{mark['since']} are in no release yet.{releases}"
        )
    lines += [
        f"{found['initiative']}: record set {found['record_set']} was to go after "
        f"{found['keep_until']}; `forget --expired` removes its answers."
        for found in told["past_their_date"]
    ]
    return "\n".join(lines or ["Nothing waits to be built again, and nothing is past its date."])
