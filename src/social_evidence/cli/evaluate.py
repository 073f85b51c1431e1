"""`social-evidence evaluate`: what changed, how sure, and how many people it would take."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.core import TyperGroup

from social_evidence.cli.days import day_or_today
from social_evidence.cli.office_options import (
    ROLE,
    CatalogueOption,
    JsonOption,
    OfficeOption,
    RoleOption,
    definitions,
    opened,
    signed,
    use_case,
)
from social_evidence.errors import DefinitionError

if TYPE_CHECKING:
    from social_evidence.app.evaluate_people import PeopleAsked, PeopleNeeded

_INITIATIVE: Final = "initiative"
_KINDS: Final = {
    "same-people": "same_people",
    "two-groups": "two_groups",
    "same-people-score": "same_people_score",
    "two-groups-score": "two_groups_score",
}


class _InitiativeOrPlan(TyperGroup):
    """Take a first word that is no command for the id of an initiative."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command's name before an initiative's."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = [_INITIATIVE, *args]
        left: list[str] = super().parse_args(ctx, args)
        return left


group = typer.Typer(
    cls=_InitiativeOrPlan,
    help="Say what changed for the people of an initiative, how sure it is and what it cannot say; "
    "or plan how many people it takes.\n\n"
    "\b\nExample:\n"
    "  social-evidence evaluate london_family_fund --office base\n"
    "  social-evidence evaluate plan --change 0.08 --moved 0.25 --per-project 20 --lost 0.3\n"
    "  social-evidence evaluate plan london_family_fund --register --office base",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@group.command(_INITIATIVE)
def initiative(
    name: Annotated[str, typer.Argument(metavar="INITIATIVE", help="Id of the initiative.")],
    office: OfficeOption = ".",
    catalogue: CatalogueOption = None,
    benchmark: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="The city's survey with the same items (CSV or Parquet: a column an item and "
            "breakdown, `weight`, `psu` where known). Named twice: around both times.",
        ),
    ] = None,
    benchmark_source: Annotated[
        str, typer.Option(metavar="TEXT", help="What the city's survey is, for the report.")
    ] = "",
    html: Annotated[
        bool, typer.Option("--html", help="Write HTML instead of plain text; needs --out.")
    ] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report here.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Evaluate an initiative from the answers an office holds.

    Small groups are hidden in every form. The answers themselves are never printed or written.

    \b
    Example:
      social-evidence evaluate london_family_fund --office base
      social-evidence evaluate london_family_fund --office base --html --out report.html
    """  # noqa: D301 - \b keeps the example's lines apart
    known = definitions(catalogue)
    if name not in known.initiatives:
        faults = use_case("evaluate_command")
        raise DefinitionError(faults.no_initiative(known, name))
    if html and out is None:
        raise typer.BadParameter("--html writes a file: name it with --out.")
    with opened(office) as held:
        answers, registrations = held.answers(name), held.registrations(name)
        record_sets = held.record_sets(name)
    told = use_case("evaluate_command").evaluated(
        known, name, answers, registrations, record_sets, benchmark or [], benchmark_source
    )
    if as_json:
        text = json.dumps(told.mapping, ensure_ascii=False)
    else:
        text = told.html if html else told.text
    if out is None:
        typer.echo(text.rstrip("\n"))
        return
    out.write_text(text, encoding="utf-8")
    typer.echo(f"wrote {out}")


@group.command("plan")
def plan(
    name: Annotated[
        str, typer.Argument(metavar="[INITIATIVE]", help="Whose plan to register or look up.")
    ] = "",
    register: Annotated[
        bool, typer.Option("--register", help="Register its plan, as it stands, in the office.")
    ] = False,
    kind: Annotated[
        str, typer.Option(metavar="KIND", help=f"{', '.join(_KINDS)}.", show_default=True)
    ] = "same-people",
    change: Annotated[
        float,
        typer.Option(help="Change that should be seen: 0.1 is 10 points; of a score in spreads."),
    ] = 0.1,
    before: Annotated[float, typer.Option(help="Share of yes at the start.")] = 0.5,
    moved: Annotated[
        float, typer.Option(help="Share of people who change their answer either way.")
    ] = 0.3,
    per_project: Annotated[float, typer.Option(help="People of one project.")] = 1,
    alike: Annotated[
        float, typer.Option(help="How alike people of one project are, 0 to 1.")
    ] = 0.02,
    lost: Annotated[float, typer.Option(help="Share who will not answer again.")] = 0.3,
    population: Annotated[
        int | None, typer.Option(help="How many there are at all, where they are few.")
    ] = None,
    people: Annotated[
        int | None, typer.Option(help="How many you can have: how small a change would they show?")
    ] = None,
    power: Annotated[float, typer.Option(help="Chance to see the change if it is there.")] = 0.8,
    office: OfficeOption = ".",
    catalogue: CatalogueOption = None,
    role: RoleOption = ROLE,
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DATE", help="The day it is; today where not said.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Say how many people an evaluation needs; or register a plan before results.

    \b
    Example:
      social-evidence evaluate plan --change 0.08 --moved 0.25 --per-project 20 --lost 0.3
      social-evidence evaluate plan --kind two-groups --before 0.4 --change 0.1
      social-evidence evaluate plan london_family_fund --register --office base
    """  # noqa: D301 - \b keeps the example's lines apart
    if register:
        _register(name, office, catalogue, role, as_of)
        return
    if kind not in _KINDS:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(_KINDS)}.")
    count = use_case("evaluate_people")
    asked = count.PeopleAsked(
        kind=_KINDS[kind],
        change=change,
        before=before,
        moved=moved,
        per_project=per_project,
        alike=alike,
        lost=lost,
        population=population,
        people=people,
        power=power,
    )
    needed = count.people_needed(asked)
    if as_json:
        typer.echo(json.dumps({"asked": asdict(asked), "needed": asdict(needed)}))
        return
    typer.echo("\n".join(_told(asked, needed)))


def _register(name: str, office: str, catalogue: list[Path] | None, role: str, as_of: str) -> None:
    if not name:
        raise typer.BadParameter("Name the initiative whose plan is to be registered.")
    plans = use_case("evaluate_plan")
    on = day_or_today(as_of, "--as-of")
    registration = plans.registration_of(definitions(catalogue), name, on)
    with opened(office, is_new_allowed=True) as held:
        earlier = held.registrations(name)
        is_new = plans.check_registration(registration, earlier)
        if is_new:
            held.register_plan(registration, by=signed(role))
        else:
            registration = next(one for one in earlier if one.digest == registration.digest)
    stands = "registered" if is_new else "was registered already"
    typer.echo(
        f"The plan for {name}, version {registration.version}, {stands}: "
        f"{registration.registered_on}, sha-256 {registration.digest}."
    )


def _told(asked: PeopleAsked, needed: PeopleNeeded) -> list[str]:
    each = " in each group" if needed.groups > 1 else ""
    score = asked.kind.endswith("score")
    size = f"{asked.change:g} spreads" if score else f"{asked.change * 100:g} points"
    lines = [
        f"To see a change of {size} with a chance of {asked.power:.0%}:",
        f"  {needed.answers:,} people with all answers{each}",
    ]
    if needed.cluster_factor > 1:
        lines.append(
            f"  {needed.with_projects:,} where they come in projects of {asked.per_project:g} "
            f"(times {needed.cluster_factor:.2f})"
        )
    if asked.population is not None:
        lines.append(f"  {needed.of_population:,}, for there are only {asked.population:,}")
    lines.append(f"  {needed.to_begin:,} to begin with{each}, if {asked.lost:.0%} are lost")
    if needed.projects is not None:
        lines.append(f"  {needed.projects:,} projects{each}")
        if needed.projects < 10:
            lines.append("Below ten projects the range is rough whatever the number of people.")
    if asked.people is not None:
        lines.append(_detectable(asked, needed, score=score))
    return lines


def _detectable(asked: PeopleAsked, needed: PeopleNeeded, *, score: bool) -> str:
    if needed.detectable is None:
        return f"{asked.people:,} to begin with could show no change at all."
    size = f"{needed.detectable:.2f} spreads" if score else f"{needed.detectable * 100:.1f} points"
    return f"{asked.people:,} to begin with could show a change of {size} or more."
