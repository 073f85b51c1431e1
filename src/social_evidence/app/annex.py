"""The data-protection annex: what is held of people, why, how long and by whom.

It is made from the definitions and, where there is one, from the office's record sets, so that it
says what is so. Everything it proposes has to be confirmed by a data protection officer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from social_evidence.model.catalogue import Catalogue
from social_evidence.model.initiative import Initiative
from social_evidence.model.office import RecordSet
from social_evidence.model.question import Question

Held = str
ANSWERS: Final = "answers before and after, each under a pseudonym"
PEOPLE: Final = "pseudonyms in returns, so that nobody is counted twice"
PARTS: Final = "who has which part in it, under a pseudonym"
EVENTS: Final = "what organisations and boroughs did, and when"
COURSES: Final = "courses and who gives them"
NUMBERS: Final = "numbers that organisations report"

_SMALL: Final = 10
_PEOPLE: Final = frozenset({"people", "families", "learners"})
_LAWFUL: Final = (
    "public task (UK GDPR, Article 6(1)(e)) for a public authority, or legitimate interests "
    "(6(1)(f)) for a charity; consent is asked for as well, and is not what the law rests on"
)
_SPECIAL: Final = (
    "research and statistics (Article 9(2)(j)), or monitoring of equality of opportunity (Data "
    "Protection Act 2018, Schedule 1, paragraph 8)"
)
_KEPT: Final = "answers: two years after the initiative ends; the key: as long as the answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeRecords:
    """What is held for one initiative.

    Attributes:
        title: Of the initiative.
        lead: Who answers for it; empty where the catalogue does not say.
        kinds: What is held, in words; empty where nothing about people is.
        purposes: The success measures it is held for, by address: title.
        questions: What people are asked.
        breakdowns: By what they are described.
        special: Those of them that the law protects above others.
        held: The record sets of the office.
    """

    id: str
    title: str
    lead: str
    kinds: tuple[Held, ...]
    purposes: Mapping[str, str]
    questions: tuple[str, ...] = ()
    breakdowns: tuple[str, ...] = ()
    special: tuple[str, ...] = ()
    held: tuple[RecordSet, ...] = ()

    @property
    def is_about_people(self) -> bool:
        """Say whether any of it is about people one by one."""
        return bool({ANSWERS, PEOPLE, PARTS}.intersection(self.kinds)) or bool(self.held)


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """The annex of an evidence base.

    Attributes:
        title: Of the evidence base.
        initiatives: Those of which records are held or may be, by title.
    """

    title: str
    initiatives: tuple[InitiativeRecords, ...] = field(default=())

    @property
    def with_people(self) -> tuple[InitiativeRecords, ...]:
        """Those with records of people."""
        return tuple(records for records in self.initiatives if records.is_about_people)


def annex(catalogue: Catalogue, held: Sequence[RecordSet] = ()) -> Annex:
    """Make the annex.

    Args:
        catalogue: The definitions.
        held: The office's record sets; none where there is no office yet.
    """
    records = (
        _records(initiative, catalogue, [one for one in held if one.initiative == initiative.id])
        for initiative in catalogue.initiatives.values()
    )
    kept = [record for record in records if record.kinds or record.held]
    return Annex(
        title=catalogue.title,
        initiatives=tuple(sorted(kept, key=lambda record: record.title)),
    )


def to_markdown(made: Annex) -> str:
    """Write the annex as Markdown."""
    return "\n".join(_lines(made)) + "\n"


def _records(
    initiative: Initiative, catalogue: Catalogue, held: Sequence[RecordSet]
) -> InitiativeRecords:
    asked = [q for q in _questions(initiative) if q in catalogue.questions]
    names = dict.fromkeys(
        name
        for success in initiative.success_measures
        for name in success.breakdowns
        if name in catalogue.breakdowns
    )
    breakdowns = [catalogue.breakdowns[name] for name in names]
    return InitiativeRecords(
        id=initiative.id,
        title=initiative.title,
        lead=initiative.lead,
        kinds=tuple(dict.fromkeys(_kinds(initiative))),
        purposes={success.id: success.title for success in initiative.success_measures},
        questions=tuple(_wording(catalogue.questions[name]) for name in asked),
        breakdowns=tuple(breakdown.title for breakdown in breakdowns),
        special=tuple(b.title for b in breakdowns if b.special_category),
        held=tuple(held),
    )


def _kinds(initiative: Initiative) -> Iterator[Held]:
    for success in initiative.success_measures:
        if success.computed_from == "participant_survey":
            yield ANSWERS
        elif success.computed_from == "monitoring_return":
            yield NUMBERS
            if success.counted in _PEOPLE:
                yield PEOPLE
        elif success.computed_from == "register":
            yield _REGISTERS.get(_register(initiative, success.id), EVENTS)


_REGISTERS: Final[Mapping[str, Held]] = {"people": PARTS, "services": COURSES}


def _register(initiative: Initiative, name: str) -> str:
    for success in initiative.success_measures:
        if success.id == name:
            for reading in success.readings:
                if reading.register:
                    return str(reading.register)
    return ""


def _questions(initiative: Initiative) -> list[str]:
    named = (
        reading.question
        for success in initiative.success_measures
        for reading in success.readings
        if reading.question
    )
    return list(dict.fromkeys(named))


def _wording(question: Question) -> str:
    return _bare(question.text.get("en") or next(iter(question.text.values()), question.id))


def _lines(made: Annex) -> Iterator[str]:
    yield f"# Data-protection annex: {made.title}"
    yield ""
    yield (
        "**This is a draft.** What is held, for what and by which questions is read from the "
        "definitions and is so. Lawful basis, conditions, retention and roles are proposals: a "
        "data protection officer must confirm or change each of them before anything is collected."
    )
    yield ""
    yield from _SUMMARY.splitlines()
    yield from _proposals()
    yield "## Initiative by initiative"
    yield ""
    for records in made.with_people:
        yield from _section(records)
    yield from _without_people(made)
    yield from _RIGHTS.splitlines()


_SUMMARY: Final = """\
## In short

- **What**: answers of people who take part in an initiative, before and after, with facts such as
  age band or ethnic group; in some initiatives, who has which part in it.
- **Under what name**: a pseudonym of 16 letters and digits, made with a secret key from what the
  organisation knows the person by, and another one in each initiative. The key is a file apart
  from the office. Pseudonymous data are personal data still.
- **What never enters**: names, addresses, postcodes, e-mail addresses and telephone numbers. A
  column of theirs in a file is left out, and that is said.
- **Where from a grant**: the name of a person who gets a grant is taken out as it is read.
- **What leaves**: figures only, with small groups hidden together with everything else that is
  published. No release, site or log holds an answer or a pseudonym.

"""
_RIGHTS: Final = """\
## Rights, and what is done about them

| Right | How |
|---|---|
| To be told | the notice whose version stands with each record set |
| To withdraw, and erasure | `social-evidence forget` removes all rows of a person |
| Not to be linked | without the scope `link_waves` a person's answers are never paired |
| Storage limitation | `social-evidence forget --expired` removes record sets past their day |
| Access, rectification | by who holds the key, who alone can find a person's rows |
| To object | as withdrawal |

`forget` takes older revisions too, keeps only that somebody was removed, and names the releases
to build again and withdraw.

Backups are outside this program: whoever makes them must let a removal reach them.

## To be confirmed by the data protection officer

1. Controller, joint controllers and processors of each initiative, and their contracts.
2. Lawful basis and the condition for special categories, initiative by initiative.
3. Retention of answers, key and returns; the day stands with every record set.
4. Whether an impact assessment (Article 35) is needed: people in vulnerable situations and
   special categories together suggest that it is.
5. Age from which young people answer for themselves, and who agrees for younger ones.
6. The threshold under which a group is hidden, and the rounding of counts.
7. The notice people are given, in the languages they read.
"""


def _proposals() -> Iterator[str]:
    yield from ("## Proposals", "", "| Matter | Proposal, to be confirmed |", "|---|---|")
    yield f"| Lawful basis | {_LAWFUL} |"
    yield f"| Special categories | {_SPECIAL} |"
    yield f"| How long | {_KEPT} |"
    yield (
        "| Who sees rows | whoever evaluates the initiative, under the role that imports; grant "
        "holders see their own returns; nobody else |"
    )
    yield "| Where | one database (the office), readable by its owner only, on encrypted storage |"
    yield ""


def _section(records: InitiativeRecords) -> Iterator[str]:
    yield f"### {records.title}"
    yield ""
    yield f"- **Held**: {'; '.join(records.kinds)}."
    purposes = "; ".join(f"{title} (`{name}`)" for name, title in records.purposes.items())
    yield f"- **Why**: {purposes}."
    if records.questions:
        yield "- **Asked**:"
        yield from (f"  - {text}" for text in records.questions)
    if records.breakdowns:
        yield f"- **Described by**: {', '.join(records.breakdowns)}."
    yield (f"- **Special categories**: {', '.join(records.special) or 'none by definition'}.")
    yield f"- **Who answers for it**: {records.lead or 'to be named'} (to be confirmed)."
    if records.held:
        yield from _held(records.held)
    yield ""


def _held(sets: Sequence[RecordSet]) -> Iterator[str]:
    yield ""
    yield "| Record set | Purpose | Lawful basis | Condition | Agreed to | Keep until | Answers |"
    yield "|---|---|---|---|---|---|---|"
    for held in sets:
        rows = f"under {_SMALL}" if 0 < held.rows < _SMALL else f"{held.rows:,}"
        cells = (
            f"`{held.id}`",
            held.purpose,
            held.lawful_basis,
            held.special_category_condition or "none",
            ", ".join(held.scopes),
            held.keep_until,
            rows,
        )
        yield "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _without_people(made: Annex) -> Iterator[str]:
    others = [records for records in made.initiatives if not records.is_about_people]
    if not others:
        return
    yield "## Without records of people"
    yield ""
    for records in others:
        yield f"- {records.title}: {'; '.join(records.kinds)}."
    yield ""


def _bare(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _bare(text).replace("|", "\\|")
