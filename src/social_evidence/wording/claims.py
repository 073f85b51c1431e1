"""What may be said of an initiative: no more than its evidence bears.

A claim has three parts: what was seen, with its range; what that may be put down to, by the level
of its design; and what limits it. Words that put a result down to an initiative are refused below
level 3, in whatever language a text is written, so that no template can bring them in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from social_evidence.errors import DefinitionError
from social_evidence.wording.numbers import number, percent, points, range_text, short

Found: TypeAlias = Literal["rose", "fell", "no_meaningful_change", "not_enough_data", "unknown"]

LEAST_LEVEL: Final = 3
"""Level from which a result may be put down to an initiative."""
LEVELS: Final = range(6)

REFUSED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "en": (
            *("cause", "causes", "caused", "causing", "led to", "leads to", "lead to"),
            *("impact", "impacts", "impacted", "effect of", "effects of", "because of"),
            *("thanks to", "worked", "works", "improve", "improves", "improved", "improvement"),
            *("due to", "resulted in", "results in", "owing to"),
        ),
        "cy": (
            *("achosodd", "achosi", "wedi arwain at", "arweiniodd at", "effaith", "effeithiau"),
            *("oherwydd", "diolch i", "gweithiodd", "wedi gweithio", "gwellodd", "wedi gwella"),
        ),
        "pl": (
            *("spowodował", "spowodowała", "spowodowało", "spowodowały", "doprowadził"),
            *("doprowadziła", "doprowadziło", "wpływ", "wpływu", "skutek", "efekt", "efektem"),
            *("z powodu", "dzięki", "zadziałał", "zadziałała", "zadziałało", "poprawił"),
            *("poprawiła", "poprawiło", "poprawa"),
        ),
        "bn": ("কারণে", "ঘটিয়েছে", "প্রভাব", "ফলে", "ধন্যবাদে", "কাজ করেছে", "উন্নত করেছে", "উন্নতি"),
        "ar": (
            "تسبب",
            "سبب",
            "أدى إلى",
            "أدت إلى",
            "تأثير",
            "أثر",
            "بسبب",
            "بفضل",
            "نجح",
            "حسّن",
            "تحسين",
        ),
    }
)
"""Language -> words that put a result down to an initiative."""

FLAGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "began_low": "People began worse off on this than those they are set against. Part of the "
        "change may be a return to what is usual for them.",
        "began_without": "Only people who did not say so at the start are looked at, so the share "
        "could only go up.",
        "benchmark_once": "Londoners were asked once only. That shows who took part and where they "
        "started, and says nothing of change.",
        "chosen_afterwards": "What to look at was chosen after the answers had been seen, so it "
        "may be chance that it stands out.",
        "chosen_for_low_value": "People were chosen because they began low. Some would have risen "
        "anyway when asked again.",
        "dropout_could_explain": "Some did not answer again. Had they answered differently from "
        "those who did, the result could be another.",
        "few_projects": "Fewer than ten projects took part, so the range is rough.",
        "few_treated_areas": "It began in so few areas that one of them being unusual could "
        "explain the result.",
        "imbalance": "The people compared differed from the start in ways that could not be evened "
        "out.",
        "low_retention": "Fewer than half of those who began answered again. Those who did may "
        "differ from those who did not.",
        "no_plan": "No plan was registered before the last answers came in, so what is looked at "
        "may have been chosen because it stands out.",
        "one_of_several": "Several outcomes were looked at, and among several one may stand out by "
        "chance.",
        "poor_overlap": "Hardly anybody in the city's survey is like the people who took part.",
        "question_changed": "The question was not the same both times, so the two answers are not "
        "fully comparable.",
        "self_report": "This is what people say of themselves.",
        "small_number": "Few people answered, so a few other answers would change the picture.",
        "unpaired": "The answers before and after could not be matched person by person.",
        "weights_disagree": "Weighting those who answered again to stand for all who began gives "
        "another answer.",
    }
)
"""What limits a claim, in plain words."""

_NOTHING_WORDS: Final = (
    "Others like them were followed over the same time.",
    "Who took part was as good as chance.",
    "Who took part was drawn by lot.",
)
"""What is said from level 3 on where no difference was found that could be put down to anything."""

_WEAK_WORDS: Final = (
    "Others were followed over the same time, but the comparison is too weak to say why."
)
"""What is said below level 3 where others were followed."""

_LEVEL_WORDS: Final = (
    "Nothing was measured before and after, or beside it: this is a report of what was done.",
    "There was nothing to compare with, so we cannot say why.",
    "Some other reasons were allowed for, but nobody like them was followed: we cannot say why.",
    "Others like them were followed over the same time. Other differences may explain part of it.",
    "Who took part was as good as chance: the difference can be put down to it, with care.",
    "Who took part was drawn by lot, so the difference can be put down to it.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen of one outcome.

    Attributes:
        outcome: In words that follow `say` or `of`, such as `they have friends of other ages`.
        people: Who answered both times, or in all.
        before, after: Shares in [0, 1]; None where it was measured once or may not be shown.
        change: After less before, or the difference from those compared with; None: not known.
        lower, upper: Its 95% limits.
        smallest: The smallest change that would matter, above 0, written down before the results;
            None where none was.
        compared_with: Who they were compared with, such as `similar Londoners`; empty for nobody.
        is_score: The numbers are scores and not shares.
        is_follow_up: Only people who began without it are looked at: `after` is the share who have
            it later.
        is_moves: The change is the share whose answer rose less the share whose answer fell.
    """

    outcome: str
    people: int
    before: float | None = None
    after: float | None = None
    change: float | None = None
    lower: float | None = None
    upper: float | None = None
    smallest: float | None = None
    compared_with: str = ""
    is_score: bool = False
    is_follow_up: bool = False
    is_moves: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is said of one outcome of one initiative.

    Attributes:
        found: The finding as one word of ours.
        level: Of the evidence, 0 to 5.
        seen: What was seen, with its range.
        reason: What it may be put down to.
        limits: What limits it, a sentence each.
    """

    found: Found
    level: int
    seen: str
    reason: str
    limits: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole claim as one paragraph."""
        return " ".join([self.seen, self.reason, *self.limits])


def found_of(seen: Seen) -> Found:
    """Say what a range shows: a rise, a fall, no change that matters, or too little to tell.

    No change that matters is a result: the whole range lies inside what was said not to matter.
    A range that reaches beyond on both sides, or on one, says only that more people are needed.
    """
    if seen.change is None or seen.lower is None or seen.upper is None:
        return "unknown"
    if seen.is_follow_up and not seen.compared_with:
        # Who begins without can only gain: by itself such a share says nothing of a change.
        return "unknown"
    small = seen.smallest
    if small is not None and -small < seen.lower and seen.upper < small:
        return "no_meaningful_change"
    if seen.lower > 0:
        return "rose"
    return "fell" if seen.upper < 0 else "not_enough_data"


def claim(seen: Seen, *, level: int, flags: Sequence[str] = (), is_sure: bool = True) -> Claim:
    """Say what was seen, what it may be put down to, and what limits it.

    Args:
        seen: What was seen.
        level: Of the evidence, 0 to 5; from the design, lowered by what went wrong.
        flags: Ids of what limits the claim, each once in the text.
        is_sure: A difference seen stands against what else was looked at; where it does not, it
            is put down to nothing at any level.

    Returns:
        The claim; below level 3 none of its words puts the result down to the initiative.

    Raises:
        DefinitionError: The level or a flag is not one we know, or the outcome's own words put it
            down to the initiative at a level that does not bear it.
    """
    if level not in LEVELS:
        raise DefinitionError(f"Level {level!r}: levels of evidence go from 0 to 5.")
    unknown = sorted(set(flags) - set(FLAGS))
    if unknown:
        raise DefinitionError(f"There is no limit {unknown[0]!r}; there are {', '.join(FLAGS)}.")
    found = found_of(seen)
    made = Claim(
        found=found,
        level=level,
        seen=_seen_words(seen, found, level),
        reason=_reason(found, level, is_sure=is_sure, is_compared=bool(seen.compared_with)),
        limits=tuple(FLAGS[flag] for flag in dict.fromkeys(flags)),
    )
    check_claim(made.text, level)
    return made


def refused_words(text: str, *, language: str = "") -> list[str]:
    """List the words of a text that put a result down to something.

    Args:
        text: Any text.
        language: Look only for the words of this language; of all languages by default.
    """
    plain = _plain(text)
    languages = [language] if language else list(REFUSED)
    words = [word for one in languages for word in REFUSED.get(one, ())]
    return [word for word in dict.fromkeys(words) if _pattern(word).search(plain)]


def check_claim(text: str, level: int) -> None:
    """Refuse a text that claims more than its level bears.

    Args:
        text: What would be published.
        level: Of the evidence.

    Raises:
        DefinitionError: It holds a refused word below level 3.
    """
    if level >= LEAST_LEVEL:
        return
    words = refused_words(text)
    if words:
        raise DefinitionError(
            f"The words {', '.join(repr(word) for word in words)} put a result down to the "
            f"initiative, and evidence of level {level} does not bear that: it needs level "
            f"{LEAST_LEVEL}. Say what was seen instead."
        )


def _reason(found: Found, level: int, *, is_sure: bool, is_compared: bool) -> str:
    if level < LEAST_LEVEL and is_compared:
        return _WEAK_WORDS
    if level >= LEAST_LEVEL and not (is_sure and found in {"rose", "fell"}):
        return _NOTHING_WORDS[level - LEAST_LEVEL]
    return _LEVEL_WORDS[level]


def _seen_words(seen: Seen, found: Found, level: int) -> str:
    if seen.change is None or seen.lower is None or seen.upper is None:
        return (
            f"Of {number(seen.people)} people we cannot say whether more or fewer say that "
            f"{seen.outcome}: there is no figure that may be shown."
        )
    if found == "unknown":
        told = range_text(seen.lower, seen.upper, "share")
        return (
            f"Of {number(seen.people)} people who did not say so at the start, "
            f"{percent(seen.change)} say when asked again that {seen.outcome}; very likely {told}."
        )
    against = f", compared with {seen.compared_with}" if seen.compared_with else ""
    start = f"Of {number(seen.people)} people who were asked{against}"
    if found == "no_meaningful_change":
        assert seen.smallest is not None  # noqa: S101 - that is how it was found
        return (
            f"{start}, {_as_before(seen)} {seen.outcome}, give or take what was said to "
            f"matter ({_size(seen, seen.smallest)}): the change is very likely {_range(seen)}."
        )
    if found == "not_enough_data":
        return (
            f"{start}, we cannot tell whether {_either_way(seen)} {seen.outcome}: the change "
            f"could be anything {_range(seen)}."
        )
    shares = _shares(seen) if level < LEAST_LEVEL or not seen.compared_with else ""
    return (
        f"{start}, {_moved(seen, found)} {seen.outcome}{shares}; very likely {_far(seen, found)}."
    )


def _far(seen: Seen, found: Found) -> str:
    """Write the range of a clear change in the direction it has, so that no sign is read."""
    if seen.is_score or seen.lower is None or seen.upper is None:
        return _range(seen)
    ends = (seen.lower, seen.upper) if found == "rose" else (-seen.upper, -seen.lower)
    told = range_text(*ends, "share", statistic="difference")
    return told if seen.is_moves else f"{told} {'more' if found == 'rose' else 'fewer'}"


def _moved(seen: Seen, found: Found) -> str:
    size = _size(seen, abs(seen.change or 0.0))
    if seen.is_score:
        return f"the average is {size} {'higher' if found == 'rose' else 'lower'} on how far"
    if seen.is_moves:
        order = "rose than fell" if found == "rose" else "fell than rose"
        return f"{size} more {order}, where rising means that"
    return f"{size} {'more' if found == 'rose' else 'fewer'} say that"


def _as_before(seen: Seen) -> str:
    if seen.is_moves:
        return "as many rose as fell, where rising means that"
    return "the average is as before on how far" if seen.is_score else "as many as before say that"


def _either_way(seen: Seen) -> str:
    if seen.is_score:
        return "the average is higher or lower on how far"
    if seen.is_moves:
        return "more rose or more fell, where rising means that"
    return "more or fewer say that"


def _size(seen: Seen, value: float) -> str:
    return short(value) if seen.is_score else points(value)


def _range(seen: Seen) -> str:
    if seen.is_score:
        return range_text(seen.lower, seen.upper, "score")
    return range_text(seen.lower, seen.upper, "share", statistic="difference")


def _shares(seen: Seen) -> str:
    if seen.before is None or seen.after is None:
        return ""
    told = short if seen.is_score else percent
    return f" ({told(seen.before)} before, {told(seen.after)} after)"


def _plain(text: str) -> str:
    """Fold case and forms of letters, drop what is not seen, and make every gap one blank."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    seen = "".join(c for c in folded if unicodedata.category(c) not in {"Cf", "Cc"} or c.isspace())
    return " ".join(seen.split())


@cache
def _pattern(word: str) -> re.Pattern[str]:
    """Find a word as a word, and in no other one."""
    return re.compile(rf"(?<!\w){re.escape(_plain(word))}(?!\w)")
