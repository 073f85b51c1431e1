"""What every column of a published table holds: its title and a sentence or two.

The one list behind the data dictionary, CSVW, the data package, Parquet and SDMX metadata.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

COLUMNS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "population": (
            "Population",
            "Whom the figure is about: `residents`, or the participants of an initiative.",
        ),
        "success_measure": (
            "Success measure",
            "Address of what an initiative is judged by. Permanent.",
        ),
        "item": ("Item", "`headline`, or the id of a second reading of the same."),
        "initiative": ("Initiative", "Id of the initiative. Permanent."),
        "counted": ("Counted", "What one of it is: people, employers, places and so on."),
        "wave": (
            "Wave",
            (
                "When people who take part were asked: before, after, some months later; `change` "
                "is after less before, `none` where nobody was asked."
            ),
        ),
        "baseline": ("Baseline", "The number at the start, in its unit, where one is known."),
        "target": ("Target", "What was aimed at, in its unit, where a target was set."),
        "caveat": (
            "Caveat",
            "Why there is no number, where there is none, and what must be known to read it.",
        ),
        "initiatives.measure": (
            "Measure",
            (
                "The city's measure that asks the same, where one does; the row then repeats a "
                "row of the estimates."
            ),
        ),
        "measure": ("Measure", "Id of what is measured. Permanent."),
        "part": ("Part", "Id of the part of the measure; `all` where it has none."),
        "series": (
            "Series",
            (
                "Id of one unbroken run of the measure from one source. Figures of different "
                "series are not to be set against each other."
            ),
        ),
        "period": (
            "Period",
            (
                "Label of the days the figure is about, for example `fy2016-17`. Order periods by "
                "their days, never by this text."
            ),
        ),
        "area": ("Area", "Official code of the place."),
        "breakdown": (
            "Breakdown",
            "Id of the set of groups; `all` for everybody. Ids joined by `*` are a crossing.",
        ),
        "group": ("Group", "Id of the group within its breakdown; `all` for everybody."),
        "statistic": ("Statistic", "How the figure is made."),
        "period_start": ("First day", "First day of the period."),
        "period_end": ("Last day", "Last day of the period, included."),
        "unit": (
            "Unit",
            (
                "What the figure is counted in. A `share` runs from 0 to 1; 2.4 with `per_1000` "
                "means 2.4 per 1,000."
            ),
        ),
        "estimate": ("Estimate", "The figure, in its unit. Empty where `status` says why."),
        "standard_error": ("Standard error", "Standard error of the estimate, in its unit."),
        "lower": ("Lower limit", "Lower limit of the interval, in the unit of the figure."),
        "upper": ("Upper limit", "Upper limit of the interval, in the unit of the figure."),
        "level": ("Confidence level", "Confidence level of the interval; 0.95 is 95%."),
        "interval_method": ("Interval method", "How the limits were made; `none` where none are."),
        "degrees_of_freedom": ("Degrees of freedom", "Degrees of freedom of the variance."),
        "design_effect": (
            "Design effect",
            "Variance over that of a simple random sample of the same base.",
        ),
        "base": ("Base", "Respondents behind the figure, unweighted. Empty for counts."),
        "effective_base": ("Effective base", "Base over design effect."),
        "numerator": ("Numerator", "What was counted above the line, of figures from counts."),
        "denominator": ("Denominator", "What was counted below the line, of figures from counts."),
        "method": ("Method", "Whether the figure was estimated, counted or taken as printed."),
        "variance_basis": ("Basis of the variance", "What the interval rests on."),
        "source": ("Source", "Id of the source, of the numerator where there are two."),
        "status": (
            "Status",
            "Whether the figure is shown, and if not, why. A hidden figure is not a zero.",
        ),
        "reliability": (
            "Reliability",
            (
                "A to D. Shares and differences go by the width of their interval (5, 10, 20 "
                "points), others by their relative standard error (5%, 10%, 20%), unless the "
                "quality report states other limits."
            ),
        ),
        "flags": ("Flags", "Ids of what to keep in mind, sorted and joined by `;`."),
        "markers": (
            "Markers",
            "The status and the flags as bracketed letters, for tables that people read.",
        ),
        "version_first": ("First published", "Release the figure first stood in."),
        "version_revised": ("Last revised", "Release that last changed it."),
        "kind": ("Kind", "What kind it is."),
        "comparisons.kind": ("Kind of comparison", "What is set against what."),
        "release": (
            "Release",
            "Version of the release, with a mark where it is a draft or a copy before its day.",
        ),
        "group_from": ("Group compared with", "Id of the group the other is set against."),
        "group_to": ("Group", "Id of the group that is set against the other."),
        "area_from": ("Area compared with", "Code of the area the other is set against."),
        "area_to": ("Area", "Code of the area that is set against the other."),
        "period_from": ("Period compared with", "Label of the earlier period."),
        "period_to": ("Period", "Label of the later period."),
        "difference": ("Difference", "The second side less the first, in the measure's unit."),
        "p_value": ("p", "Probability of so large a difference if there were none."),
        "p_adjusted": (
            "Adjusted p",
            "p after allowing for all comparisons of its family (Benjamini and Hochberg).",
        ),
        "family": ("Family", "Id of the comparisons that p was adjusted for together."),
        "verdict": (
            "Verdict",
            "How the second side stands to the first; in a gap, the group to the reference group.",
        ),
        "change": ("Change", "Whether the figure came, went or was revised."),
        "cause": ("Cause", "Code of the reason the figure changed."),
        "note": ("Note", "What must be known, in words."),
        "title": ("Title", "Its name, as people read it."),
        "name": ("Name", "Its name, as people read it."),
        "parent": ("Belongs to", "Code of the area it is a part of."),
        "tree": ("Tree", "Which tree of areas it stands in."),
        "vintage": ("Vintage", "Year of the boundaries."),
        "domain": ("Domain", "Which of the domains the measure belongs to."),
        "theme": ("Theme", "What it is listed under within the domain."),
        "rationale": ("Rationale", "Why it matters and how to read it."),
        "direction": ("Direction", "Which way is better."),
        "definition_version": ("Version of the definition", "Raised when the meaning changes."),
        "supporting": ("Supporting", "Stands beside the measures, not counted among them."),
        "notes": ("Notes", "What a reader must know."),
        "publisher": ("Publisher", "Who published the source."),
        "licence": ("Licence", "Under which licence the source may be used, in its own words."),
        "url": ("Web address", "The publisher's page."),
        "how_to_get": ("How to get it", "How anybody can get the same files."),
        "ended": ("Ended", "Why and when no more is published; empty while it goes on."),
        "breaks": ("Known breaks", "Where figures before and after do not compare."),
        "question": ("Question", "The words people were asked."),
        "asked_of": ("Asked of", "Who was asked."),
        "numerator_words": ("Counted above the line", "In words."),
        "denominator_words": ("Counted below the line", "In words."),
        "formula": ("Formula", "How the figure is made, in symbols."),
        "place": ("Order", "Place in the order people expect."),
        "standard": ("Standard", "The harmonised standard the groups follow."),
        "reference": ("Reference group", "The group that gaps are measured from."),
        "table": ("Table", "Table of this publication."),
        "column": ("Column", "Column of the table."),
        "type": ("Type", "What kind of value it holds."),
        "description": ("Description", "What it holds."),
        "code": ("Code", "A value of the column."),
        "list": ("List", "The list of codes."),
    }
)
"""Column -> (title, description)."""

_SUFFIX: Final = "_name"


def column_title(column: str, table: str = "") -> str:
    """Give the title of a column, for the head of a table.

    A column of names is titled as the codes it stands beside: `area_name` is `Area, in words`.
    """
    for known in (f"{table}.{column}", column):
        if known in COLUMNS:
            return COLUMNS[known][0]
    if column.endswith(_SUFFIX):
        return f"{column_title(column.removesuffix(_SUFFIX), table)}, in words"
    for side, words in _SIDES.items():
        if column.startswith(side):
            return f"{column_title(column.removeprefix(side))}, {words}"
    return column.replace("_", " ").capitalize()


def column_description(column: str, table: str = "") -> str:
    """Say what a column holds."""
    for known in (f"{table}.{column}", column):
        if known in COLUMNS:
            return COLUMNS[known][1]
    if column.endswith(_SUFFIX):
        return f"The name of what stands in `{column.removesuffix(_SUFFIX)}`."
    for side, words in _SIDES.items():
        if column.startswith(side):
            return f"`{column.removeprefix(side)}` {words}."
    return ""


REGISTER: Final = (
    ("schema", "Version of this file's form."),
    ("strategy", "The strategy with its parts, policies and actions, and initiatives under each."),
    ("initiatives[]", "Each initiative: what it is, who leads it, for whom, its funding."),
    (
        "initiatives[].success_measures[]",
        "What it is judged by: definition, readings, and what has become of its numbers.",
    ),
    ("initiatives[].plans[]", "Evaluation plans with their digests and the day of registration."),
    (
        "initiatives[].evaluations[]",
        (
            "What was found, by every method, with limits; how strong the evidence is, what may be "
            "claimed, who dropped out, and what was hidden."
        ),
    ),
    ("initiatives[].took_part[]", "Who took part beside residents, by group, as shares."),
    ("initiatives[].record_sets[]", "What is held of people: purpose, lawful basis, until when."),
    ("initiatives[].grants[]", "Grants given under it."),
    ("pooled[]", "One question over several initiatives, with the range of the next one."),
    ("measures_without_initiative[]", "Measures of the city that no initiative bears on."),
    ("initiatives_without_measure[]", "Initiatives that bear on none of the city's measures."),
    ("initiatives_without_success_measure[]", "Initiatives that nothing judges."),
)
"""Field of `initiatives.json` -> what it holds."""

_SIDES: Final = {"old_": "in the release before", "new_": "in this release"}
