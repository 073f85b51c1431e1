"""Short names of the contract's codes, for the heads and cells of tables that people read.

`wording.status` and `wording.sentences` say the same in whole sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final


def _fixed(names: dict[str, str]) -> Mapping[str, str]:
    return MappingProxyType(names)


EVERYBODY: Final = "Everybody"
NOT_KNOWN: Final = "Not known"

POPULATIONS: Final = _fixed({"residents": "Residents"})

STATUSES: Final = _fixed(
    {
        "shown": "Shown",
        "low_base": "Few answers, use with care",
        "protected": "Hidden to protect people",
        "not_asked": "Not asked",
        "not_available": "Not available",
        "not_applicable": "Not applicable",
    }
)

MARKERS: Final = _fixed(
    {
        "protected": "[c]",
        "not_asked": "[w]",
        "not_available": "[x]",
        "not_applicable": "[z]",
        "low_base": "[u]",
        "break": "[b]",
        "provisional": "[p]",
        "revised": "[r]",
        "over_100": "[o]",
        "approximate_groups": "[a]",
        "excludes_city_of_london": "[n]",
        "synthetic": "[s]",
    }
)
"""Status or flag -> the bracketed letter beside or in place of a number in a table for people."""

FLAGS: Final = _fixed(
    {
        "approximate_groups": "Groups match the usual ones only roughly",
        "break": "A new series begins here",
        "excludes_city_of_london": "Without the City of London",
        "over_100": "Passes 100%",
        "provisional": "Provisional",
        "revised": "Revised",
        "synthetic": "Synthetic",
    }
)

RELIABILITIES: Final = _fixed(
    {
        "A": "Very reliable",
        "B": "Reliable",
        "C": "Rough",
        "D": "Use with care",
    }
)
"""Grade -> its words. "Use with care" is said of D and of few answers, and of nothing else: of just
what charts draw dashed. C is a range of 10 to 20 points, or a relative error of 10% to 20%."""

STATISTICS: Final = _fixed(
    {
        "proportion": "Share of people",
        "ratio": "One count over another",
        "mean": "Average",
        "rate": "Rate",
        "total": "Total",
        "count": "Count",
        "quantile": "Quantile",
        "difference": "Difference between groups",
    }
)

UNITS: Final = _fixed(
    {
        "share": "Share, from 0 to 1",
        "per_1000": "Per 1,000",
        "score": "Score",
        "pounds": "Pounds",
        "people": "People",
        "count": "Number",
    }
)

METHODS: Final = _fixed(
    {
        "survey": "Estimated from a survey",
        "administrative": "Counted in full",
        "published": "As its publisher printed it",
        "modelled": "Estimated by a model",
    }
)

INTERVAL_METHODS: Final = _fixed(
    {
        "none": "No interval",
        "logit": "Logit",
        "xlogit": "Logit, with Korn and Graubard's effective base",
        "beta": "Exact binomial on the effective base (Korn and Graubard)",
        "wilson": "Wilson score",
        "asin": "Arcsine",
        "likelihood": "Likelihood",
        "mean": "Student's t",
        "wald": "Student's t",
        "delta": "Delta method",
        "published": "The publisher's own",
        "exact_below_10_else_byar": "Exact below 10 events, else Byar",
        "byar": "Byar",
        "garwood_exact": "Exact Poisson (Garwood)",
        "clopper_pearson": "Exact binomial (Clopper and Pearson)",
        "jeffreys": "Jeffreys",
        "student_t": "Student's t",
        "woodruff_mean": "Woodruff",
        "cr1": "Student's t between projects",
        "tango": "Tango score, answers in pairs",
    }
)

WAVES: Final = _fixed(
    {
        "none": "Not asked before and after",
        "before": "Before",
        "after": "After",
        "change": "Change, after less before",
        "followup_3m": "3 months later",
        "followup_6m": "6 months later",
        "followup_12m": "12 months later",
    }
)

VARIANCE_BASES: Final = _fixed(
    {
        "design": "Strata and clusters of the sample",
        "replicates": "Replicate weights",
        "households": "Households in place of clusters, approximate",
        "weights_only": "Weights alone, approximate",
        "assumed_deff": "A stated design effect, approximate",
        "published": "The publisher's limits",
        "none": "None",
    }
)

KINDS: Final = _fixed(
    {
        "gap": "A group against the reference group",
        "group": "A group against everybody in the area",
        "change": "A period against an earlier one",
        "wave": "After against before",
        "area": "An area against the city",
        "comparator": "The city against the rest of a country",
        "pair": "Two areas or two groups against each other",
    }
)

VERDICTS: Final = _fixed(
    {
        "higher": "Higher",
        "lower": "Lower",
        "no_clear_difference": "No clear difference",
        "cannot_say": "Cannot say",
    }
)

DIRECTIONS: Final = _fixed(
    {
        "higher_is_better": "Higher is better",
        "lower_is_better": "Lower is better",
        "neutral": "Neither way is better",
    }
)

DOMAINS: Final = _fixed(
    {
        "relationships": "Relationships",
        "participation": "Participation",
        "equality": "Equality",
        "outcomes": "Outcomes",
    }
)

AREA_KINDS: Final = _fixed(
    {
        "city": "City",
        "inner_outer": "Inner or outer part of the city",
        "borough": "Borough",
        "comparator": "Place to compare with",
        "country": "Country",
        "state": "State",
    }
)


def named(code: str, names: Mapping[str, str]) -> str:
    """Name a code; one that has no name is written out, so that no table has a blank head."""
    return names.get(code) or code.replace("_", " ").strip().capitalize()


def named_flags(flags: str) -> str:
    """Name the flags of a row, as stored (`break;synthetic`), as one text."""
    return "; ".join(named(flag, FLAGS) for flag in flags.split(";") if flag)


def markers(status: str, flags: str) -> str:
    """Write the bracketed letters of a row: its status first, then its flags."""
    found = (MARKERS.get(code, "") for code in (status, *flags.split(";")))
    return " ".join(filter(None, found))


def joined_groups(labels: Iterable[str]) -> str:
    """Name a group of a crossing from the names of its groups."""
    return ", ".join(labels)


def joined_breakdowns(titles: Iterable[str]) -> str:
    """Name a crossing from the names of its breakdowns."""
    return " by ".join(title if at == 0 else _lowered(title) for at, title in enumerate(titles))


def _lowered(title: str) -> str:
    """Begin a title small inside a sentence, unless it begins with capitals (GCSE)."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
