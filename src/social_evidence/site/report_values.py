"""What a report's reference says: the published figure in the words asked for, or why not.

Nothing is worked out here. A verdict is the release's own; where there is none the reference has
no value, and its author's fallback stands there or the build fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Never

from markupsafe import Markup

from social_evidence.model.breakdown import ALL
from social_evidence.model.comparison import Comparison
from social_evidence.model.estimate import Estimate
from social_evidence.model.measure import Measure
from social_evidence.site.addresses import measure_path, relative
from social_evidence.site.choices import Choices
from social_evidence.site.content import SiteInput
from social_evidence.site.figures import (
    Told,
    Verdict,
    decimals_of,
    range_sentence,
    tell,
    verdict_of,
)
from social_evidence.site.headline import group_name, lede, part_title, share_words
from social_evidence.site.report_markup import Filled
from social_evidence.site.select import cells, headline_cell
from social_evidence.wording.findings import change_sentence
from social_evidence.wording.numbers import range_text
from social_evidence.wording.periods import since_words
from social_evidence.wording.references import Reference, Subject, fault
from social_evidence.wording.spoken import dated, when

_ABSENT: Final = "no figure in this release"
_STANDS: Final = {
    "higher": "higher than",
    "lower": "lower than",
    "no_clear_difference": "not clearly different from",
}
_NO_RANGE: Final = {
    "administrative": "counted in full",
    "published": "a figure without a range",
    "modelled": "a figure without a range",
    "survey": "too few answers for a range",
}


class MissingFigure(Exception):  # noqa: N818 - it is no error until nobody has said what to write
    """There is no figure to write; the text says why, in a few words."""


class UnfitForm(Exception):  # noqa: N818 - told as a fault of the report, with its line
    """A figure cannot be said in the form that was asked for."""


@dataclass(frozen=True, slots=True)
class ReportReader:
    """Fills the references of one report from a release.

    choices: the release. page: the report's page. file: its name, for messages.
    """

    choices: Choices
    page: str
    file: str

    @property
    def site(self) -> SiteInput:
        """The release."""
        return self.choices.site

    def measure(self, one: Subject) -> Measure:
        """The measure a reference names."""
        return self.site.catalogue.measures[one.measure]

    def row(self, one: Subject) -> Estimate:
        """Find the published row of a reference.

        Raises:
            MissingFigure: The release has none, or none that shows a figure.
        """
        measure = self.measure(one)
        part, breakdown, group, statistic = headline_cell(measure, one.part)
        if one.breakdown:
            breakdown, group = one.breakdown, one.group
        cell = (part, breakdown, group, one.statistic or statistic)
        area = one.area or self.site.city.code
        own = [
            row
            for row in cells(self.site.figures.of_measure(measure.id, area), cell)
            if one.period in {"", row.period} and one.series in {"", row.series}
        ]
        found = self.choices.preference(measure).best(own)
        if found is not None:
            return found
        if own:
            last = max(own, key=lambda row: row.period_end)
            raise MissingFigure(_in_sentence(tell(last).value))
        raise MissingFigure(_ABSENT)

    def told(self, row: Estimate) -> Told:
        """A row in words, with its address."""
        return self.choices.told(row, self.page)

    def inline(self, reference: Reference) -> Filled:
        """Write a reference that stands inside a sentence.

        Raises:
            DefinitionError: There is no figure and its author has not said what to write instead.
        """
        one = reference.subjects[0]
        try:
            if reference.form == "title":
                return self._title(one)
            row = self.row(one)
            words = _FORMS[reference.form](Found(self, one, row))
        except MissingFigure as missing:
            return self.missing(reference, str(missing))
        except UnfitForm as unfit:
            self.refuse(reference, str(unfit))
        if reference.form in _LINKED and (href := self.told(row).href):
            return Filled(Markup('<a href="{}">{}</a>').format(href, words), words)
        return Filled(Markup("{}").format(words), words)

    def missing(self, reference: Reference, why: str) -> Filled:
        """Write what stands in the place of a figure that is hidden or not there."""
        if not reference.may_miss:
            names = " + ".join(one.measure for one in reference.subjects)
            self.refuse(
                reference,
                f"{names} has no figure to show here: {why}. Choose another period or group, or "
                'say what to write instead: `or why`, or `or "…"`.',
            )
        words = reference.fallback if reference.fallback is not None else why
        if reference.says_why and reference.form in _SENTENCES:
            words = self._said_of(reference.subjects[0], why)
        html = Markup('<span class="off">{}</span>').format(words) if words else Markup()
        return Filled(html, words)

    def refuse(self, reference: Reference, message: str) -> Never:
        """Refuse a reference, naming the report and the line."""
        raise fault(self.file, reference.line, message)

    def _said_of(self, one: Subject, why: str) -> str:
        return f"{part_title(self.site, self.measure(one), one.part)}: {why}."

    def _title(self, one: Subject) -> Filled:
        words = part_title(self.site, self.measure(one), one.part)
        if one.measure not in {measure.id for measure in self.choices.measures}:
            return Filled(Markup("{}").format(words), words)
        href = relative(self.page, measure_path(one.measure))
        return Filled(Markup('<a href="{}">{}</a>').format(href, words), words)

    def comparison(self, row: Estimate) -> Comparison | None:
        """Find what the release says of a row: against the reference, everybody or the city."""
        figures = self.site.figures
        if row.statistic == "difference":
            known = self.site.catalogue.breakdowns.get(row.breakdown)
            return figures.against_reference(row, known.reference if known else "")
        if row.breakdown != ALL:
            return figures.against_everybody(row)
        return figures.against_city(row, self.site.city.code)


def _in_sentence(words: str) -> str:
    return words[:1].lower() + words[1:].rstrip(".")


@dataclass(frozen=True, slots=True)
class Found:
    """A published row that a reference means, and who reads it."""

    read: ReportReader
    one: Subject
    row: Estimate


def _label(found: Found) -> str:
    told = found.read.told(found.row)
    words = told.label
    if found.row.lower is None:
        words = f"{told.value}, {_NO_RANGE.get(found.row.method, 'a figure without a range')}"
    return f"{words} {told.markers}".strip()


def _value(found: Found) -> str:
    return found.read.told(found.row).value


def _share(found: Found) -> str:
    if (
        found.row.unit != "share"
        or found.row.statistic == "difference"
        or found.row.estimate is None
    ):
        raise UnfitForm(
            f"{found.one.measure} is no share of people, so it cannot be said as “about 1 in 4”. "
            "Write it with `label`."
        )
    return share_words(found.row, found.read.measure(found.one).decimals)


def _range(found: Found) -> str:
    if found.row.lower is None or found.row.upper is None:
        return _NO_RANGE.get(found.row.method, "a figure without a range")
    decimals = decimals_of(found.row, found.read.measure(found.one).decimals)
    return range_text(
        found.row.lower,
        found.row.upper,
        found.row.unit,
        statistic=found.row.statistic,
        decimals=decimals,
    )


def _sure(found: Found) -> str:
    return range_sentence(found.row, found.read.measure(found.one).decimals)


def _sentence(found: Found) -> str:
    place = found.row.area
    if place != found.read.site.city.code or found.row.key != _city_headline(found):
        name = found.read.site.names.areas.get(place, place)
        who = f", “{group}”" if (group := group_name(found.read.site, found.row)) else ""
        title = part_title(found.read.site, found.read.measure(found.one), found.one.part)
        said = (
            f"{title}: {found.read.told(found.row).value} in {name}{who} {when(found.row.period)}."
        )
    else:
        said = lede(found.read.site, found.read.measure(found.one), found.read.told(found.row))
        said = dated(said, when(found.row.period))
    return f"{said} {_sure(found)}"


def _city_headline(found: Found) -> object:
    row = found.read.choices.headline(found.read.measure(found.one))
    return found.row.key if row is not None and found.one.part in {"", found.row.part} else None


def _when(found: Found) -> str:
    return when(found.row.period)


def _base(found: Found) -> str:
    if found.row.base is None:
        raise MissingFigure("nobody was asked: it is counted")
    return f"{found.row.base:,} people"


def _source(found: Found) -> str:
    return found.read.site.names.series.get((found.row.measure, found.row.series), found.row.series)


def _verdict(found: Found) -> str:
    if found.row.breakdown == ALL and found.row.area == found.read.site.city.code:
        raise UnfitForm(
            "the city's own figure is set against nothing. Name a group or an area to have a "
            "verdict."
        )
    verdict = verdict_of(found.read.comparison(found.row), found.row.unit)
    if verdict is None or verdict.code not in _STANDS:
        raise MissingFigure("not compared with")
    clearly = verdict.code in {"higher", "lower"} and not verdict.is_counted
    return f"{'clearly ' if clearly else ''}{_STANDS[verdict.code]}"


def _change(found: Found) -> str:
    for comparison in found.read.site.figures.changes_of(found.row)[:1]:
        verdict: Verdict | None = verdict_of(
            comparison, found.row.unit, found.read.measure(found.one).decimals or 0
        )
        if verdict is not None:
            said = change_sentence(
                verdict.code,
                since_words(comparison.period_from),
                verdict.extent,
                at=when(comparison.period_from),
                counted=verdict.is_counted,
                alone=verdict.is_alone,
            )
            if said:
                return said
    raise MissingFigure("no earlier figure to compare it with")


Form = Callable[[Found], str]
_FORMS: Final[Mapping[str, Form]] = {
    "label": _label,
    "value": _value,
    "share": _share,
    "range": _range,
    "sure": _sure,
    "sentence": _sentence,
    "period": _when,
    "base": _base,
    "source": _source,
    "verdict": _verdict,
    "change": _change,
}
_LINKED: Final = frozenset({"label", "value", "share"})
_SENTENCES: Final = frozenset({"sentence", "sure", "change", "finding"})
