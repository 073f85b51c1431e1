"""Write docs/london: a page for each measure and source of the London catalogue.

    python tools/catalogue_pages.py

The pages are made from the definitions alone. A test writes them anew and compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from social_evidence.catalogue.load import load
from social_evidence.model.breakdown import ALL
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Measure, PublishedFigure, Series
from social_evidence.model.source import Source
from social_evidence.model.source_maps import GroupMap
from social_evidence.wording.comparability import comparability_sentences
from social_evidence.wording.numbers import figure

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "docs" / "london"
CATALOGUE: Final = ROOT / "src" / "social_evidence" / "catalogues" / "london"

_MADE: Final = "<!-- Written by tools/catalogue_pages.py from the definitions. -->\n"
_WHOLE: Final = 0.004  # a tolerance of half a percentage point: printed without decimals
_DOMAINS: Final = ("relationships", "participation", "equality", "outcomes")
_DIRECTIONS: Final = {
    "higher_is_better": "higher is better",
    "lower_is_better": "lower is better",
    "neutral": "neither way is better",
}
_UNITS: Final = {
    "share": "a share",
    "per_1000": "per 1,000",
    "score": "a score",
    "pounds": "pounds",
    "people": "people",
    "count": "a count",
}
_KINDS: Final = {
    "microdata": "answers of respondents",
    "counts": "a table of counts",
    "published": "a table of figures its publisher worked out",
}
_BASIS: Final = {
    "design": "the sample's own strata and sampling points",
    "replicates": "replicate weights",
    "households": "households as sampling units",
    "weights_only": "weights alone; intervals are approximate",
    "assumed_deff": "a stated design effect; intervals are approximate",
    "none": "nothing: no interval is given",
}


def pages() -> dict[str, str]:
    """Make every page.

    Returns:
        Path below docs/london -> Markdown.
    """
    catalogue = load([CATALOGUE])
    made = {
        "index.md": _text(_index(catalogue)),
        "groups.md": _text(_all_groups(catalogue)),
        "questions.md": _text(_all_questions(catalogue)),
    }
    for measure in catalogue.measures.values():
        made[f"measures/{measure.id}.md"] = _text(_measure(catalogue, measure))
    for source in catalogue.sources.values():
        made[f"sources/{source.id}.md"] = _text(_source(catalogue, source))
    return made


def write(folder: Path = FOLDER) -> None:
    """Write every page and take away those of definitions that are gone."""
    made = pages()
    for old in folder.rglob("*.md"):
        if old.relative_to(folder).as_posix() not in made:
            old.unlink()
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _text(lines: Iterable[str]) -> str:
    return _MADE + "\n" + "\n".join(lines).rstrip() + "\n"


def _index(catalogue: Catalogue) -> Iterator[str]:
    counted = [m for m in catalogue.measures.values() if not m.supporting]
    beside = [m for m in catalogue.measures.values() if m.supporting]
    yield f"# {catalogue.title}: definitions\n"
    yield f"{len(counted)} measures, {len(beside)} beside them, {len(catalogue.sources)} sources.\n"
    yield "All [groups](groups.md) and all [questions](questions.md), each on one page.\n"
    for domain in _DOMAINS:
        yield f"## {domain.capitalize()}\n"
        yield from _rows(
            ("Measure", "Theme", "Sources"),
            (
                (
                    f"[{m.title}](measures/{m.id}.md)",
                    m.theme + (" (beside the measures)" if m.supporting else ""),
                    ", ".join(dict.fromkeys(f"`{s.source}`" for s in m.series)),
                )
                for m in (*counted, *beside)
                if m.domain == domain
            ),
        )
    yield "## Sources\n"
    yield from _rows(
        ("Source", "Publisher", "Holds", "Names to confirm"),
        (
            (
                f"[{s.title}](sources/{s.id}.md)",
                s.publisher,
                _KINDS[s.kind] + (" (ended)" if s.ended else ""),
                str(len(s.to_confirm) or ""),
            )
            for s in catalogue.sources.values()
        ),
    )


def _all_groups(catalogue: Catalogue) -> Iterator[str]:
    yield "# Groups\n"
    yield "Geography is never a group. Groups of a breakdown add up, unless it says otherwise.\n"
    for breakdown in catalogue.breakdowns.values():
        told = [
            f"[`{source.id}`](sources/{source.id}.md)" + (" (approximately)" if near else "")
            for source in catalogue.sources.values()
            if breakdown.id in _maps(source)
            for near in (_is_near(source, breakdown.id),)
        ]
        labels = {group.id: group.label for group in breakdown.groups}
        yield f"## {breakdown.title}\n"
        yield from _rows(
            ("", ""),
            (
                ("Id", f"`{breakdown.id}`"),
                ("Groups", "; ".join(f"{label} (`{id_}`)" for id_, label in labels.items())),
                ("Gaps are measured from", labels.get(breakdown.reference, "")),
                ("Standard", breakdown.standard),
                ("Lies within", ", ".join(f"`{coarser}`" for coarser in breakdown.within)),
                (
                    "Adds up",
                    "" if breakdown.partition else "no: one case may stand in several groups",
                ),
                ("Note", breakdown.note),
                ("Told by", ", ".join(told)),
            ),
        )


def _all_questions(catalogue: Catalogue) -> Iterator[str]:
    yield "# Questions\n"
    yield "The harmonised wording. A source that asks in other words has them on its own page.\n"
    for question in catalogue.questions.values():
        yield f"## `{question.id}`\n"
        yield from _rows(
            ("", ""),
            (
                ("Words", question.text.get("en", "")),
                ("Answers", "; ".join(question.answers.values())),
                ("Looks back over", question.recall),
                ("Asked of", question.asked_of),
                ("Provenance", question.provenance),
                (
                    "Asked by",
                    ", ".join(
                        f"[`{source.id}`](sources/{source.id}.md)"
                        for source in catalogue.sources.values()
                        if question.id in source.items
                    ),
                ),
            ),
        )


def _measure(catalogue: Catalogue, measure: Measure) -> Iterator[str]:
    yield f"# {measure.title}\n"
    if measure.supporting:
        yield "Stands beside the measures and is not counted among them.\n"
    yield f"{_plain(measure.rationale)}\n"
    yield from _rows(
        ("", ""),
        (
            ("Id", f"`{measure.id}`, version {measure.version}"),
            ("Domain and theme", f"{measure.domain}, {measure.theme}"),
            (
                "Figure",
                f"{measure.statistic}, {_UNITS[measure.unit]}; {_DIRECTIONS[measure.direction]}",
            ),
            ("Parts", ", ".join(f"{p.title} (`{p.id}`)" for p in measure.parts)),
            ("Known by", _headline(catalogue, measure)),
            ("Set against", _areas(catalogue, measure.comparators)),
            ("Gap", "the reference group less each group" if measure.gap else ""),
        ),
    )
    yield "## Series\n"
    yield "A break is where one series ends and the next begins; nothing bridges it.\n"
    for series in measure.series:
        yield from _series(catalogue, series)
    yield from _groups(catalogue, measure)
    yield from _list("What to know", measure.notes)
    yield from _published(catalogue, measure)


def _headline(catalogue: Catalogue, measure: Measure) -> str:
    """Name the cell a measure is known by, where it is not everybody's figure."""
    one = measure.headline
    words = [p.title for p in measure.parts if p.id == one.part]
    if one.breakdown != ALL:
        words += _labels(catalogue, one.breakdown, [one.group])
    words += ["gap"] if one.statistic == "difference" else []
    return ", ".join(words)


def _series(catalogue: Catalogue, series: Series) -> Iterator[str]:
    source = catalogue.sources[series.source]
    part = f", part `{series.part}`" if series.part != "all" else ""
    yield f"### `{series.id}`{part}\n"
    yield from _rows(
        ("", ""),
        (
            ("Source", f"[{source.title}](../sources/{source.id}.md)"),
            ("Periods", ", ".join(series.periods) or "all the source has"),
            ("Question", _question(catalogue, source, series)),
            ("How it compares", _verdict(source, series)),
            ("Counts below the line", _answers(catalogue, series.item, series.denominator)),
            ("Counts above the line", _answers(catalogue, series.item, series.numerator)),
            ("Asked of", _universe(series)),
            ("Numerator", _quantity(source, series.numerator_quantity)),
            ("Denominator", _denominator(catalogue, source, series)),
            ("Figure as published", _quantity(source, series.value_quantity)),
            ("Weight", f"`{series.weight}`" if series.weight else ""),
            ("Note", series.note),
            ("Read first", _warnings(source)),
        ),
    )


def _warnings(source: Source) -> str:
    """Link to what a source's page says once: breaks, traps and names still to confirm."""
    page = f"../sources/{source.id}.md"
    counted = (
        (len(source.breaks), "break", "breaks", "breaks"),
        (len(source.notes), "thing to know", "things to know", "what-to-know"),
        (
            len(source.to_confirm),
            "name to confirm",
            "names to confirm",
            "to-confirm-before-the-real-file-will-load",
        ),
    )
    return ", ".join(
        f"[{number} {one if number == 1 else many}]({page}#{anchor})"
        for number, one, many, anchor in counted
        if number
    )


def _question(catalogue: Catalogue, source: Source, series: Series) -> str:
    if not series.item:
        return ""
    own = source.items[series.item].wording if series.item in source.items else ""
    question = catalogue.questions.get(series.item)
    text = question.text.get("en", "") if question else ""
    name = f"[`{series.item}`](../questions.md#{series.item})"
    return f"{text} ({name})" + (f" In this source: {own}" if own else "")


def _answers(catalogue: Catalogue, item: str, answers: Sequence[str]) -> str:
    labels = catalogue.questions[item].answers if item in catalogue.questions else {}
    return "; ".join(labels.get(answer, answer) for answer in answers)


def _universe(series: Series) -> str:
    return "; ".join(f"`{item}` is {' or '.join(a)}" for item, a in series.universe.items())


def _quantity(source: Source, quantity: str) -> str:
    return source.quantities[quantity].title if quantity in source.quantities else quantity


def _denominator(catalogue: Catalogue, source: Source, series: Series) -> str:
    if not series.denominator_quantity:
        return ""
    other = catalogue.sources.get(series.denominator_source, source)
    words = _quantity(other, series.denominator_quantity)
    return words if other is source else f"{words} ([{other.title}](../sources/{other.id}.md))"


def _verdict(source: Source, series: Series) -> str:
    """Say how the source's question compares with the harmonised one."""
    item = source.items.get(series.item)
    if item is None or item.compares is None:
        return ""
    return " ".join(comparability_sentences(item.compares))


def _groups(catalogue: Catalogue, measure: Measure) -> Iterator[str]:
    """List each breakdown of a measure: its groups, and the sources that can tell them."""
    if not measure.breakdowns:
        return
    yield "## Groups\n"
    yield "What each group is, and which it is set against: [groups](../groups.md).\n"
    sources = [catalogue.sources[s] for s in dict.fromkeys(s.source for s in measure.series)]
    yield from _rows(
        ("Breakdown", "Groups", "Told by"),
        (
            (
                " by ".join(f"{catalogue.breakdowns[p].title}" for p in name.split("*"))
                + f" (`{name}`)",
                "; ".join(group.label for group in catalogue.breakdowns[name].groups)
                if "*" not in name
                else "each with each",
                ", ".join(told for source in sources if (told := _told(source, name))) or "none",
            )
            for name in measure.breakdowns
        ),
    )
    if any(_is_near(source, name) for source in sources for name in measure.breakdowns):
        yield "Approximate groups do not quite match these; the source's page says how.\n"


def _told(source: Source, breakdown: str) -> str:
    """Name a source that can tell a breakdown, and say whether it only comes near."""
    maps = _maps(source)
    if not all(part in maps for part in breakdown.split("*")):
        return ""
    return f"`{source.id}`" + (" (approximately)" if _is_near(source, breakdown) else "")


def _is_near(source: Source, breakdown: str) -> bool:
    maps = _maps(source)
    return any(part in maps and maps[part].approximate for part in breakdown.split("*"))


def _maps(source: Source) -> Mapping[str, GroupMap]:
    """Collect the breakdowns of a survey, or of a table's quantities."""
    maps = dict(source.breakdowns)
    for quantity in source.quantities.values():
        maps |= {
            name: GroupMap(variable="", groups={c: g for g, c in columns.items()})
            for name, columns in quantity.group_columns.items()
        }
        maps |= quantity.groups
    return maps


def _published(catalogue: Catalogue, measure: Measure) -> Iterator[str]:
    if not measure.published:
        return
    yield "## Figures printed elsewhere\n"
    yield "`verify` sets them beside those of a release.\n"
    ordered = sorted(measure.published, key=lambda one: one.reference)
    for reference, figures in groupby(ordered, key=lambda one: one.reference):
        yield f"### {_plain(reference)}\n"
        yield from _rows(
            ("Figure", "Period", "Area", "Who"),
            (
                (
                    _printed(measure, one),
                    one.period,
                    _areas(catalogue, (one.area,))
                    + (f", highest less lowest {one.spread}" if one.spread else ""),
                    _who(catalogue, measure, one),
                )
                for one in figures
            ),
        )


def _printed(measure: Measure, one: PublishedFigure) -> str:
    return figure(
        one.estimate,
        measure.unit,
        statistic="difference" if one.spread else one.statistic,
        decimals=0 if one.tolerance >= _WHOLE and measure.unit == "share" else 1,
    )


def _who(catalogue: Catalogue, measure: Measure, one: PublishedFigure) -> str:
    words = [part.title for part in measure.parts if part.id == one.part]
    if one.breakdown != ALL:
        words += _labels(catalogue, one.breakdown, one.group.split(" * "))
    words += ["gap"] if one.statistic == "difference" else []
    return ", ".join([*words, *([one.text] if one.text else [])]) or "everybody"


def _labels(catalogue: Catalogue, breakdown: str, groups: Sequence[str]) -> list[str]:
    """Give the labels of a cell's groups, one for each dimension."""
    found = []
    for name, group in zip(breakdown.split("*"), groups, strict=True):
        labels = {one.id: one.label for one in catalogue.breakdowns[name].groups}
        found.append(labels.get(group, group))
    return found


def _source(catalogue: Catalogue, source: Source) -> Iterator[str]:
    yield f"# {source.title}\n"
    if source.ended:
        yield f"**Ended.** {_plain(source.ended)}"
        if source.successor in catalogue.sources:
            next_one = catalogue.sources[source.successor]
            yield f"Its successor is [{next_one.title}]({next_one.id}.md), a series of its own."
        yield ""
    yield from _rows(
        ("", ""),
        (
            ("Id", f"`{source.id}`"),
            ("Holds", _KINDS[source.kind]),
            ("Publisher", source.publisher),
            ("Licence", source.licence),
            ("Study", source.study),
            ("How to get it", source.how_to_get),
            ("Address", f"<{source.url}>" if source.url else ""),
            ("Fewest respondents shown", str(source.threshold) if _is_survey(source) else ""),
            ("Variances rest on", _BASIS[source.design.basis] if _is_survey(source) else ""),
            ("The sample, in words", source.design.statement),
            ("Areas", _coverage(catalogue, source)),
        ),
    )
    yield from _pool(source)
    yield from _list("Measures it gives", _used_by(catalogue, source))
    yield from _list("What to know", source.notes)
    yield from _list("Breaks", source.breaks)
    yield from _confirm(source)
    yield from _variables(catalogue, source)
    yield from _files(source)


def _is_survey(source: Source) -> bool:
    return source.kind == "microdata"


def _coverage(catalogue: Catalogue, source: Source) -> str:
    if source.areas.whole:
        return _areas(catalogue, (source.areas.whole,))
    named = ", ".join(f"`{column}`" for column in source.areas.columns)
    over = _areas(catalogue, source.areas.covers)
    return f"by {named}" + (f"; a sample of {over}" if over else "")


def _pool(source: Source) -> Iterator[str]:
    pool = source.pool
    if pool is None:
        return
    what = "every figure" if pool.everything else ", ".join(pool.areas) or "nothing by area"
    what += " and crossings" if pool.crossings and not pool.everything else ""
    yield "## Pooled\n"
    yield f"{pool.waves} waves together for {what}: an average over the years. {pool.note}\n"
    yield from _list("", [f"{wave}: {reason}" for wave, reason in pool.leave_out.items()])


def _used_by(catalogue: Catalogue, source: Source) -> list[str]:
    return [
        f"[{measure.title}](../measures/{measure.id}.md)"
        for measure in catalogue.measures.values()
        if any(source.id in (s.source, s.denominator_source) for s in measure.series)
    ]


def _confirm(source: Source) -> Iterator[str]:
    if not source.to_confirm:
        return
    yield "## To confirm before the real file will load\n"
    yield "The definition holds a best guess here, not the publisher's layout.\n"
    yield from _rows(
        ("Field", "Question to ask"),
        ((f"`{field}`", question) for field, question in source.to_confirm.items()),
    )


def _variables(catalogue: Catalogue, source: Source) -> Iterator[str]:
    if source.items:
        yield "## Questions\n"
        yield from _rows(
            ("Question", "Variable", "In this source's own words", "Difference"),
            (
                (
                    f"`{name}`",
                    f"`{item.variable}`",
                    item.wording,
                    item.compares.verdict if item.compares else "",
                )
                for name, item in source.items.items()
            ),
        )
    if source.quantities:
        yield "## Quantities\n"
        yield from _rows(
            ("Quantity", "What"), ((f"`{n}`", q.title) for n, q in source.quantities.items())
        )
    maps = _maps(source)
    if maps:
        yield "## Groups\n"
        yield from _rows(
            ("Breakdown", "Variable", "Groups", "Approximate, because"),
            (
                (
                    f"`{name}`",
                    f"`{map_.variable}`" if map_.variable else "",
                    _given(catalogue, name, map_),
                    map_.approximate,
                )
                for name, map_ in maps.items()
            ),
        )
    if source.derived:
        yield "## Derived variables\n"
        yield from _rows(
            ("Variable", "Expression", "Note"),
            ((f"`{n}`", f"`{d.expression}`", d.note) for n, d in source.derived.items()),
        )


def _given(catalogue: Catalogue, breakdown: str, map_: GroupMap) -> str:
    """List the groups that a source can tell, in the order of the breakdown."""
    given = {*map_.groups.values(), *map_.bands, *map_.equal_parts}
    groups = catalogue.breakdowns[breakdown].groups if breakdown in catalogue.breakdowns else ()
    return "; ".join(group.label for group in groups if group.id in given)


def _files(source: Source) -> Iterator[str]:
    yield "## Files\n"
    yield from _rows(
        ("File", "Wave", "Also found as"),
        (
            (f"`{f.path}`", f.wave if f.wave != "*" else "all", ", ".join(f"`{a}`" for a in f.also))
            for f in source.files
        ),
    )


def _areas(catalogue: Catalogue, codes: Sequence[str]) -> str:
    known = catalogue.areas.areas
    return ", ".join(known[code].name if code in known else code for code in codes)


def _list(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        if title:
            yield f"## {title}\n"
        yield from (f"- {_plain(line)}" for line in lines)
        yield ""


def _rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Write a table; a line that says nothing is left out, and so is a table without lines."""
    two = len(head) == 2 and not any(head)
    kept = [row for row in rows if not two or row[1]]
    if kept:
        yield "| " + " | ".join(head) + " |"
        yield "|" + "---|" * len(head)
        yield from ("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in kept)
        yield ""


def _cell(text: str) -> str:
    return _plain(text).replace("|", "\\|")


def _plain(text: str) -> str:
    """Put a text on one line, and keep a sign of comparison from being taken for a tag."""
    return " ".join(text.split()).replace("<", "&lt;").replace("&lt;http", "<http")


if __name__ == "__main__":
    write()
    sys.stdout.write(f"wrote {FOLDER.relative_to(ROOT)}\n")
