"""`social-evidence returns`: forms of monitoring returns, reading them, and how they stand."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from social_evidence.cli.days import day, day_or_today
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
from social_evidence.cli.returns_output import tell, tell_faults
from social_evidence.model.office import Expected, Organisation, RecordSet, Status

group = typer.Typer(
    help="Ask organisations for returns, read them, and take in participants' answers.\n\n"
    "A form is made for an initiative, a period and an organisation; what comes back is read cell "
    "by cell. What is good is kept, what is wrong is told by its place.\n\n"
    "\b\nExample:\n"
    "  social-evidence returns template workforce_integration_network --period 2026Q1 \\\n"
    "    --organisation GB-COH-01234567 --name 'An employer' --out win-2026Q1.xlsx --office base\n"
    "  social-evidence returns read win-2026Q1.xlsx --office base\n"
    "  social-evidence returns status --office base",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_KeyOption = Annotated[
    Path | None,
    typer.Option(
        "--key",
        metavar="FILE",
        help="The secret by which identifiers become pseudonyms; `returns key` makes one.",
    ),
]
_AsOfOption = Annotated[
    str, typer.Option("--as-of", metavar="DATE", help="The day it is; today where not said.")
]


@group.command("template")
def template(
    initiative: Annotated[str, typer.Argument(help="Id of the initiative.")],
    period: Annotated[str, typer.Option(metavar="PERIOD", help="As 2026Q1, 2026 or fy2026-27.")],
    organisation: Annotated[
        str, typer.Option(metavar="ID", help="Register number of who is asked, as GB-CHC-1074655.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to: .xlsx or .ods.")],
    name: Annotated[
        str, typer.Option(metavar="NAME", help="The organisation's, where the office lacks it.")
    ] = "",
    due: Annotated[str, typer.Option(metavar="DATE", help="By when it is asked for.")] = "",
    office: Annotated[
        str,
        typer.Option(
            "--office",
            metavar="PLACE",
            help="Note there that the return was asked for, so that it counts as missing until it "
            "comes.",
        ),
    ] = "",
    catalogue: CatalogueOption = None,
    role: RoleOption = ROLE,
) -> None:
    """Write the form of a return, as .xlsx or .ods.

    It asks for the success measures that are worked out from returns, in total and by group.
    Only the cells to fill in can be changed, and they check what is typed.

    \b
    Example:
      social-evidence returns template citizenship_and_integration_initiative --period 2026Q1 \\
        --organisation GB-CHC-1074655 --name "A charity" --out campaigns.ods --due 2026-04-30 \\
        --office base
    """  # noqa: D301 - \b keeps the example's lines apart
    forms = use_case("returns_form")
    writer = forms.WRITERS.get(out.suffix.lower())
    if writer is None:
        raise typer.BadParameter("a form is an .xlsx or an .ods file.", param_hint="--out")
    due = str(day(due, "--due") or "")
    asked = _organisation(office, organisation, name)
    form = forms.form_of(definitions(catalogue), initiative, period, asked, due)
    writer(form, out)
    if office:
        _note(office, asked, form, role)
    typer.echo(f"{out}: {len(form.lines)} rows for {asked.name}, {period}.")


def _organisation(office: str, name: str, title: str) -> Organisation:
    if office:
        with opened(office, is_new_allowed=True) as held:
            known = {found.id: found for found in held.organisations()}
        if name in known:
            return known[name]
    return Organisation(id=name, name=title or name)


def _note(office: str, asked: Organisation, form: Any, role: str) -> None:
    measures = dict.fromkeys(line.success_measure for line in form.lines)
    expected = [
        Expected(
            initiative=form.initiative,
            success_measure=measure,
            organisation=asked.id,
            period=form.period,
            due=form.due,
        )
        for measure in measures
    ]
    with opened(office, is_new_allowed=True) as held:
        held.record_organisations([asked], by=signed(role))
        held.record_expected(expected, by=signed(role))


@group.command("read")
def read(
    file: Annotated[
        Path, typer.Argument(help="A filled-in form (.xlsx, .ods), or many returns as .csv.")
    ],
    office: OfficeOption,
    key: _KeyOption = None,
    catalogue: CatalogueOption = None,
    role: RoleOption = ROLE,
    as_of: _AsOfOption = "",
    draft: Annotated[
        bool, typer.Option("--draft", help="It is not handed in yet; `returns submit` does that.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only say what is wrong with it; nothing is kept.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Take a return into the office.

    Every fault is told by sheet, row and column; what is good is kept, and the exit code is 11
    where something was left out. A return that differs from the one that stands becomes its next
    revision. Reading a file twice adds nothing.

    \b
    Example:
      social-evidence returns read win-2026Q1.xlsx --office base --role "programme officer"
      social-evidence returns read all-2026.csv --office base --check
    """  # noqa: D301 - \b keeps the example's lines apart
    today = day_or_today(as_of, "--as-of")
    secret = use_case("pseudonym_key").read_key(key) if key else None
    known = definitions(catalogue)
    if check:
        found = use_case("returns_read").read_returns(file, known, today=today, key=secret)
        typer.echo(f"{len(found.returns):,} returns could be taken in; nothing was.")
        tell_faults(found.faults, found.more_faults)
        return
    with opened(office, is_new_allowed=True) as held:
        outcome = use_case("returns_accept").accept_returns(
            held, file, known, by=signed(role), today=today, key=secret, is_draft=draft
        )
    tell(outcome, "returns", as_json=as_json)


@group.command("survey")
def survey(
    file: Annotated[
        Path, typer.Argument(help="Answers as .csv, .xlsx, .ods, .sav, .dta or .parquet.")
    ],
    initiative: Annotated[str, typer.Option(metavar="ID", help="Whose participants.")],
    office: OfficeOption,
    keep_until: Annotated[
        str, typer.Option(metavar="DATE", help="The day after which the answers must go.")
    ],
    lawful_basis: Annotated[
        str, typer.Option(metavar="TEXT", help="On which answers are held, as 'public task'.")
    ],
    wave: Annotated[
        str, typer.Option(metavar="WAVE", help="before, after, followup_3m, _6m or _12m.")
    ] = "",
    period: Annotated[
        str, typer.Option(metavar="PERIOD", help="Under which results stand, as 2026.")
    ] = "",
    project: Annotated[str, typer.Option(metavar="NAME", help="If all are of one project.")] = "",
    form: Annotated[
        str, typer.Option(metavar="VERSION", help="Of the wording; change it with the wording.")
    ] = "",
    arm: Annotated[str, typer.Option(metavar="ARM", help="taking_part or comparison.")] = "",
    mapping: Annotated[
        Path | None,
        typer.Option("--map", metavar="FILE", help="A TOML file that says what the columns are."),
    ] = None,
    key: _KeyOption = None,
    purpose: Annotated[
        str, typer.Option(metavar="TEXT", help="What the answers are held for.")
    ] = "evaluation of the initiative",
    scopes: Annotated[
        str, typer.Option(metavar="LIST", help="What people agreed to, joined by commas.")
    ] = "take_part,link_waves",
    special_category: Annotated[
        str, typer.Option(metavar="TEXT", help="Condition for special categories, if there are.")
    ] = "",
    notice: Annotated[str, typer.Option(metavar="VERSION", help="Of the privacy notice.")] = "",
    catalogue: CatalogueOption = None,
    role: RoleOption = ROLE,
    as_of: _AsOfOption = "",
    as_json: JsonOption = False,
) -> None:
    """Take participants' answers into the office.

    Columns are named as the catalogue names its questions and breakdowns, or a mapping says what
    they are. People are identified in a column `person`, which is turned into pseudonyms and
    never kept. Columns of names and contact data never enter.

    \b
    Example:
      social-evidence returns key family-fund.key
      social-evidence returns survey before.csv --initiative london_family_fund --wave before \\
        --period 2026 --key family-fund.key --keep-until 2028-12-31 \\
        --lawful-basis "public task" --special-category "research" --office base
    """  # noqa: D301 - \b keeps the example's lines apart
    cases = use_case("participant_import")
    mappings = use_case("participant_mapping")
    values = {"wave": wave, "period": period, "project": project, "form": form, "arm": arm}
    asked = cases.AnswersAsked(
        initiative=initiative,
        key=use_case("pseudonym_key").read_key(key) if key else None,
        values={name: value for name, value in values.items() if value},
        mapping=mappings.read_map(mapping) if mapping else mappings.ColumnMap(),
    )
    promised = RecordSet(
        id="",
        initiative=initiative,
        purpose=purpose,
        lawful_basis=lawful_basis,
        keep_until=keep_until,
        scopes=tuple(scope.strip() for scope in scopes.split(",") if scope.strip()),
        special_category_condition=special_category,
        notice_version=notice,
    )
    today = day_or_today(as_of, "--as-of")
    known = definitions(catalogue)
    with opened(office, is_new_allowed=True) as held:
        outcome = cases.accept_answers(
            held, file, known, asked, promised, by=signed(role), today=today
        )
    tell(outcome, "answers", as_json=as_json)


@group.command("register")
def register(
    file: Annotated[
        Path, typer.Argument(help="A .csv file whose columns are the record's fields.")
    ],
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="organisations, events, people or expected.")
    ],
    office: OfficeOption,
    catalogue: CatalogueOption = None,
    role: RoleOption = ROLE,
    as_json: JsonOption = False,
) -> None:
    """Take a register into the office: organisations, events, people in a role, returns asked for.

    Measures that are counted from a register, such as employers engaged, come from these. A row
    that differs from the one that stands under its name becomes its next revision.

    \b
    Example:
      social-evidence returns register employers.csv --kind organisations --office base
      social-evidence returns register engagement.csv --kind events --office base
    """  # noqa: D301 - \b keeps the example's lines apart
    cases = use_case("register_import")
    if kind not in cases.KINDS:
        kinds = ", ".join(cases.KINDS)
        raise typer.BadParameter(f"{kind!r} is none of {kinds}.", param_hint="--kind")
    known = definitions(catalogue)
    with opened(office, is_new_allowed=True) as held:
        outcome = cases.accept_register(held, file, known, kind, by=signed(role))
    tell(outcome, kind, as_json=as_json)


@group.command("status")
def status(
    office: OfficeOption,
    initiative: Annotated[
        str, typer.Option(metavar="ID", help="Only the returns of this initiative.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Say which returns were asked for, which came, and how they stand.

    One that did not come is missing, which is not nought: nothing is counted for it.

    \b
    Example:
      social-evidence returns status --office base
      social-evidence returns status --initiative workforce_integration_network --office base --json
    """  # noqa: D301 - \b keeps the example's lines apart
    cases = use_case("returns_status")
    with opened(office) as held:
        found = cases.standings(held, initiative or None)
    totals = cases.counts(found)
    if as_json:
        told = {"counts": totals, "returns": [asdict(one) for one in found]}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    typer.echo(", ".join(f"{count:,} {name}" for name, count in totals.items()) + ".")
    for one in found:
        reason = f": {one.reason}" if one.reason else ""
        due = f", due {one.due}" if one.status == cases.MISSING and one.due else ""
        typer.echo(
            f"  {one.status:<9}  {one.success_measure}  {one.period}  {one.organisation}"
            f"  {one.id}{due}{reason}"
        )


@group.command("submit")
def submit(
    name: Annotated[str, typer.Argument(metavar="RETURN", help="Its id, from `returns status`.")],
    office: OfficeOption,
    role: RoleOption = ROLE,
) -> None:
    """Hand in a draft, or answer a query by saying that the return stands as it is.

    \b
    Example:
      social-evidence returns submit 1e3ccb4850c6c5e8413e-1 --office base --role "programme officer"
    """  # noqa: D301 - \b keeps the example's lines apart
    _move(office, name, "submitted", role)


@group.command("verify")
def verify(
    name: Annotated[str, typer.Argument(metavar="RETURN", help="Its id, from `returns status`.")],
    office: OfficeOption,
    role: RoleOption = ROLE,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="How it was verified.")] = "",
) -> None:
    """Say that a return was checked and holds.

    \b
    Example:
      social-evidence returns verify 1e3ccb4850c6c5e8413e-1 --office base --role "programme officer"
    """  # noqa: D301 - \b keeps the example's lines apart
    _move(office, name, "verified", role, reason=reason)


@group.command("query")
def query(
    name: Annotated[str, typer.Argument(metavar="RETURN", help="Its id, from `returns status`.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="What is asked about it.")],
    office: OfficeOption,
    role: RoleOption = ROLE,
) -> None:
    """Ask about a return; it is answered by reading a corrected one, or by verifying it.

    \b
    Example:
      social-evidence returns query 1e3ccb4850c6c5e8413e-1 --reason "Ten times last quarter's?" \\
        --office base --role "programme officer"
    """  # noqa: D301 - \b keeps the example's lines apart
    _move(office, name, "queried", role, reason=reason)


def _move(office: str, name: str, status: Status, role: str, *, reason: str = "") -> None:
    with opened(office) as held:
        held.move_return(name, status, by=signed(role), reason=reason)
    typer.echo(f"Return {name} is {status}.")


@group.command("key")
def key(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; never into the office.")],
) -> None:
    """Make the secret by which identifiers become pseudonyms, readable by you only.

    Keep a copy apart from the office: with another key the same person gets another pseudonym,
    and before can no longer be joined to after.

    \b
    Example:
      social-evidence returns key family-fund.key
    """  # noqa: D301 - \b keeps the example's lines apart
    use_case("pseudonym_key").make_key(out)
    typer.echo(f"{out}: made. Keep a copy in a safe place, apart from the office.")
