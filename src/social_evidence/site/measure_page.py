"""A measure's page: what it is, how it moved, for whom and where it differs, how sure we are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from social_evidence.model.breakdown import ALL
from social_evidence.model.estimate import Estimate
from social_evidence.model.measure import Measure
from social_evidence.site.addresses import area_path, cell_folder, measure_path
from social_evidence.site.choices import Choices
from social_evidence.site.content import Place, SiteInput
from social_evidence.site.figures import Told, Verdict, range_sentence, verdict_of
from social_evidence.site.headline import lede, part_title
from social_evidence.site.measure_model import (
    Block,
    BoroughFigure,
    Fact,
    GapPair,
    GroupFigure,
    History,
    Line,
    MeasureModel,
)
from social_evidence.site.method_notes import method_notes
from social_evidence.site.select import (
    Preference,
    cells,
    chain,
    groups_tables,
    headline_cell,
    is_shown,
    single_periods,
)
from social_evidence.wording import labels
from social_evidence.wording.findings import change_sentence, differ_sentence
from social_evidence.wording.periods import period_words, since_words
from social_evidence.wording.spoken import when


@dataclass(frozen=True, slots=True)
class MeasureReader:
    """Reads what a measure's page says from a release."""

    choices: Choices
    measure: Measure
    part: str
    path: str

    @property
    def site(self) -> SiteInput:
        """The release."""
        return self.choices.site

    @property
    def preference(self) -> Preference:
        """How far each series of the measure compares."""
        return self.choices.preference(self.measure)

    def rows(self, place: Place | str) -> Sequence[Estimate]:
        """The measure's rows in one area."""
        code = place if isinstance(place, str) else place.code
        return self.site.figures.of_measure(self.measure.id, code)

    def told(self, row: Estimate) -> Told:
        """A row in words, with its address."""
        return self.choices.told(row, self.path)

    def verdict(self, one: Any) -> Verdict | None:
        """A comparison in words."""
        return verdict_of(one, self.measure.unit, self.measure.decimals or 0)

    def series_name(self, series: str) -> str:
        """A series' name."""
        return self.site.names.series.get((self.measure.id, series), series)

    def series_note(self, series: str) -> str:
        """What must be known to compare a series with others."""
        return self.choices.series_note(self.measure, series)

    def period(self, label: str) -> str:
        """A period in words."""
        return self.site.names.periods.get(label, label)

    def when(self, label: str) -> str:
        """A period in few words, for sentences and labels."""
        return period_words(label, short=True)


def measure_model(
    choices: Choices, measure: Measure, part: str = "", *, page: str = ""
) -> MeasureModel:
    """Read what a measure's page says.

    Args:
        choices: The release, and what is chosen of it.
        measure: The measure.
        part: One of its parts; the one it is known by where none is named.
        page: The page that shows it; by default the measure's own.
    """
    path = page or measure_path(measure.id, part)
    site = choices.site
    read = MeasureReader(choices, measure, part, path)
    cell = headline_cell(measure, part)
    rows = read.rows(site.city)
    own = cells(rows, cell)
    best = read.preference.best(own)
    runs = chain(own, best, read.preference) if best else []
    return MeasureModel(
        measure=measure,
        part=cell[0],
        path=path,
        title=part_title(site, measure, part) if part else measure.title,
        caption=part_title(site, measure, cell[0]) if measure.parts else measure.title,
        domain=labels.named(measure.domain, labels.DOMAINS),
        lede=lede(site, measure, read.told(best) if best else None),
        sure=range_sentence(best, measure.decimals) if best else "",
        headline=read.told(best) if best else None,
        period=read.when(best.period) if best else "",
        at=when(best.period) if best else "",
        gap=tuple(_gap(read, best, rows)) if best else (),
        facts=tuple(_facts(read, best)) if best else (),
        trend=tuple(_run(read, run) for run in runs),
        trend_finding=_trend_finding(read, best) if best else "",
        others=tuple(_others(read, own, runs)),
        groups=tuple(_group_figures(read, cell, rows)),
        boroughs=tuple(_boroughs(read)),
        crossings=tuple(_crossings(read, rows, cell[0])),
        parts=tuple(_parts(read, rows)),
        notes=method_notes(site, measure, cell[0], best.series if best else ""),
        history=_history(read, best) if best else None,
        cells_path=f"{cell_folder(measure.id, site.city.code)}/index.html",
    )


def _gap(read: MeasureReader, best: Estimate, rows: Sequence[Estimate]) -> Iterable[GapPair]:
    """Show both rates behind the headline gap, and behind those of breakdowns of two groups.

    A breakdown of more has its gaps one below another in a chart of its own.
    """
    if best.statistic != "difference":
        return
    alike = [
        row
        for row in rows
        if (row.part, row.series, row.period, row.statistic)
        == (best.part, best.series, best.period, best.statistic)
        and "*" not in row.breakdown
    ]
    counted = Counter(row.breakdown for row in alike)
    others = [
        row for row in alike if row.breakdown != best.breakdown and counted[row.breakdown] == 1
    ]
    for row in (best, *others):
        if (found := _rates(read, row)) is not None:
            yield found


def _rates(read: MeasureReader, row: Estimate) -> GapPair | None:
    """Find both rates of a gap; None where either is not shown."""
    site = read.site
    known = site.catalogue.breakdowns.get(row.breakdown)
    reference = known.reference if known else ""
    lines = []
    for group in (reference, row.group):
        rate = site.figures.by_key.get((*row.key[:7], group, read.measure.statistic))
        if rate is None or not is_shown(rate):
            return None
        name = site.names.groups.get((row.breakdown, group), group)
        lines.append(Line(label=name, told=read.told(rate)))
    return GapPair(
        heading=site.names.breakdowns.get(row.breakdown, row.breakdown),
        reference=lines[0],
        group=lines[1],
        gap=read.told(row),
        verdict=read.verdict(site.figures.against_reference(row, reference)),
    )


def _facts(read: MeasureReader, best: Estimate) -> Iterable[Fact]:
    """Set the headline beside the rest of the country and the earlier periods."""
    figures = read.site.figures
    for place in read.site.places:
        verdict = read.verdict(figures.against_comparator(best, place.code))
        if verdict and verdict.code != "cannot_say":
            other = figures.by_key.get((*best.key[:5], place.code, *best.key[6:]))
            value = f": {read.told(other).label}" if other is not None else ""
            yield Fact(term=f"Against {_in_sentence(place.name)}{value}", verdict=verdict)
    for change in figures.changes_of(best):
        verdict = read.verdict(change)
        if verdict and verdict.code != "cannot_say":
            yield Fact(term=f"Since {since_words(change.period_from)}", verdict=verdict)


def _in_sentence(name: str) -> str:
    return f"the {name[:1].lower()}{name[1:]}" if name.startswith("Rest of") else name


def _run(read: MeasureReader, run: Sequence[Estimate]) -> Block:
    return Block(
        heading=read.series_name(run[0].series),
        lines=tuple(
            Line(
                label=read.when(row.period),
                told=read.told(row),
            )
            for row in run
        ),
        note=read.series_note(run[0].series),
    )


def _trend_finding(read: MeasureReader, best: Estimate) -> str:
    sentences = []
    for change in read.site.figures.changes_of(best)[:1]:
        verdict = read.verdict(change)
        if verdict:
            since = since_words(change.period_from)
            sentences.append(
                change_sentence(
                    verdict.code,
                    since,
                    verdict.extent,
                    at=when(change.period_from),
                    counted=verdict.is_counted,
                    alone=verdict.is_alone,
                )
            )
    return " ".join(filter(None, sentences))


def _others(
    read: MeasureReader, own: Sequence[Estimate], runs: Sequence[Sequence[Estimate]]
) -> Iterable[Block]:
    """Show the series that the trend leaves out, each by itself."""
    there = {row.series for run in runs for row in run}
    by_series: dict[str, list[Estimate]] = {}
    for row in own:
        if row.series not in there:
            by_series.setdefault(row.series, []).append(row)
    for rows in by_series.values():
        if any(map(is_shown, rows)):
            yield _run(read, single_periods(rows))


def _group_figures(
    read: MeasureReader, cell: tuple[str, str, str, str], rows: Sequence[Estimate]
) -> Iterable[GroupFigure]:
    """Show the groups of every breakdown, those of one series and period together."""
    order = {pair: at for at, pair in enumerate(read.site.names.groups)}
    tables = groups_tables(rows, cell, read.preference, order)
    together: dict[tuple[str, str], list[Block]] = {}
    for table in tables:
        block = Block(
            heading=read.site.names.breakdowns.get(table.breakdown, table.breakdown),
            lines=tuple(_group_line(read, row) for row in table.rows if row.status != "not_asked"),
        )
        first = next(row for row in table.rows if is_shown(row))
        together.setdefault((first.series, first.period), []).append(block)
    for (series, period), blocks in sorted(together.items(), key=lambda item: -len(item[1])):
        everybody = _everybody(read, cell, rows, series, period)
        yield GroupFigure(
            period=read.period(period),
            source=read.series_name(series),
            blocks=tuple(blocks),
            everybody=everybody,
            is_gap=cell[3] == "difference",
            finding=_groups_finding(blocks, read.site.city.name, is_gap=cell[3] == "difference"),
            note=read.series_note(series),
            is_other=series in read.preference.major,
        )


def of_breakdowns(shown: GroupFigure, wanted: Collection[str], city: str) -> GroupFigure | None:
    """Keep some breakdowns of groups shown together; the finding speaks of no other."""
    blocks = tuple(
        block for block in shown.blocks if block.lines[0].told.row.breakdown in set(wanted)
    )
    if not blocks:
        return None
    return replace(shown, blocks=blocks, finding=_groups_finding(blocks, city, is_gap=shown.is_gap))


def _groups_finding(blocks: Sequence[Block], city: str, *, is_gap: bool) -> str:
    lines = told_apart(blocks)
    if is_gap:
        return finding_of(lines, "the reference group", "groups", subject="The rate")
    return finding_of(lines, f"{city} as a whole", "groups")


def told_apart(blocks: Sequence[Block]) -> list[Line]:
    """List the lines of several breakdowns, with its breakdown where two share a group's name.

    A sentence that named the same group twice would be read as a mistake, or as one group.
    """
    counted = Counter(line.label for block in blocks for line in block.lines)
    return [
        replace(line, label=f"{line.label} ({block.heading[:1].lower()}{block.heading[1:]})")
        if counted[line.label] > 1
        else line
        for block in blocks
        for line in block.lines
    ]


def _group_line(read: MeasureReader, row: Estimate) -> Line:
    figures = read.site.figures
    if row.statistic == "difference":
        known = read.site.catalogue.breakdowns.get(row.breakdown)
        found = figures.against_reference(row, known.reference if known else "")
    else:
        found = figures.against_everybody(row)
    return Line(
        label=read.site.names.groups.get((row.breakdown, row.group), row.group),
        told=read.told(row),
        verdict=read.verdict(found),
    )


def _everybody(
    read: MeasureReader,
    cell: tuple[str, str, str, str],
    rows: Sequence[Estimate],
    series: str,
    period: str,
) -> Told | None:
    if cell[3] == "difference":
        return None
    wanted = (cell[0], ALL, ALL, cell[3])
    found = [r for r in cells(rows, wanted) if (r.series, r.period) == (series, period)]
    return read.told(found[0]) if found and is_shown(found[0]) else None


def finding_of(lines: Sequence[Line], place: str, noun: str, *, subject: str = "The figure") -> str:
    """Sum up the verdicts on lines; a line without one is not spoken for."""
    compared = [line for line in lines if line.verdict]
    by_code: Mapping[str, list[str]] = {
        code: [line.label for line in compared if line.verdict and line.verdict.code == code]
        for code in ("higher", "lower", "no_clear_difference")
    }
    return differ_sentence(
        by_code["higher"],
        by_code["lower"],
        len(by_code["no_clear_difference"]),
        place=place,
        noun=noun,
        subject=subject,
        counted=bool(compared) and all(one.verdict.is_counted for one in compared if one.verdict),
    )


def _boroughs(read: MeasureReader) -> Iterable[BoroughFigure]:
    for chosen in read.choices.boroughs(read.measure, read.part):
        yield _borough_figure(read, chosen)


def _borough_figure(read: MeasureReader, chosen: Mapping[str, Estimate]) -> BoroughFigure:
    site = read.site
    first = next(iter(chosen.values()))
    lines = tuple(
        Line(
            label=place.name,
            told=read.told(chosen[place.code]),
            verdict=read.verdict(site.figures.against_city(chosen[place.code], site.city.code)),
            path=area_path(place.name),
            code=place.code,
        )
        for place in site.boroughs
        if place.code in chosen
    )
    missing = [place.name for place in site.boroughs if place.code not in chosen]
    city = read.choices.city_beside(first)
    return BoroughFigure(
        period=read.period(first.period),
        series=first.series,
        source=read.series_name(first.series),
        note=read.series_note(first.series),
        is_other=first.series in read.preference.major,
        missing=", ".join(missing),
        block=Block(heading="", lines=lines),
        city=read.told(city) if city and city.period == first.period else None,
        finding=finding_of(lines, site.city.name, "boroughs"),
    )


def _crossings(
    read: MeasureReader, rows: Sequence[Estimate], part: str
) -> Iterable[tuple[str, int]]:
    counted: dict[str, int] = {}
    for row in rows:
        if "*" in row.breakdown and row.part == part:
            counted[row.breakdown] = counted.get(row.breakdown, 0) + is_shown(row)
    for breakdown, shown in sorted(counted.items()):
        yield read.site.names.breakdowns.get(breakdown, breakdown), shown


def _parts(read: MeasureReader, rows: Sequence[Estimate]) -> Iterable[Line]:
    """Show the parts of a measure, each with its latest figure."""
    for part in read.measure.parts:
        best = read.preference.best(cells(rows, headline_cell(read.measure, part.id)))
        if best is not None:
            is_main = part.id == read.measure.headline.part
            yield Line(
                label=part.title,
                told=read.told(best),
                path=measure_path(read.measure.id, "" if is_main else part.id),
            )


def _history(read: MeasureReader, best: Estimate) -> History:
    return History(
        told=read.told(best),
        revisions=read.site.revisions.get(best.key, ()),
        first=best.version_first,
        revised=best.version_revised,
    )
