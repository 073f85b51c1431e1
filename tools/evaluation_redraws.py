"""Redraw made-up evaluations a thousand times and hold what is said of them against the truth.

    python tools/evaluation_redraws.py                 # print what was found
    python tools/evaluation_redraws.py --write         # into docs/results/evaluation.md
    python tools/evaluation_redraws.py --times 100 --only between_arms

Three questions. Where the assumptions hold: do ranges hold the truth 93 to 97 times in 100? With
no effect: how often is the initiative said to help? Broken on purpose: does the report say what is
wrong, and is nothing called effective?
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np

from social_evidence.app.evaluate import evaluate_initiative
from social_evidence.app.evaluate_areas import AreaAnswers
from social_evidence.app.evaluate_benchmark import CitySurvey
from social_evidence.app.evaluate_pool import pool_outcomes
from social_evidence.model.evaluation import Evaluation, OutcomeEvaluation
from social_evidence.synthetic.evaluation_designs import (
    INITIATIVE,
    QUESTION,
    Design,
    answers_of,
    catalogue_of,
    city_survey,
    registration_of,
)

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "results" / "evaluation.md"
TIMES: Final = 1000
COVERED: Final = (0.93, 0.97)
MOST_FALSE: Final = 0.035
LEAST_FLAGGED: Final = 0.95
_EFFECT: Final = 0.08
_BEGIN: Final = "<!-- redraws -->"
_END: Final = "<!-- end of redraws -->"

Draw: TypeAlias = Callable[[Design, np.random.Generator], OutcomeEvaluation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A design whose assumptions hold: which effect is looked at, and what is true of it."""

    words: str
    design: Design
    method: str
    draw: Draw
    effect: float = _EFFECT
    drift: float = 0.0

    def truth(self, effect: float) -> float:
        """What the method should find: without anybody beside, the drift is in it too."""
        return effect + self.drift


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A design broken on purpose: the flags of which one must stand."""

    words: str
    design: Design
    flags: frozenset[str]
    draw: Draw


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What came of a design.

    Attributes:
        times: Redraws.
        covered: Share of ranges that held the truth; None for broken designs.
        helped: Share said to help; of sound designs with no effect in truth.
        effective: Share whose change is put down to the initiative.
        flagged: Share with a right flag; None for sound designs.
    """

    times: int
    covered: float | None
    helped: float
    effective: float
    flagged: float | None


def _alone(design: Design, rng: np.random.Generator) -> OutcomeEvaluation:
    return _evaluated(design, rng).outcomes[0]


def _evaluated(design: Design, rng: np.random.Generator, **beside: object) -> Evaluation:
    return evaluate_initiative(
        catalogue_of(design),
        INITIATIVE,
        answers_of(design, rng),
        registrations=[registration_of(design)],
        **beside,  # type: ignore[arg-type]
    )


def _beside_city(*, twice: bool, apart: float = 0.0) -> Draw:
    def draw(design: Design, rng: np.random.Generator) -> OutcomeEvaluation:
        first, later = city_survey(design, rng, change=design.drift, apart=apart)
        survey = CitySurvey(source="made up", before=first, later=later if twice else None)
        return _evaluated(design, rng, benchmark=survey).outcomes[0]

    return draw


def _beside_areas(*, staggered: bool, treated: int = 15) -> Draw:
    def draw(design: Design, rng: np.random.Generator) -> OutcomeEvaluation:
        areas = {QUESTION: _residents(design, rng, staggered=staggered, treated=treated)}
        alone = replace(design, effect=0.0, people=60, projects=1)
        return _evaluated(alone, rng, areas=areas).outcomes[0]

    return draw


def _residents(
    design: Design, rng: np.random.Generator, *, staggered: bool, treated: int
) -> AreaAnswers:
    """Draw residents of 30 areas over five waves; areas differ, and move each in their own way."""
    areas, waves, each = 30, np.arange(1, 6), 15
    starts = np.array([3, 4, 5])[np.arange(treated) % 3] if staggered else np.full(treated, 3)
    names = np.array([f"A{one:02d}" for one in range(areas)])
    place = np.repeat(np.arange(areas), waves.size * each)
    wave = np.tile(np.repeat(waves, each), areas)
    first = np.concatenate([starts, np.full(areas - treated, 99)])
    level = 0.5 + 0.05 * rng.normal(size=areas)
    luck = 0.02 * rng.normal(size=(areas, waves.size))
    share = level[place] + luck[place, wave - 1] + 0.01 * wave
    share = share + design.effect * (wave >= first[place])
    return AreaAnswers(
        y=(rng.random(place.size) < share).astype(float),
        area=names[place],
        wave=wave,
        weight=None,
        begins={str(names[one]): int(starts[one]) for one in range(treated)},
    )


def _several(design: Design, rng: np.random.Generator) -> OutcomeEvaluation:
    """Pool eight initiatives whose true effects differ; the pooled effect stands for the main."""
    every = []
    for _ in range(8):
        own = replace(design, effect=design.effect + 0.03 * rng.normal())
        every.append(_evaluated(own, rng))
    pooled = pool_outcomes(every, QUESTION)
    assert pooled.average is not None
    first = every[0].outcomes[0]
    lower = pooled.average.lower
    supports = lower is not None and lower > 0
    claim = replace(
        first.claim, verdict="supports" if supports else "not_enough_data", is_effective=False
    )
    return replace(first, effects=(pooled.average, *first.effects), claim=claim)


_SHARE: Final = Design(people=400, projects=20, breakdowns=())
_ARMS: Final = Design(
    people=250, projects=15, has_arm=True, comparison="people", lost=0.1, breakdowns=()
)

SOUND: Final[Mapping[str, Sound]] = {
    "one_project": Sound(
        words="Share, one project (Tango)",
        design=Design(people=200, projects=1, alike=0.0, breakdowns=()),
        method="one_by_one_tango",
        draw=_alone,
    ),
    "between_projects": Sound(
        words="Share, 20 projects", design=_SHARE, method="between_projects", draw=_alone
    ),
    "moves": Sound(
        words="Steps of an ordered scale, 20 projects",
        design=replace(_SHARE, kind="moves"),
        method="between_projects",
        draw=_alone,
    ),
    "score": Sound(
        words="Score, 20 projects",
        design=replace(_SHARE, kind="score"),
        method="between_projects",
        draw=_alone,
        effect=0.3,
    ),
    "weighted": Sound(
        words="Share, weighted for drop-out",
        design=replace(_SHARE, lost=0.4),
        method="weighted_for_dropout",
        draw=_alone,
    ),
    "projects_average": Sound(
        words="Average of 20 projects (REML, Hartung and Knapp)",
        design=replace(_SHARE, people=800),
        method="projects_average",
        draw=_alone,
    ),
    "lottery": Sound(
        words="Difference of changes, people drawn by lot",
        design=replace(_ARMS, assignment="lottery", lost=0.04),
        method="between_arms",
        draw=_alone,
        drift=0.03,
    ),
    "between_arms": Sound(
        words="Difference of changes, 15 and 15 projects",
        design=replace(_ARMS, assigned_by="project"),
        method="between_arms",
        draw=_alone,
        drift=0.03,
    ),
    "ancova": Sound(
        words="Score with the start allowed for, 15 and 15 projects",
        design=replace(_ARMS, kind="score", assigned_by="project"),
        method="ancova",
        draw=_alone,
        effect=0.3,
        drift=0.1,
    ),
    "benchmark": Sound(
        words="Change less that of similar Londoners, asked twice",
        design=replace(_SHARE, comparison="benchmark", lost=0.1),
        method="benchmark_difference",
        draw=_beside_city(twice=True),
        drift=0.03,
    ),
    "areas": Sound(
        words="15 areas against 15 (two-way)",
        design=replace(_SHARE, comparison="areas"),
        method="areas_two_way",
        draw=_beside_areas(staggered=False),
    ),
    "staggered": Sound(
        words="Areas that began at three times",
        design=replace(_SHARE, comparison="areas"),
        method="staggered",
        draw=_beside_areas(staggered=True),
    ),
    "initiatives": Sound(
        words="Average of 8 initiatives (REML, Hartung and Knapp)",
        design=replace(_SHARE, people=200, projects=12),
        method="initiatives_average",
        draw=_several,
    ),
}
"""Designs whose assumptions hold, and the effect of which each is the test."""

BROKEN: Final[Mapping[str, Broken]] = {
    "dropout": Broken(
        words="Those who did not rise leave; nobody to compare with",
        design=replace(_SHARE, lost=0.3, broken="dropout"),
        flags=frozenset({"dropout_could_explain"}),
        draw=_alone,
    ),
    "dropout_in_lottery": Broken(
        words="Those who did not rise leave; drawn by lot",
        design=replace(_ARMS, lost=0.3, broken="dropout", assignment="lottery"),
        flags=frozenset({"dropout_could_explain"}),
        draw=_alone,
    ),
    "dropout_beside_city": Broken(
        words="Those who did not rise leave; beside the city asked twice",
        design=replace(_SHARE, lost=0.3, broken="dropout", comparison="benchmark"),
        flags=frozenset({"dropout_could_explain"}),
        draw=_beside_city(twice=True),
    ),
    "question": Broken(
        words="The question changed",
        design=replace(_SHARE, effect=0.1, broken="question"),
        flags=frozenset({"question_changed"}),
        draw=_alone,
    ),
    "question_in_arms": Broken(
        words="The question changed; others compared with",
        design=replace(_ARMS, effect=0.1, broken="question", assigned_by="project"),
        flags=frozenset({"question_changed"}),
        draw=_alone,
    ),
    "chosen_low": Broken(
        words="Chosen because they began low; the plan says so",
        design=replace(_SHARE, broken="chosen_low"),
        flags=frozenset({"chosen_for_low_value"}),
        draw=_alone,
    ),
    "chosen_low_untold": Broken(
        words="Chosen because they began low; not told, the city asked once",
        design=replace(_SHARE, broken="unlike_arms"),
        flags=frozenset({"began_low", "imbalance"}),
        draw=_beside_city(twice=False),
    ),
    "unlike_arms": Broken(
        words="Chosen because they began low; others compared with were not",
        design=replace(_ARMS, broken="unlike_arms", assigned_by="project"),
        flags=frozenset({"began_low", "imbalance"}),
        draw=_alone,
    ),
    "differ_once": Broken(
        words="Participants merely differ from Londoners, asked once",
        design=_SHARE,
        flags=frozenset({"benchmark_once"}),
        draw=_beside_city(twice=False, apart=0.15),
    ),
    "differ_twice": Broken(
        words="Participants merely differ from Londoners, asked twice",
        design=replace(_SHARE, comparison="benchmark"),
        flags=frozenset({"imbalance", "began_low"}),
        draw=_beside_city(twice=True, apart=0.15),
    ),
    "late_plan": Broken(
        words="The plan was registered after the answers",
        design=replace(_ARMS, effect=0.1, broken="late_plan", assigned_by="project"),
        flags=frozenset({"no_plan"}),
        draw=_alone,
    ),
    "few_areas": Broken(
        words="It began in three areas",
        design=replace(_SHARE, comparison="areas", effect=0.1),
        flags=frozenset({"few_treated_areas"}),
        draw=_beside_areas(staggered=False, treated=3),
    ),
}
"""Designs broken on purpose."""


def redrawn_sound(name: str, times: int = TIMES) -> Held:
    """Redraw a sound design with an effect, for ranges, and without, for false claims."""
    sound = SOUND[name]
    covered, helped, effective = 0, 0, 0
    for number in range(times):
        truth = sound.truth(sound.effect)
        told = sound.draw(_with(sound, sound.effect), _chance(name, number))
        effect = next(one for one in told.effects if one.method == sound.method)
        assert effect.lower is not None
        assert effect.upper is not None
        own = truth if sound.method in _WITH_DRIFT else truth - sound.drift
        covered += int(effect.lower <= own <= effect.upper)
        none = sound.draw(
            replace(_with(sound, 0.0), drift=_none_drift(sound)), _chance(f"{name}0", number)
        )
        helped += none.claim.verdict == "supports"
        effective += none.claim.is_effective
    return Held(
        times=times,
        covered=covered / times,
        helped=helped / times,
        effective=effective / times,
        flagged=None,
    )


_WITH_DRIFT: Final = frozenset(
    {
        *("one_by_one_tango", "between_projects", "weighted_for_dropout", "projects_average"),
        "initiatives_average",
    }
)
"""Methods that look at participants alone: what changed anyway is in them."""


def _with(sound: Sound, effect: float) -> Design:
    return replace(sound.design, effect=effect, drift=sound.drift)


def _none_drift(sound: Sound) -> float:
    """Nothing changes at all where nobody is compared with: a drift would be seen as it should."""
    return 0.0 if sound.method in _WITH_DRIFT else sound.drift


def redrawn_broken(name: str, times: int = TIMES) -> Held:
    """Redraw a broken design and look for its flag."""
    broken = BROKEN[name]
    flagged = helped = effective = 0
    for number in range(times):
        told = broken.draw(broken.design, _chance(name, number))
        flagged += bool(broken.flags.intersection(told.flags))
        helped += told.claim.verdict == "supports"
        effective += told.claim.is_effective
    return Held(
        times=times,
        covered=None,
        helped=helped / times,
        effective=effective / times,
        flagged=flagged / times,
    )


def _chance(name: str, number: int) -> np.random.Generator:
    return np.random.default_rng([20181113, zlib.crc32(name.encode()), number])


_HELD: Final = (
    "*Held the truth*: share of 95% ranges with the true effect in them; 93% to 97% is asked. "
    "*Said to help*: share of redraws without any effect that were told as a change in the "
    "direction that was meant; 3.5% at most is asked."
)
_FLAGGED: Final = (
    "No range can be right here. *Flagged*: share of reports that carry the right flag; 95% at "
    "least is asked. *Called effective*: share whose change was put down to the initiative; none "
    "is asked."
)


def page(sound: Mapping[str, Held], broken: Mapping[str, Held]) -> str:
    """Write the two tables of the page."""
    lines = [
        _BEGIN,
        "",
        "## Where the assumptions hold",
        "",
        f"{next(iter(sound.values())).times:,} redraws each. {_HELD}",
        "",
        "| Design | Method | Held the truth | Said to help with no effect |",
        "| --- | --- | ---: | ---: |",
    ]
    lines += [
        f"| {SOUND[name].words} | `{SOUND[name].method}` | {held.covered:.1%} | {held.helped:.1%} |"
        for name, held in sound.items()
    ]
    lines += [
        "",
        "## Broken on purpose",
        "",
        _FLAGGED,
        "",
        "| What is wrong | Flag | Flagged | Called effective |",
        "| --- | --- | ---: | ---: |",
    ]
    lines += [
        f"| {BROKEN[name].words} | {', '.join(f'`{one}`' for one in sorted(BROKEN[name].flags))} | "
        f"{held.flagged:.1%} | {held.effective:.1%} |"
        for name, held in broken.items()
    ]
    return "\n".join([*lines, "", _END])


def write(text: str) -> None:
    """Put the tables between their marks; the rest of the page stays."""
    whole = PAGE.read_text(encoding="utf-8")
    before, after = whole.split(_BEGIN)[0], whole.split(_END)[1]
    PAGE.write_text(before + text + after, encoding="utf-8")


def main() -> None:
    """Redraw, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--kept", type=Path, help="folder that keeps what was found, to go on from")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    sound = _found(SOUND, redrawn_sound, asked)
    broken = _found(BROKEN, redrawn_broken, asked)
    if asked.write:
        write(page(sound, broken))


def _found(
    designs: Mapping[str, object], redrawn: Callable[[str, int], Held], asked: argparse.Namespace
) -> dict[str, Held]:
    found = {}
    for name in designs:
        if asked.only and name not in asked.only:
            continue
        kept = asked.kept / f"{name}_{asked.times}.json" if asked.kept else None
        if kept is not None and kept.is_file():
            found[name] = Held(**json.loads(kept.read_text()))
        else:
            found[name] = redrawn(name, asked.times)
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(asdict(found[name])))
        sys.stdout.write(f"{name} {found[name]}\n")
        sys.stdout.flush()
    return found


if __name__ == "__main__":
    main()
