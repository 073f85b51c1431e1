"""Where figures come from, in words and codes: a record a measure, part, series and period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from social_evidence.app.build_microdata import WaveRead
from social_evidence.app.counts_reading import CountsSource
from social_evidence.app.provenance_variables import quantity_variables, survey_variables
from social_evidence.methods import count_ratios, count_shares, rates
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Measure, Series
from social_evidence.model.period import parse
from social_evidence.model.provenance import FileUsed, LeftOut, Provenance
from social_evidence.model.source import Source
from social_evidence.model.source_maps import Comparability
from social_evidence.plan.counted import denominator_label, periods_of
from social_evidence.plan.needs import Wanted
from social_evidence.plan.sampling import form_of, sampling_of
from social_evidence.wording.comparability import SIDES, comparability_sentences

_UNITS: Final[Mapping[str, str]] = {
    "people": "respondents",
    "benefit_units": "benefit units",
    "households": "households",
    "interviews": "interviews",
}
_FORMULAS: Final[Mapping[str, tuple[str, str]]] = {
    "proportion": (
        "R = Σ w·y / Σ w",
        "the weights of those in the numerator, over the weights of all in the denominator",
    ),
    "mean": (
        "R = Σ w·y / Σ w",
        "the weighted sum of the numbers given, over the weights of all who gave one",
    ),
    "ratio": (
        "R = Σ w·y / Σ w·x",
        "the weighted sum of one number over that of another, of those who gave both",
    ),
    "total": ("Y = Σ w·y", "the weighted sum of the numbers given"),
    "quantile": (
        "Q: Σ w·[y ≤ Q] / Σ w = q",
        "the number below which the stated share of the weights lies",
    ),
}
_VARIANCE: Final[Mapping[str, str]] = {
    "clustered": "Taylor linearisation over PSUs within strata, PSUs with nobody in the group "
    "included",
    "unclustered": "Taylor linearisation, every row its own sampled unit",
    "replicates": "the spread of the estimate over the replicate weights",
    "assumed": "a stated design effect times that of a simple random sample",
}
_BASES: Final[Mapping[str, str]] = {
    "design": "strata and PSUs of the file",
    "replicates": "replicate weights of the file",
    "households": "the file holds no design; households stand in for PSUs, so intervals are "
    "approximate",
    "weights_only": "the file holds weights and no design, so intervals are approximate and "
    "probably too narrow",
    "assumed_deff": "the file holds no design; a stated design effect is used, so intervals are "
    "approximate",
    "none": "the sampling error is not known",
}
_COUNTED: Final[Mapping[str, tuple[str, str, str]]] = {
    "ratio": (
        "R = numerator / denominator",
        "one count over another",
        "two different counts, made in full: no sampling interval; the value may pass 1",
    ),
    "rate": (
        "R = 1,000 × events / people",
        "events for every 1,000 people",
        "chance variation of the number of events: exact below 10, Byar's method from 10",
    ),
    "proportion": (
        "R = numerator / denominator",
        "those counted in the numerator over all counted",
        "Wilson's interval, as every unit of the numerator is one of the denominator",
    ),
    "count": ("N", "a count made in full", "a count made in full has no interval"),
}
_COUNTED_INTERVALS: Final[Mapping[str, str]] = {
    "rate": rates.EXACT_BELOW_10_ELSE_BYAR,
    "proportion": count_shares.WILSON,
}


def of_wave(catalogue: Catalogue, read: WaveRead) -> Iterator[Provenance]:
    """Describe every series estimated from one wave of a survey."""
    for one in read.wanted:
        yield _survey_record(catalogue, read.source, read, one)


def _survey_record(catalogue: Catalogue, source: Source, read: WaveRead, one: Wanted) -> Provenance:
    measure, series = one.measure, one.series
    question = catalogue.questions.get(series.item)
    compares = source.items[series.item].compares
    formula, words = _FORMULAS[measure.statistic]
    method, interval = _survey_interval(source, measure, series)
    record = _record(measure, series, source, read.period)
    return replace(
        record,
        files=read.files,
        variables=tuple(survey_variables(source, measure, series)),
        question=_question_text(source, series, {} if question is None else question.text),
        asked_of="" if question is None else question.asked_of,
        universe=_universe_words(catalogue, series),
        numerator=_answers_words(catalogue, series.item, series.numerator),
        denominator=_answers_words(catalogue, series.item, series.denominator)
        or "everybody who gave a number",
        design=_design_words(source),
        design_columns=_design_columns(source),
        weight=source.design.weight or "none: every row weighs 1",
        rows_read=read.rows,
        left_out=read.left_out,
        base_rule=f"unweighted {_UNITS[source.base_unit]} with a weight above 0, inside the "
        "universe, with a valid answer",
        formula=formula,
        formula_words=words,
        interval_method=method,
        interval_words=interval,
        variance_basis=_basis(source, read),
        notes=(*record.notes, *read.notes),
        areas=_areas_words(source),
        comparability=_verdicts(compares),
        comparability_words=() if compares is None else comparability_sentences(compares),
    )


def _basis(source: Source, read: WaveRead) -> str:
    """Say what variances rest on: in a pool perhaps on a stated share of people who return."""
    is_widened = read.pool is not None and read.pool.inflation != 1
    return "assumed_deff" if is_widened else source.design.basis


def _verdicts(compares: Comparability | None) -> dict[str, str]:
    """List the verdicts on a source's own question; none where it is the measure's own."""
    if compares is None:
        return {}
    return {"verdict": compares.verdict, **{side: getattr(compares, side) for side in SIDES}}


def _survey_interval(source: Source, measure: Measure, series: Series) -> tuple[str, str]:
    """Name the interval of a survey's figures and say in words what it is."""
    if source.design.basis == "none":
        return "none", _BASES["none"]
    method, words = "wald", "estimate ± Student's t times its standard error"
    if measure.statistic == "proportion":
        method = series.interval or "logit"
        words = f"{method} interval for a share; at exactly 0 or 1 the exact one of Korn and"
        words += " Graubard"
    elif measure.statistic == "quantile":
        method = f"woodruff_{series.interval or 'mean'}"
        words = "interval of the share below, carried back to the numbers (Woodruff)"
    assumed = source.design.basis == "assumed_deff"
    variance = _VARIANCE["assumed" if assumed else form_of(source)]
    return method, f"95 % {words}; variance by {variance}"


def of_counts(
    measure: Measure,
    series: Series,
    read: Mapping[str, CountsSource],
    periods: Sequence[str],
) -> Iterator[Provenance]:
    """Describe one series of a counts or published source in each of its periods."""
    own = read[series.source]
    below = read.get(series.denominator_source) if series.denominator_source else None
    for period in periods:
        record = _record(measure, series, own.source, period)
        if series.value_quantity:
            yield _published_record(record, own, series)
        else:
            yield _counted_record(record, measure, series, own, below)


def _published_record(record: Provenance, own: CountsSource, series: Series) -> Provenance:
    quantity = own.source.quantities[series.value_quantity]
    has_limits = bool(quantity.lower or quantity.half_width)
    return replace(
        record,
        files=_files_for(own.files, record.period),
        variables=tuple(quantity_variables(own.source, quantity, "value")),
        numerator=quantity.title,
        rows_read=sum(read.rows for read in own.read),
        left_out=_lost(own),
        formula="as published",
        formula_words="the publisher's own figure, read and not recomputed",
        interval_method="published" if has_limits else "none",
        interval_words="the publisher's own limits" if has_limits else "the publisher gives none",
        variance_basis="published" if has_limits else "none",
        areas=_areas_words(own.source),
    )


def _counted_record(
    record: Provenance,
    measure: Measure,
    series: Series,
    own: CountsSource,
    below: CountsSource | None,
) -> Provenance:
    formula, words, interval = _COUNTED[measure.statistic]
    method = _COUNTED_INTERVALS.get(measure.statistic, "none")
    top = own.source.quantities[series.numerator_quantity]
    other = own if below is None else below
    bottom = other.source.quantities.get(series.denominator_quantity)
    basis = "none"
    if bottom is not None and (bottom.half_width or (bottom.lower and bottom.upper)):
        method, basis = count_ratios.DELTA, "published"
        interval = "the publisher's limits of the denominator, carried over (delta method)"
        if measure.statistic == "rate":
            interval += ", and the chance variation of the number of events"
    files = list(_files_for(own.files, record.period))
    variables = list(quantity_variables(own.source, top, "numerator"))
    if bottom is not None:
        variables += quantity_variables(other.source, bottom, "denominator")
    label = ""
    if below is not None:
        cells = below.cells[series.denominator_quantity]
        held = periods_of(cells)
        label = denominator_label(parse(record.period), series.denominator_period, held)
        files = [replace(file, role="numerator") for file in files]
        files += [replace(file, role="denominator") for file in _files_for(below.files, label)]
    return replace(
        record,
        files=tuple(files),
        variables=tuple(variables),
        numerator=top.title,
        denominator="" if bottom is None else bottom.title,
        denominator_source="" if below is None else below.source.title,
        denominator_period="" if bottom is None else label,
        rows_read=sum(read.rows for read in own.read),
        left_out=_lost(own),
        formula=formula,
        formula_words=words,
        interval_method=method,
        interval_words=interval,
        variance_basis=basis,
        areas=_areas_words(own.source),
    )


def _record(measure: Measure, series: Series, source: Source, period: str) -> Provenance:
    """Fill what every kind of source says."""
    return Provenance(
        measure=measure.id,
        part=series.part,
        series=series.id,
        period=period,
        title=measure.title,
        source=source.id,
        source_title=source.title,
        publisher=source.publisher,
        licence=source.licence,
        url=source.url,
        statistic=measure.statistic,
        unit=measure.unit,
        disclosure=_disclosure_words(source),
        caveats=tuple(note for note in (series.note,) if note),
        notes=(*source.notes, *measure.notes),
        breaks=tuple(source.breaks),
        corrections=tuple(
            f"{c.field}: {c.reason} ({c.date}, {c.status})" for c in source.corrections
        ),
        to_confirm=dict(source.to_confirm),
    )


def _question_text(source: Source, series: Series, harmonised: Mapping[str, str]) -> dict[str, str]:
    own = source.items[series.item].wording
    return {**harmonised, **({"as asked": own} if own else {})}


def _answers_words(catalogue: Catalogue, item: str, answers: Sequence[str]) -> str:
    question = catalogue.questions.get(item)
    labels = {} if question is None else question.answers
    return "; ".join(labels.get(answer, answer) for answer in answers)


def _universe_words(catalogue: Catalogue, series: Series) -> str:
    return "; and ".join(
        f"{item}: {_answers_words(catalogue, item, answers)}"
        for item, answers in series.universe.items()
    )


def _design_words(source: Source) -> str:
    design = source.design
    words = [design.statement or _BASES[design.basis]]
    if design.basis == "assumed_deff" and design.deff is not None:
        words.append(f"Design effect {design.deff:g}: {design.deff_origin}")
    if design.lonely_psu != "fail":
        words.append(f"Strata with one PSU: rule {design.lonely_psu!r}")
    return ". ".join(word.rstrip(".") for word in words) + "."


def _design_columns(source: Source) -> dict[str, tuple[str, ...]]:
    sampling = sampling_of(source)
    columns = {
        "weight": (sampling.weight,) if sampling.weight else (),
        "strata": sampling.strata,
        "psu": sampling.psu,
        "replicates": sampling.replicates,
    }
    return {role: tuple(names) for role, names in columns.items() if names}


def _disclosure_words(source: Source) -> str:
    if source.published_openly:
        return "the owner publishes these figures to everyone; none is hidden here"
    words = [f"cells with fewer than {source.threshold} {_UNITS[source.base_unit]} are hidden"]
    if source.disclosure_unit:
        words.append(
            f"and cells with fewer than {source.threshold} different units of "
            f"{source.disclosure_unit!r}"
        )
    if source.low_base_minimum:
        then = "hidden" if source.low_base == "hide" else "marked for care"
        words.append(f"cells with fewer than {source.low_base_minimum} are {then}")
    return "; ".join(words)


def _areas_words(source: Source) -> str:
    parts = [f"{place} is left out: {reason}" for place, reason in source.areas.left_out.items()]
    if source.areas.elsewhere:
        parts.append(source.areas.elsewhere)
    if source.areas.sums:
        parts.append(
            f"Added up from the areas below where the source does not print them: "
            f"{', '.join(source.areas.sums)}"
        )
    return " ".join(part.rstrip(".") + "." for part in parts)


def _lost(own: CountsSource) -> tuple[LeftOut, ...]:
    return tuple(lost for read in own.read for lost in read.left_out)


def _files_for(files: Sequence[FileUsed], period: str) -> tuple[FileUsed, ...]:
    """Keep the files that are for a period, or say themselves what they are for."""
    return tuple(file for file in files if file.period in {"", period})
