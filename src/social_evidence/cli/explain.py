"""`social-evidence explain`: where a published number comes from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from social_evidence.app.release import load_release


def command(
    release: Annotated[Path, typer.Argument(help="A release, or a folder that holds releases.")],
    measure: Annotated[str, typer.Argument(help="The measure's id.")],
    area: Annotated[str, typer.Option(help="Code or name of an area.")] = "",
    breakdown: Annotated[str, typer.Option(help="Breakdown, where a group's id is in two.")] = "",
    group: Annotated[str, typer.Option(help="A group's id; everybody by default.")] = "",
    period: Annotated[str, typer.Option(help="A period's label; the latest by default.")] = "",
    part: Annotated[str, typer.Option(help="A part of the measure.")] = "",
    series: Annotated[str, typer.Option(help="A series of the measure.")] = "",
    statistic: Annotated[
        str, typer.Option(help="`difference` explains a gap; the figure itself by default.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")] = False,
) -> None:
    """Say where one published figure comes from.

    From its file and digest to its question, design, formula and interval.

    \b
    Example:
      social-evidence explain demo neighbours_trusted --group female
      social-evidence explain demo hate_crime_rate --area Hackney --period fy2023-24
    """  # noqa: D301 - \b keeps the example's lines apart
    found = load_release(release).explain(
        measure,
        area=area,
        breakdown=breakdown,
        group=group,
        period=period,
        part=part,
        series=series,
        statistic=statistic,
    )
    if as_json:
        typer.echo(json.dumps(found.to_mapping(), ensure_ascii=False, indent=2))
    else:
        typer.echo(str(found))
