"""Example respondents: what a measure means, said by people rather than codes, and checked."""

from __future__ import annotations

from social_evidence.catalogue.definitions import Definitions
from social_evidence.catalogue.faults import Place, suggestion
from social_evidence.model.measure import Example, Measure, Series


def check_examples(measure: Measure, definitions: Definitions) -> None:
    """Note each example respondent whom a series places elsewhere than the example says.

    Args:
        measure: The measure with its examples.
        definitions: Everything read; faults are noted in it.
    """
    place = definitions.place("measures", measure.id)
    for index, example in enumerate(measure.examples):
        _check_example(measure, example, definitions, place.at("examples", index))


def _check_example(
    measure: Measure, example: Example, definitions: Definitions, place: Place
) -> None:
    _check_answers(example, definitions, place.at("answers"))
    concerned = [
        (number, series)
        for number, series in enumerate(measure.series, start=1)
        if example.source in {"", series.source} and _items(series) >= example.answers.keys()
    ]
    if not concerned:
        items = {item for series in measure.series for item in _items(series)}
        place.fault(
            f"no series asks for {sorted(example.answers)}"
            f"{f' of {example.source!r}' if example.source else ''}, so the example checks "
            f"nothing. The measure's items: {', '.join(sorted(items)) or 'none'}."
        )
    for number, series in concerned:
        falls = series.place(example.answers)
        if falls != example.falls:
            place.at("falls").fault(
                f"says {example.falls!r}, but series[{number}] ({series.source}) puts this "
                f"respondent {_where(falls)}. Correct the example or the answers that count."
            )


def _items(series: Series) -> frozenset[str]:
    return frozenset({series.item} - {""}) | series.universe.keys()


def _where(falls: str) -> str:
    return "outside the base" if falls == "outside" else f"in the {falls}"


def _check_answers(example: Example, definitions: Definitions, place: Place) -> None:
    for item, answer in example.answers.items():
        question = definitions.catalogue.questions.get(item)
        if question is not None and answer not in question.answers:
            near = suggestion(answer, question.answers)
            place.at(item).fault(f"{answer!r} is no answer of question {item!r}.{near}")
        elif item not in definitions.ids("questions"):
            place.at(item).unknown("question", item, definitions.ids("questions"))
