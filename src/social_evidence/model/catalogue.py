"""A catalogue: every definition of an evidence base, by id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from social_evidence.model.area import AreaTree
from social_evidence.model.breakdown import Breakdown
from social_evidence.model.evaluation_plan import EvaluationPlan
from social_evidence.model.initiative import Initiative
from social_evidence.model.measure import Measure
from social_evidence.model.note import Note
from social_evidence.model.publication import PublicationPlan
from social_evidence.model.question import Question
from social_evidence.model.redirect import Redirects
from social_evidence.model.source import Source
from social_evidence.model.strategy import Strategy
from social_evidence.model.suitability import SuitabilityRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What is said of the areas most like each area.

    basis: what they are alike in, as it stands after “by”. method: how that was measured.
    attribution: whose figures it rests on, and their licence.
    """

    basis: str = ""
    method: str = ""
    attribution: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Definitions by id, and the text they were read from.

    notes: why figures changed since earlier releases. initiatives: what is done about it.
    evaluation_plans: what will be looked at, by the id of the initiative. suitability: rules by
    which a course suits certain learners.
    plan: what is published of all that could be computed; everything where none is written.
    strategy: the strategy the measures follow, where the catalogue holds one. similar: area code
    -> the areas most like it, nearest first, each with its distance. likeness: what is said
    of that list. redirects: addresses that lead elsewhere now.
    files: path relative to the catalogue folder -> text, kept so that a release can hold the
    definitions as used. digest: sha-256 over those paths and texts.
    """

    title: str
    measures: Mapping[str, Measure] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    questions: Mapping[str, Question] = field(default_factory=dict)
    breakdowns: Mapping[str, Breakdown] = field(default_factory=dict)
    notes: Mapping[str, Note] = field(default_factory=dict)
    initiatives: Mapping[str, Initiative] = field(default_factory=dict)
    evaluation_plans: Mapping[str, EvaluationPlan] = field(default_factory=dict)
    suitability: Mapping[str, SuitabilityRule] = field(default_factory=dict)
    areas: AreaTree = field(default_factory=AreaTree)
    plan: PublicationPlan = field(default_factory=PublicationPlan)
    strategy: Strategy | None = None
    similar: Mapping[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    likeness: Likeness = field(default_factory=Likeness)
    redirects: Redirects = field(default_factory=Redirects)
    files: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""
