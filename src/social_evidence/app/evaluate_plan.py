"""Plans that were registered, and where an evaluation departed from them.

A plan counts from the day it was registered: its text is kept with a digest, so that what was
promised can be told from what was done.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from typing import Final

from social_evidence.catalogue.faults import Faults, Place
from social_evidence.catalogue.records import build
from social_evidence.errors import DefinitionError, StoreError
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.evaluation import Departure
from social_evidence.model.evaluation_plan import EvaluationPlan, PlannedOutcome, Registration

PLAN_KIND: Final = "evaluation_plan"
"""Kind under which the office keeps registrations."""
_FOLDER: Final = "evaluation_plans/"
_METHOD: Final = {
    "comparison": "who is compared with",
    "assignment": "how it came that some took part",
    "assigned_by": "what was assigned",
    "treated_areas": "the areas where it begins",
    "chosen_for": "why people were asked to take part",
    "weighted_on": "what is evened out",
    "missing": "what is done about people who left",
    "estimand": "what exactly is estimated",
    "answers_until": "the day of the last answers",
}
"""Field of a plan -> what a change of it changes."""
_MANY_FEWER: Final = 0.8  # of the planned people: below it the report says so


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStanding:
    """How a plan stands when results are looked at.

    Attributes:
        plan: As it stands in the catalogue; None where there is none.
        registered: As it was registered first in time; None where it was not.
        registration: Of it.
        departures: From it.
        is_before_results: It was registered by the day on which the last answers came in.
    """

    plan: EvaluationPlan | None
    registered: EvaluationPlan | None
    registration: Registration | None
    departures: tuple[Departure, ...]
    is_before_results: bool

    def is_planned(self, outcome: PlannedOutcome) -> bool:
        """Say whether an outcome stands in the plan as registered before results."""
        if not self.is_before_results or self.registered is None:
            return False
        return _key(outcome) in {_key(one) for one in self.registered.outcomes}


def registration_of(catalogue: Catalogue, initiative: str, on: date) -> Registration:
    """Make the registration of an initiative's plan.

    Args:
        catalogue: With the plan.
        initiative: Its id.
        on: The day.

    Raises:
        DefinitionError: There is no such plan.
    """
    plan = catalogue.evaluation_plans.get(initiative)
    text = _text_of(catalogue, initiative)
    if plan is None or text is None:
        raise DefinitionError(
            f"There is no evaluation plan for {initiative!r}. Write "
            f"evaluation_plans/{initiative}.toml in the catalogue first; "
            "`social-evidence check` tells what it lacks."
        )
    return Registration(
        plan=initiative,
        version=plan.version,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        registered_on=on.isoformat(),
        text=text,
    )


def check_registration(new: Registration, earlier: Sequence[Registration]) -> bool:
    """Say whether a registration is new, and refuse one that would rewrite another.

    Args:
        new: What is to be registered.
        earlier: Of the same plan.

    Returns:
        False where the same text is registered already.

    Raises:
        StoreError: The version is registered with another text, or the version is not higher.
    """
    if any(one.digest == new.digest for one in earlier):
        return False
    highest = max((one.version for one in earlier), default=0)
    if new.version <= highest:
        raise StoreError(
            f"Version {highest} of the plan for {new.plan} is registered already, with other "
            "words, and what is registered is never rewritten. Raise `version` in the plan; the "
            "report will say what was changed, and when."
        )
    return True


def to_text(registration: Registration) -> str:
    """Write a registration as JSON, the same for the same."""
    return json.dumps(asdict(registration), ensure_ascii=False, sort_keys=True)


def from_text(text: str) -> Registration:
    """Read what `to_text` wrote.

    Raises:
        StoreError: It is no registration.
    """
    try:
        return Registration(**json.loads(text))
    except (TypeError, ValueError):
        raise StoreError(
            "A registered plan cannot be read: the text kept of it is no registration. Restore "
            "the office from its backup."
        ) from None


def standing_of(
    catalogue: Catalogue, initiative: str, registrations: Sequence[Registration]
) -> PlanStanding:
    """Set the plan as it stands against the plan as registered.

    Args:
        catalogue: With the plan, where there is one.
        initiative: Its id.
        registrations: Of its plans, in any order.
    """
    plan = catalogue.evaluation_plans.get(initiative)
    own = sorted(
        (one for one in registrations if one.plan == initiative),
        key=lambda one: (one.registered_on, one.version),
    )
    if plan is None:
        none = Departure(kind="no_plan", text="There is no evaluation plan.")
        return _standing(None, None, None, (none,), is_before=False)
    if not own:
        none = Departure(
            kind="no_plan", text="The plan was not registered, so nobody can say when it was made."
        )
        return _standing(plan, None, None, (none,), is_before=False)
    # Each is held to the day it named itself: moving the day later mends nothing.
    in_time = [one for one in own if one.registered_on <= _plan_of(one).answers_until]
    if not in_time:
        late = Departure(
            kind="registered_late",
            text=f"The plan was registered on {own[0].registered_on}, after the last answers came "
            f"in ({plan.answers_until}).",
        )
        return _standing(plan, _plan_of(own[0]), own[0], (late,), is_before=False)
    # The first one counts: later versions may have been written with some answers in sight.
    first = in_time[0]
    registered = _plan_of(first)
    departures = _departures(plan, registered, first)
    return _standing(plan, registered, first, departures, is_before=True)


def fewer_people(plan: EvaluationPlan | None, began: int) -> tuple[Departure, ...]:
    """Tell where far fewer began than were planned."""
    if plan is None or began >= _MANY_FEWER * plan.people:
        return ()
    text = f"{plan.people:,} people were to begin; far fewer did, so less can be told than planned."
    return (Departure(kind="fewer_people", text=text),)


def _standing(
    plan: EvaluationPlan | None,
    registered: EvaluationPlan | None,
    registration: Registration | None,
    departures: tuple[Departure, ...],
    *,
    is_before: bool,
) -> PlanStanding:
    return PlanStanding(
        plan=plan,
        registered=registered,
        registration=registration,
        departures=departures,
        is_before_results=is_before,
    )


def _text_of(catalogue: Catalogue, initiative: str) -> str | None:
    for path, text in catalogue.files.items():
        if path.endswith(f"/{initiative}.toml") and _FOLDER in path:
            return text
    return None


@cache
def _plan_of(registration: Registration) -> EvaluationPlan:
    """Read a plan back from its registered text."""
    place = Place(Faults(), f"registered plan of {registration.plan}")
    table = {**tomllib.loads(registration.text), "id": registration.plan}
    plan = build(EvaluationPlan, table, place)
    if plan is None:
        faults = "; ".join(str(fault) for fault in place.faults.in_order())
        raise DefinitionError(f"The registered plan cannot be read: {faults}")
    return plan


def _departures(
    plan: EvaluationPlan, registered: EvaluationPlan, registration: Registration
) -> tuple[Departure, ...]:
    found: list[Departure] = []
    if _key(plan.primary) != _key(registered.primary):
        found.append(_outcome_change(plan, registered))
    known = {_key(one): one for one in registered.outcomes}
    now = {_key(one): one for one in plan.outcomes}
    for kind, names, words in (
        ("outcome_added", now.keys() - known.keys(), "is looked at and was not planned"),
        ("outcome_missing", known.keys() - now.keys(), "was planned and is not looked at"),
    ):
        found += [Departure(kind=kind, text=f"{_named(key)} {words}.") for key in sorted(names)]
    for key in sorted(now.keys() & known.keys()):
        if now[key].smallest != known[key].smallest:
            text = f"{_named(key)}: the smallest change that matters was moved."
            found.append(Departure(kind="plan_changed", text=text))
    added = sorted(set(plan.subgroups) - set(registered.subgroups))
    found += [
        Departure(kind="group_added", text=f"Groups by {name} were not planned.") for name in added
    ]
    for field, words in _METHOD.items():
        if getattr(plan, field) != getattr(registered, field):
            text = f"The plan was changed after it was registered: {words}."
            found.append(Departure(kind="method_changed", text=text))
    if not found and plan != registered:
        text = f"The plan was reworded after it was registered on {registration.registered_on}."
        found.append(Departure(kind="plan_changed", text=text))
    return tuple(found)


def _key(outcome: PlannedOutcome | None) -> tuple[str, str, str]:
    if outcome is None:
        return "nothing", "headline", "after"
    return outcome.success_measure, outcome.item, outcome.wave


def _outcome_change(plan: EvaluationPlan, registered: EvaluationPlan) -> Departure:
    first, second = (_named(_key(one)) for one in (registered.primary, plan.primary))
    return Departure(
        kind="outcome_changed",
        text=f"The main question was {first} when the plan was registered, and is {second} now.",
    )


def _named(key: tuple[str, str, str]) -> str:
    measure, item, wave = key
    reading = "" if item == "headline" else f" ({item})"
    later = "" if wave == "after" else f" at {wave}"
    return f"{measure}{reading}{later}"
