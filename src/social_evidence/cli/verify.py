"""`social-evidence verify`: figures their publishers printed, beside ours."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from social_evidence.app.packaged import catalogue_folder
from social_evidence.app.verify import Verification, verify
from social_evidence.errors import DataError
from social_evidence.model.provenance import PublishedCheck
from social_evidence.wording.numbers import figure, range_text

_VERDICTS: Final = {
    "within_rounding": "within rounding",
    "within_interval": "within the interval",
    "differs": "DIFFERS",
    "not_in_release": "not in this release",
}
_WIRING: Final = "synthetic: this shows the wiring and proves nothing about {}"


def command(
    release: Annotated[Path, typer.Argument(help="A release, or a folder that holds releases.")],
    catalogue: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FOLDER",
            help="Definitions whose printed figures are meant, a folder or a name (london); by "
            "default those the release was built from.",
        ),
    ] = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Only this measure's figures; may be repeated."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 11 if one differs.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Set every figure that was printed elsewhere beside the release's own.

    A figure of ours agrees within rounding if it differs by no more than half a unit of the last
    printed digit. Else the printed one may lie within our interval. One that is not in the release
    says why. Figures of made-up files show that the wiring is right and prove nothing.

    \b
    Example:
      social-evidence verify demo
      social-evidence verify demo --measure early_education_uptake --strict
    """  # noqa: D301 - \b keeps the example's lines apart
    folders = [catalogue_folder(path) for path in catalogue or ()]
    found = verify(release, folders, measure or ())
    if as_json:
        typer.echo(json.dumps(_json(found), ensure_ascii=False))
    else:
        typer.echo("\n".join(_lines(found)))
    if strict and any(check.verdict == "differs" for check in found.checks):
        raise typer.Exit(DataError.exit_code)


def _json(found: Verification) -> dict[str, object]:
    figures = [
        {**asdict(check), "difference": check.difference, "agrees": check.agrees}
        for check in found.checks
    ]
    told = {"release": found.version, "title": found.title, "synthetic": found.synthetic}
    return {**told, "counts": _counts(found), "figures": figures}


def _counts(found: Verification) -> dict[str, int]:
    counted = Counter[str](check.verdict for check in found.checks)
    return {verdict: counted[verdict] for verdict in _VERDICTS}


def _lines(found: Verification) -> Iterator[str]:
    yield f"{found.title}, release {found.version}: {len(found.checks)} printed figures beside ours"
    last = ""
    for check in found.checks:
        if check.measure != last:
            yield f"\n{check.measure}: {found.titles[check.measure]}"
            last = check.measure
        yield f"  {_line(check, found)}"
    yield ""
    yield from (f"{_VERDICTS[name]:<22}{count:>4}" for name, count in _counts(found).items())
    if found.synthetic:
        yield "SYNTHETIC DATA: made up by a program. These figures describe nobody."


def _line(check: PublishedCheck, found: Verification) -> str:
    area = found.names.get(check.area, check.area)
    what = [area, *(name for name in (check.part, check.group) if name != "all"), check.period]
    decimals = _decimals(check)
    told = f"{', '.join(what)}: printed {_figure(check, check.published, decimals)}"
    if check.spread:
        told += f" between the highest and lowest {check.spread}"
    if check.text:
        told += f" ({check.text})"
    if check.ours is None:
        told += f"; {_VERDICTS[check.verdict]}: {check.why}"
    else:
        told += f", ours {_figure(check, check.ours, decimals + 1)}{_limits(check)}"
        told += f"{_difference(check, decimals + 1)}; {_VERDICTS[check.verdict]}"
    is_made_up = check.synthetic or (check.ours is None and found.synthetic)
    return f"{told} [{_WIRING.format(found.city or area)}]" if is_made_up else told


def _decimals(check: PublishedCheck) -> int:
    """Count the decimals a figure was printed with: its tolerance is half a unit of the last."""
    places = 2 if check.unit == "share" else 0
    return max(0, round(-math.log10(2 * check.tolerance)) - places)


def _figure(check: PublishedCheck, value: float, decimals: int) -> str:
    statistic = "difference" if check.spread else check.statistic
    return figure(_stored(value), check.unit, statistic=statistic, decimals=decimals)


def _difference(check: PublishedCheck, decimals: int) -> str:
    value = _stored(check.difference or 0.0)
    if value == 0:
        return ""
    told = figure(value, check.unit, statistic="difference", decimals=decimals)
    return f", difference {'+' if value > 0 and told[0].isdigit() else ''}{told}"


def _limits(check: PublishedCheck) -> str:
    if check.lower is None or check.upper is None:
        return ""
    limits = range_text(check.lower, check.upper, check.unit, statistic=check.statistic, decimals=1)
    return f" ({limits})"


def _stored(value: float) -> float:
    """Drop the hair by which a difference of two decimals is not the decimal it means."""
    return float(f"{value:.10g}")
