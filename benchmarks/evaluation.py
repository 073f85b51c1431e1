"""Time an evaluation of 100,000 participants of 500 projects: `python benchmarks/evaluation.py`.

    python benchmarks/evaluation.py --write    # into docs/results/evaluation.md

All methods at once: three outcomes (a share, steps of an ordered scale, a score) of participants
and of as many people compared with, the city's survey at two times, areas over five waves, groups,
and the average over twelve initiatives of the same size each. The whole is a process of its own,
imports included; its time and peak memory are the kernel's account of it.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from social_evidence.app.evaluate import evaluate_initiative
from social_evidence.app.evaluate_areas import AreaAnswers
from social_evidence.app.evaluate_benchmark import CitySurvey
from social_evidence.app.evaluate_pool import pool_outcomes
from social_evidence.app.evaluation_published import published
from social_evidence.synthetic.evaluation_designs import (
    INITIATIVE,
    QUESTION,
    Design,
    answers_of,
    catalogue_of,
    city_survey,
    registration_of,
)

PAGE = Path(__file__).resolve().parents[1] / "docs" / "results" / "evaluation.md"
PEOPLE, PROJECTS, RESPONDENTS, RESIDENTS = 100_000, 500, 30_000, 60_000
MOST = 60.0
_WORDS = (
    "Measured on {day} by `python benchmarks/evaluation.py`, on two processors shared with other "
    f"work (load {{load:.1f}}): {PEOPLE:,} people in {PROJECTS} projects, half of them compared "
    f"with; {RESPONDENTS:,} respondents of the city at each of two times; {RESIDENTS:,} residents "
    f"of 33 areas over five waves. At most {MOST:.0f} seconds is asked."
)
_BEGIN, _END = "<!-- speed -->", "<!-- end of speed -->"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One part of the job."""

    words: str
    seconds: float


def job() -> list[Step]:
    """Do everything once, and say what took how long."""
    rng = np.random.default_rng(20181113)
    design = Design(
        people=PEOPLE // 2,
        projects=PROJECTS // 2,
        effect=0.05,
        has_arm=True,
        comparison="people",
        assigned_by="project",
        subgroups=("age_band", "sex"),
    )
    first, later = city_survey(design, rng, respondents=RESPONDENTS)
    survey = CitySurvey(source="made up", before=first, later=later)
    place = rng.integers(0, 33, RESIDENTS)
    areas = AreaAnswers(
        y=rng.integers(0, 2, RESIDENTS).astype(float),
        area=np.array([f"A{one:02d}" for one in range(33)])[place],
        wave=rng.integers(1, 6, RESIDENTS),
        weight=rng.uniform(0.5, 2, RESIDENTS),
        begins={f"A{one:02d}": 3 + one % 2 for one in range(10)},
    )
    at_once = replace(areas, begins=dict.fromkeys(areas.begins, 3))
    beside = {"share": {QUESTION: areas}, "moves": {QUESTION: at_once}}
    steps, every = [], []
    for kind in ("share", "moves", "score"):
        own = replace(design, kind=kind)
        answers = answers_of(own, rng)
        begun = time.perf_counter()
        evaluation = evaluate_initiative(
            catalogue_of(own),
            INITIATIVE,
            answers,
            registrations=[registration_of(own)],
            benchmark=survey,
            areas=beside.get(kind),
        )
        published(evaluation)
        every += [evaluation] * 4
        steps.append(Step(words=f"evaluate: {kind}", seconds=time.perf_counter() - begun))
    begun = time.perf_counter()
    pool_outcomes(every, QUESTION)
    steps.append(Step(words="average over initiatives", seconds=time.perf_counter() - begun))
    return steps


def main() -> None:
    """Time the job in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    parser.add_argument("--job", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.job:
        for step in job():
            sys.stdout.write(f"{step.words}\t{step.seconds:.2f}\n")
        return
    load, begun = os.getloadavg()[0], time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--job"], check=True, capture_output=True, text=True
    )
    wall = time.perf_counter() - begun
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = page(done.stdout, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20, load)
    sys.stdout.write(text + "\n")
    if asked.write:
        whole = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(whole.split(_BEGIN)[0] + text + whole.split(_END)[1], encoding="utf-8")


def page(told: str, wall: float, processor: float, peak: float, load: float) -> str:
    """Write the part of the page between its marks."""
    rows = [line.split("\t") for line in told.splitlines()]
    day = datetime.now(UTC).date().isoformat()
    lines = [
        _BEGIN,
        "",
        _WORDS.format(day=day, load=load),
        "",
        "| Step | Seconds |",
        "| --- | ---: |",
        *(f"| {words} | {seconds} |" for words, seconds in rows),
        f"| everything, start and imports and made-up answers included | {wall:.1f} |",
        "",
        f"Processor time {processor:.1f} s, peak memory {peak:.2f} GiB.",
        "",
        _END,
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
