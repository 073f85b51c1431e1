"""A city's strategy as data: its parts, policies and numbered actions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyPart:
    """A part of a strategy.

    Attributes:
        number: As the strategy numbers it, for example `1`.
        title: What people read.
    """

    number: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A policy of a strategy.

    Attributes:
        number: As the strategy numbers it, for example `1.1`; its part is what stands before
            the point.
        title: What people read.
    """

    number: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A numbered action under a policy.

    Attributes:
        number: As the strategy numbers it, for example `1.1.1`; its policy is what stands before
            the last point.
        summary: What it is, in our own short words.
    """

    number: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """A city's strategy.

    Attributes:
        title: Its name.
        year: Year of publication.
        publisher: Who published it.
        url: Where it can be read.
        parts: In order.
        policies: In order.
        actions: In order.
    """

    title: str
    year: int
    publisher: str
    url: str = ""
    parts: tuple[StrategyPart, ...] = ()
    policies: tuple[Policy, ...] = ()
    actions: tuple[Action, ...] = ()
