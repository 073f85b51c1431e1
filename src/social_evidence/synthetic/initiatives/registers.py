"""Made-up organisations, events, people in roles, returns, grants and courses of initiatives."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Final

from social_evidence.disclosure.pseudonym import pseudonym
from social_evidence.synthetic.initiatives.truth import (
    ENGAGED,
    EXPECTED,
    RETURNED,
    SAYING_YES,
    SEED,
)
from social_evidence.synthetic.london.chance import stream

KEY: Final = b"synthetic, and so no secret"
"""The key of made-up pseudonyms: there is nobody behind them."""
Rows = list[list[object]]

_NETWORK: Final = "workforce_integration_network"
_CITIZENSHIP: Final = "citizenship_and_integration_initiative"
_SPONSORSHIP: Final = "community_sponsorship"
_TEACHING: Final = "esol_plus"
_REWARDS: Final = "reward_and_recognition"
_BOROUGHS: Final = tuple(f"E090000{number:02d}" for number in range(1, 34))
_SECTORS: Final = ("construction", "digital", "technology", "retail")
_SIZES: Final = ("under_50", "50_to_249", "250_over")
_LEVELS: Final = ("engaged", "committed", "reporting")
_COURSE_LEVELS: Final = ("pre_entry", "entry_1", "entry_2", "entry_3", "level_1")
_NAMESPACE: Final = uuid.UUID("0d1c5d5e-2f3a-5b61-8f7d-5f3f4d0a9b11")


def employer(number: int) -> str:
    """The register number of a made-up employer."""
    return f"XX-MADEUP-E{number + 1:03d}"


def provider(number: int) -> str:
    """The register number of a made-up provider of courses."""
    return f"XX-MADEUP-P{number + 1:03d}"


def charity(number: int) -> str:
    """The register number of a made-up charity."""
    return f"XX-MADEUP-C{number + 1:03d}"


def council(number: int) -> str:
    """The register number that stands for a borough's council."""
    return f"XX-MADEUP-B{number + 1:03d}"


def organisations() -> Rows:
    """Organisations, with a header."""
    rows: Rows = [["id", "name", "kind", "sector", "size", "area"]]
    for n in range(80):
        sector, size = _SECTORS[n % 4], _SIZES[n % 3]
        name = f"Made-up employer {n + 1}"
        rows.append([employer(n), name, "employer", sector, size, _BOROUGHS[(7 * n) % 33]])
    for n in range(16):
        name = f"Made-up provider {n + 1}"
        rows.append([provider(n), name, "provider", "education", "", _BOROUGHS[(5 * n) % 33]])
    for n in range(30):
        name = f"Made-up charity {n + 1}"
        rows.append([charity(n), name, "provider", "charity", "", _BOROUGHS[(4 * n) % 33]])
    for n in range(33):
        rows.append([council(n), f"Made-up council {n + 1}", "borough", "", "", _BOROUGHS[n]])
    return rows


def events(years: int) -> Rows:
    """Steps of engagement, with a header.

    Args:
        years: 1 for those of the first release, 2 for those of the second too.
    """
    rows: Rows = [["id", "initiative", "date", "level", "organisation", "area"]]
    for quarter, engaged in ENGAGED.items():
        if years == 1 and quarter >= "2026Q4":
            continue
        day = f"{quarter[:4]}-{3 * int(quarter[-1]) - 1:02d}-15"
        for n in range(engaged + 9):
            level = _LEVELS[n % 3] if n < engaged else "contacted"
            rows.append([f"win-{quarter}-{n + 1:03d}", _NETWORK, day, level, employer(n), ""])
    for year, reached in (("2025", 14), ("2026", 21)):
        for n in range(reached):
            level = "committed" if n % 3 == 0 else "engaged"
            name = f"csp-{year}-{n + 1:02d}"
            rows.append([name, _SPONSORSHIP, f"{year}-05-01", level, "", _BOROUGHS[n]])
    return rows


def people(years: int) -> Rows:
    """People in roles, under made-up pseudonyms, with a header."""
    groups = ["age_band", "sex", "ethnic_group", "disability"]
    rows: Rows = [
        ["pseudonym", "initiative", "role", "joined", "left", "organisation", "area", *groups]
    ]
    chance = stream(SEED, "people", "roles")
    last = 2025 + years
    for n in range(64):
        left = "2026-05" if n % 5 == 4 else ""
        joined = ("2025-10", "2026-02", "2026-04")[n % 3]
        ethnic = "black" if n % 4 else "mixed"
        own = [_name(_NETWORK, n), _NETWORK, "peer_champion", joined, left, employer(n % 40), ""]
        rows.append([*own, "16_24", "male", ethnic, ""])
    for n in range(260):
        area = _BOROUGHS[int(chance.integers(0, 21))]
        joined = "2025-04" if n % 3 else "2026-03"
        rows.append(
            [_name(_SPONSORSHIP, n), _SPONSORSHIP, "sponsor", joined, "", "", area, "", "", "", ""]
        )
    for n in range(900):
        area = _BOROUGHS[int(chance.integers(0, 33))]
        drawn = [
            "16_24",
            "female" if chance.random() < 0.57 else "male",
            ("asian", "black", "mixed", "white", "other")[int(chance.integers(0, 5))],
            "disabled" if chance.random() < 0.12 else "not_disabled",
        ]
        # Drawn whether told yet or not: what the first release told stays as it was.
        if (year := 2026 + n % 2) <= last:
            own = [_name(_REWARDS, n), _REWARDS, "rewarded", f"{year}-03", f"{year}-11", "", area]
            rows.append([*own, *drawn])
    return rows


def _name(initiative: str, number: int) -> str:
    return pseudonym(f"made up {number}", f"linkage:{initiative}", KEY)


def expected(years: int) -> Rows:
    """Returns that were asked for, with a header."""
    rows: Rows = [["initiative", "success_measure", "organisation", "period", "due"]]
    for period, asked in EXPECTED.items():
        if years == 2 or period < "2026Q4":
            rows += [[_NETWORK, "WIN-ETHMON", employer(n), period, ""] for n in range(asked)]
    rows += [[_TEACHING, "ESOL-TRACK", provider(n), "ay2025-26", ""] for n in range(16)]
    rows += [[_CITIZENSHIP, "CII-CAMP", charity(n), "fy2025-26", ""] for n in range(6)]
    rows += [[_SPONSORSHIP, "CSP-RESET", council(n), "fy2025-26", ""] for n in range(21)]
    return rows


def returns(years: int) -> Rows:
    """Returns as one long file, with a header."""
    rows: Rows = [
        ["initiative", "success_measure", "organisation", "period", "dimension", "code", "value"]
    ]
    for period, number in RETURNED.items():
        if years == 2 or period < "2026Q4":
            for n in range(number):
                says = "yes" if n < SAYING_YES[period] else "no"
                key: list[object] = [_NETWORK, "WIN-ETHMON", employer(n), period]
                rows.append([*key, "all", "all", says])
    for n in range(12):
        key = [_TEACHING, "ESOL-TRACK", provider(n), "ay2025-26"]
        rows.append([*key, "all", "all", "yes" if n < 7 else "no"])
    rows += _campaigns()
    rows += _arrivals()
    return rows


def _campaigns() -> Iterator[list[object]]:
    chance = stream(SEED, "campaigns")
    for n in range(5):
        total = int(chance.integers(60, 160))
        key: list[object] = [_CITIZENSHIP, "CII-CAMP", charity(n), "fy2025-26"]
        yield [*key, "all", "all", total]
        for dimension, groups in (
            ("age_band", ("under_16", "16_24", "25_34")),
            ("sex", ("female", "male")),
            ("ethnic_group", ("asian", "black", "mixed", "white", "other")),
            ("area", _BOROUGHS[3 * n : 3 * n + 4]),
        ):
            parts = chance.multinomial(total, _shares(len(groups)))
            yield from (
                [*key, dimension, g, int(v)] for g, v in zip(groups, parts, strict=True) if v
            )


def _arrivals() -> Iterator[list[object]]:
    """Refugees resettled: a handful in each borough, as it is."""
    chance = stream(SEED, "arrivals")
    for n in range(18):
        total = int(chance.integers(2, 26))
        key: list[object] = [_SPONSORSHIP, "CSP-RESET", council(n), "fy2025-26"]
        yield [*key, "all", "all", total]
        yield [*key, "area", _BOROUGHS[n], total]
        parts = chance.multinomial(total, (0.45, 0.2, 0.35))
        ages = ("under_16", "16_24", "25_34")
        yield from ([*key, "age_band", a, int(v)] for a, v in zip(ages, parts, strict=True) if v)


def _shares(number: int) -> Sequence[float]:
    weights = [1.0 + (at % 3) for at in range(number)]
    return [weight / sum(weights) for weight in weights]


def grants() -> dict[str, Any]:
    """Grants of the London Family Fund in the 360Giving standard."""
    given = [
        {
            "id": f"360G-madeup-{n + 1:03d}",
            "title": f"Made-up family project {n + 1}",
            "description": "A made-up grant that shows the layout of the standard.",
            "currency": "GBP",
            "amountAwarded": 9000 + 1500 * (n % 12),
            "awardDate": f"2025-{1 + n % 9:02d}-15",
            "fundingOrganization": [{"id": "XX-MADEUP-F001", "name": "Made-up funder"}],
            "recipientOrganization": [
                {"id": charity(n), "name": f"Made-up charity {n + 1}"},
            ],
            "socialEvidence": {"initiative": "london_family_fund"},
        }
        for n in range(25)
    ]
    return {"version": "1.4", "grants": given}


def courses() -> list[dict[str, Any]]:
    """Courses of English and offers of employers in the Open Referral UK standard."""
    chance = stream(SEED, "courses")
    found = []
    for n in range(72):
        period = "ay2024-25" if n % 2 else "ay2025-26"
        is_known = chance.random() > 0.15
        facts = {
            "initiative": _TEACHING,
            "period": period,
            "esol_level": _COURSE_LEVELS[n % 5],
            "capacity_places": str(12 + int(chance.integers(0, 9))),
            "guided_hours_per_week": str(int(chance.integers(3, 9))),
            "area": _BOROUGHS[(3 * n) % 33],
            "enrolled": str(8 + int(chance.integers(0, 9))),
            "completed": str(4 + int(chance.integers(0, 6))),
            "kind": "course",
        }
        if is_known:
            facts["childcare_available"] = "yes" if chance.random() < 0.5 else "no"
            facts["term_time_only"] = "yes" if chance.random() < 0.8 else "no"
        found.append(_course(n, facts, "09:30" if n % 3 else "18:00", provider(n % 16)))
    for n in range(26):
        facts = {
            "initiative": _TEACHING,
            "period": "ay2025-26",
            "kind": "workplace",
            "area": _BOROUGHS[(7 * n) % 33],
            "level_fits": "yes" if n % 6 else "no",
            "near_work_time": "yes" if n % 7 else "no",
            "learners_say_so": ("yes", "yes", "no", "yes", "unknown")[n % 5],
            "sector": _SECTORS[n % 4],
        }
        found.append(_course(100 + n, facts, "12:00", employer(n)))
    return found


def _course(number: int, facts: dict[str, str], opens: str, owner: str) -> dict[str, Any]:
    name = str(uuid.uuid5(_NAMESPACE, f"course {number}"))
    closes = f"{int(opens[:2]) + 2:02d}:30"
    return {
        "id": name,
        "name": f"Made-up course {number + 1}",
        "status": "active",
        "organization_id": str(uuid.uuid5(_NAMESPACE, owner)),
        "schedules": [
            {
                "id": str(uuid.uuid5(_NAMESPACE, f"schedule {number}")),
                "opens_at": opens,
                "closes_at": closes,
                "byday": "MO,TH",
            }
        ],
        "attributes": [_fact(name, term, value) for term, value in facts.items()],
    }


def _fact(service: str, term: str, value: str) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid5(_NAMESPACE, f"{service} {term}")),
        "link_id": service,
        "link_type": "service",
        "value": value,
        "taxonomy_term": {
            "id": str(uuid.uuid5(_NAMESPACE, term)),
            "name": term.replace("_", " "),
            "description": "A made-up value.",
            "taxonomy": "social-evidence",
            "term": term,
        },
    }
