"""What reports of evaluations call their methods, caps, roles and what would make them stronger."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

METHODS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "between_projects": "Change in the same people, its range taken between projects",
        "one_by_one_tango": "Change in the same people, each taken by themselves",
        "one_by_one_t": "Change in the same people, each taken by themselves",
        "different_people": "Change between different people, before and later",
        "newcombe_m10": "The same change with Newcombe's range",
        "odds_of_change": "Odds of changing to yes rather than to no",
        "cohen_h": "Size of the change on the arcsine scale (Cohen's h)",
        "d_z": "Change over its own spread (d_z)",
        "g_z": "The same, corrected for few people",
        "d_av": "Change over the spread of the scores",
        "rank_biserial": "Balance of moves up and down (rank-biserial)",
        "stuart_maxwell": "Whether answers are spread as before (Stuart and Maxwell)",
        "share_who_rose": "Share whose answer rose",
        "share_who_fell": "Share whose answer fell",
        "projects_average": "Average of projects' own changes",
        "next_project": "Where one more project could land",
        "initiatives_average": "Average of initiatives' changes",
        "weighted_for_dropout": "Change, weighted for those who did not answer again",
        "weighted_trimmed": "The same with the largest weights cut",
        "bounds": "Lowest and highest the change could be, whatever those who left would have said",
        "carried_forward": "Change, as if those who left had stayed as they were",
        "between_arms": "Change less the change of those compared with",
        "between_arms_weighted": "The same, weighted for those who did not answer again",
        "ancova": "Difference later, with the start and backgrounds allowed for",
        "between_areas": "Areas against areas, each counting once",
        "areas_two_way": "Areas against areas, each area and each wave allowed for",
        "two_by_two": "Areas against areas, two groups and two times",
        "event_study": "Areas against areas, wave by wave",
        "moved_alike_before": "Whether areas moved alike before it began",
        "staggered": "Areas that began at different times against areas that never did",
        "staggered_cell": "One beginning, one wave",
        "plain_two_way": "What a plain model of areas and waves would say; not to be relied on",
        "benchmark_gap": "Participants less similar people of the city, at the start",
        "benchmark_difference": "Change less the change of similar people of the city",
        "expected_return": "Rise to expect of people who began low, with nothing done",
        "less_expected_return": "Change beyond that rise",
    }
)
"""Method of an effect -> what it is, in words. `effects of` is never written here."""

CAPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "low_retention": "fewer than half answered again",
        "question_changed": "the question changed",
        "chosen_afterwards": "what to look at was not fixed before results",
        "few_treated_areas": "it began in fewer than six areas",
        "dropout_could_explain": "those who left could explain the result",
        "chosen_for_low_value": "those who took part were chosen because they began low",
    }
)
"""What lowers a level, in words that follow `because`."""

RAISES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "no_comparison": "Ask people like them who do not take part, at the same two times.",
        "benchmark_once": "Ask the city's survey again at the later time.",
        "not_alike": "Compare with people who were alike at the start, or draw lots.",
        "no_reason": "Write down why those compared with are comparable.",
        "low_retention": "Ask more of those who began again.",
        "dropout_could_explain": "Ask more of those who began again.",
        "question_changed": "Ask the very same question both times.",
        "chosen_afterwards": "Register a plan before answers come in.",
        "few_treated_areas": "Begin in six areas or more, chosen by lot.",
        "chosen_for_low_value": "Compare with others who began as low.",
        "unpaired": "Give each person a code, so that both answers can be matched.",
        "not_by_lot": "Where more want to take part than can, draw lots.",
    }
)
"""What would make evidence stronger, by what holds it back."""

ROLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "primary": "Main question of the plan",
        "secondary": "Further question of the plan",
        "chosen_afterwards": "Not in a plan registered before results",
    }
)

LEVELS: Final = (
    "0: a report of what was done",
    "1: before and after, nothing to compare with",
    "2: some other reasons allowed for",
    "3: compared with others like them",
    "4: as good as chance",
    "5: drawn by lot",
)
"""Level of the Maryland scale -> its name here."""

VERDICTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "supports": "A change in the direction that was meant",
        "against": "A change against the direction that was meant",
        "no_meaningful_change": "No change that matters",
        "not_enough_data": "Not enough answers to tell",
        "unknown": "No change can be told",
    }
)
