"""`social-evidence services`: courses and volunteering offers in and out, and which suit whom."""

from __future__ import annotations

import dataclasses
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from social_evidence.catalogue.faults import suggestion
from social_evidence.cli.office_options import (
    ROLE,
    CatalogueOption,
    JsonOption,
    OfficeOption,
    RoleOption,
    definitions,
    opened,
    signed,
    tell,
    use_case,
)
from social_evidence.errors import DefinitionError
from social_evidence.model.suitability import Provision, counted

group = typer.Typer(
    help="Read and write services, such as English courses and volunteering offers, as Open "
    "Referral UK has them.\n\n"
    "Places, guided hours, level and childcare stand in them as attributes of our own vocabulary; "
    "a rule with a version works out which courses suit whom.\n\n"
    "\b\nExample:\n"
    "  social-evidence services import courses.json --office base\n"
    "  social-evidence services count --rule carers --office base",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class Listed(StrEnum):
    """The standard's two packages."""

    SERVICES = "services"
    ORGANIZATIONS = "organizations"


@group.command("import")
def bring_in(
    file: Annotated[Path, typer.Argument(help="An Open Referral UK file.")],
    office: OfficeOption,
    catalogue: CatalogueOption = None,
    role: RoleOption = ROLE,
    as_json: JsonOption = False,
) -> None:
    """Take a file of services into the office.

    It may hold one service, a list, a page of a feed, or organisations each with its services.
    Every fault is told by its place; the good services are kept, and the exit code is then 11.

    \b
    Example:
      social-evidence services import courses.json --office base
    """  # noqa: D301 - \b keeps the example's lines apart
    initiatives = definitions(catalogue).initiatives
    cases = use_case("services_office")
    with opened(office, is_new_allowed=True) as held:
        imported = cases.import_services(file, held, by=signed(role), initiatives=initiatives)
    tell(imported, "services", as_json=as_json)


@group.command("export")
def send_out(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to: a .json file.")],
    office: OfficeOption,
    listed: Annotated[
        Listed, typer.Option("--as", help="A list of services, or of who gives them.")
    ] = Listed.SERVICES,
    initiative: Annotated[
        str, typer.Option(metavar="ID", help="Only the services of this initiative.")
    ] = "",
) -> None:
    """Write the office's services as an Open Referral UK file.

    \b
    Example:
      social-evidence services export --out courses.json --office base
      social-evidence services export --out providers.json --as organizations --office base
    """  # noqa: D301 - \b keeps the example's lines apart
    cases = use_case("services_office")
    with opened(office) as held:
        number = cases.export_services(
            held, out, package=listed.value, initiative=initiative or None
        )
    typer.echo(f"{out}: {number:,} services.")


@group.command("count")
def tally(
    rule: Annotated[str, typer.Option(metavar="ID", help="A rule of suitability.")],
    office: OfficeOption,
    catalogue: CatalogueOption = None,
    initiative: Annotated[
        str, typer.Option(metavar="ID", help="Only the services of this initiative.")
    ] = "",
    note: Annotated[
        bool, typer.Option("--note", help="Note the rule and its version on each course.")
    ] = False,
    role: RoleOption = ROLE,
    as_json: JsonOption = False,
) -> None:
    """Count the courses that suit certain learners, in courses, places and hours a week.

    What is not known of a course is kept apart from what it lacks.

    \b
    Example:
      social-evidence services count --rule carers --office base
    """  # noqa: D301 - \b keeps the example's lines apart
    rules = definitions(catalogue).suitability
    if rule not in rules:
        raise DefinitionError(f"There is no rule of suitability {rule!r}.{suggestion(rule, rules)}")
    cases, only = use_case("services_office"), initiative or None
    with opened(office) as held:
        if note:
            cases.judge_services(held, rules[rule], by=signed(role), initiative=only)
        found = counted(cases.held_services(held, only), rules[rule])
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(found), default=float))
        return
    typer.echo(f"{rules[rule].title} ({found.rule}):")
    for words, part in (
        ("suit", found.suits),
        ("do not suit", found.does_not),
        ("not known", found.unknown),
    ):
        typer.echo(f"  {words:<12} {_line(part)}")


def _line(part: Provision) -> str:
    line = f"{part.courses:,} courses, {part.places:,} places, {part.hours:,} hours a week"
    missing = [
        f"{number:,} without {what}"
        for number, what in ((part.without_places, "places"), (part.without_hours, "hours"))
        if number
    ]
    return line + (f" ({', '.join(missing)})" if missing else "")
