"""What the table builder reads of a measure: every row of it, by columns, in codes and in words.

The words a page would say of a row come with it, so that a table made in the browser says the
same as one made here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from social_evidence.model.address import slug
from social_evidence.model.estimate import Estimate
from social_evidence.site.addresses import decade
from social_evidence.site.assets import assigned
from social_evidence.site.choices import Choices
from social_evidence.site.figures import OF_THE_PAGE
from social_evidence.site.render import ROOT, clean
from social_evidence.wording import labels
from social_evidence.wording.periods import period_words

FOLDER: Final = "static/measures"


@dataclass(slots=True)
class _Codes:
    """Values met so far, each by its place."""

    places: dict[Any, int] = field(default_factory=dict)

    def place(self, value: Any) -> int:
        """Give a value's place, a new one where it has not been met."""
        return self.places.setdefault(value, len(self.places))


def columns_path(measure: str) -> str:
    """Name the file that the table builder loads for a measure."""
    return f"{FOLDER}/{slug(measure)}.js"


def columns_file(choices: Choices, measure: str, tables: str, files: str) -> tuple[str, str]:
    """Write the rows of a measure as the table builder reads them.

    Args:
        choices: The release, and what is chosen of it.
        measure: Id of the measure, or of a success measure.
        tables: Address of its page of ready-made tables.
        files: By what its figures are found among the downloads.

    Returns:
        Path and text.
    """
    return columns_path(measure), assigned(
        "measures", measure_columns(choices, measure, tables, files), measure
    )


def measure_columns(choices: Choices, measure: str, tables: str, files: str) -> Mapping[str, Any]:
    """Lay out the rows of a measure by columns; see `columns_file`."""
    subject = choices.site.subjects[measure]
    rows = _rows(choices, measure)
    names = choices.site.names
    long = [at for at, row in enumerate(rows) if _names_series(choices, row)]
    lists = _lists(rows)
    columns = _columns(choices, rows, lists)
    units = {row.part: row.unit for row in rows}
    return {
        "title": clean(subject.title),
        "slug": slug(measure),
        "path": subject.path,
        "tables": tables,
        "parts": [
            [one, clean(names.parts.get((measure, one), subject.title)), units[str(one)]]
            for one in lists["part"].places
        ],
        "series": [
            [one, clean(names.series.get((measure, one), one))] for one in lists["series"].places
        ],
        "areas": [[one, clean(names.areas.get(one, one))] for one in lists["area"].places],
        "breakdowns": [
            [one, clean(names.breakdowns.get(one, one))] for one in lists["breakdown"].places
        ],
        "groups": [
            [lists["breakdown"].place(breakdown), group, clean(names.groups.get(pair, group))]
            for pair in lists["group"].places
            for breakdown, group in [pair]
        ],
        "periods": _periods(choices, rows, lists["period"]),
        "statistics": [[one, labels.STATISTICS[str(one)]] for one in lists["statistic"].places],
        "statuses": [[one, labels.STATUSES[str(one)]] for one in lists["status"].places],
        "flags": [[one, *_flag_words(one)] for one in lists["flags"].places],
        "values": list(lists["value"].places),
        "ranges": list(lists["range"].places),
        "files": [
            [one.title, f"{ROOT}{one.path}", one.size]
            for one in choices.site.downloads.get(files, ())
        ],
        "long": long,
        "decades": _decades(choices, rows, lists["area"]),
        "rows": columns,
    }


def _rows(choices: Choices, measure: str) -> list[Estimate]:
    """Order a measure's rows as people expect: place, group, time."""
    site = choices.site
    groups = {pair: at for at, pair in enumerate(site.names.groups)}
    found: list[Estimate] = []
    for place in site.places:
        own = site.figures.by_place.get((measure, place.code), ())
        found += sorted(
            own,
            key=lambda row: (
                row.part,
                row.breakdown != "all",
                "*" in row.breakdown,
                row.breakdown,
                row.statistic == "difference",
                groups.get((row.breakdown, row.group), len(groups)),
                row.period_end,
                row.period_start,
                row.series,
            ),
        )
    return found


_CODED: Final = ("part", "series", "area", "statistic", "status", "flags")
_TEXTS: Final = ("value", "range")
_NUMBERS: Final = ("estimate", "lower", "upper", "base")


def _lists(rows: Sequence[Estimate]) -> dict[str, _Codes]:
    """Gather the codes of each column, in the order in which rows have them."""
    lists = {name: _Codes() for name in (*_CODED, *_TEXTS, "breakdown", "group", "period")}
    for row in rows:
        for name in _CODED:
            lists[name].place(getattr(row, name))
        lists["breakdown"].place(row.breakdown)
        lists["group"].place((row.breakdown, row.group))
    dated = sorted({(row.period_end, row.period_start, row.period) for row in rows})
    for _, _, period in dated:
        lists["period"].place(period)
    return lists


def _columns(
    choices: Choices, rows: Sequence[Estimate], lists: Mapping[str, _Codes]
) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {
        name: [lists[name].place(getattr(row, name)) for row in rows]
        for name in (*_CODED, "period")
    }
    found["group"] = [lists["group"].place((row.breakdown, row.group)) for row in rows]
    told = [choices.told(row, "") for row in rows]
    found["value"] = [lists["value"].place(f"{one.value} {one.markers}".strip()) for one in told]
    found["range"] = [lists["range"].place(one.range) for one in told]
    for name in _NUMBERS:
        found[name] = [getattr(row, name) for row in rows]
    return found


def _periods(choices: Choices, rows: Sequence[Estimate], codes: _Codes) -> list[list[str]]:
    """List the periods, oldest first: code, name, decade of its page, short name."""
    begun = {row.period: decade(row) for row in rows}
    names = choices.site.names.periods
    return [
        [one, names.get(one, one), begun[one], period_words(one, short=True)]
        for one in codes.places
    ]


def _names_series(choices: Choices, row: Estimate) -> bool:
    """Say whether a row's address names its series, as another row has the short one."""
    return choices.addresses.of(row)[1].endswith(f".{slug(row.series)}")


def _decades(choices: Choices, rows: Iterable[Estimate], areas: _Codes) -> list[int]:
    """List the areas whose page of cells is parted by decade."""
    found = {
        areas.place(row.area)
        for row in rows
        if choices.addresses.of(row)[0].split("/")[-2] == decade(row)
    }
    return sorted(found)


def _flag_words(flags: str) -> tuple[str, str]:
    """Name flags: all of them, and those that the page does not say of every figure."""
    given = [flag for flag in flags.split(";") if flag]
    own = [flag for flag in given if flag not in OF_THE_PAGE]
    return (
        "; ".join(labels.FLAGS.get(flag, flag) for flag in given),
        "; ".join(labels.FLAGS.get(flag, flag) for flag in own),
    )
