"""Messages with places: filled, isolated, counted, and in marked English where they are missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.errors import DefinitionError
from social_evidence.wording.language import Language, Review, header, review_of, usable
from social_evidence.wording.phrases import Phrase, apart, filled, is_template, places, plain

FORMS = ("zero {count}", "one {count}", "two {count}", "few {count}", "many {count}", "o {count}")


@dataclass(frozen=True)
class Plain:
    """Formats that leave a number as it is; its category is one, two or other."""

    def number(self, value: Decimal) -> str:
        return str(value)

    def percent(self, value: Decimal) -> str:
        return f"{value}%"

    def pounds(self, value: Decimal) -> str:
        return f"£{value}"

    def digits(self, text: str) -> str:
        return text

    def day(self, day: date) -> str:
        return day.isoformat()

    def month(self, day: date, *, alone: bool) -> str:
        return f"{day:%Y-%m}"

    def plural(self, value: Decimal) -> str:
        return {Decimal(1): "one", Decimal(2): "two"}.get(value, "other")


WELSH = Language(
    code="cy",
    name="Cymraeg",
    direction="ltr",
    messages={
        ("", "It is {value}."): ("Mae’n {value}.",),
        ("", "{count} thing"): FORMS,
        ("place", "London"): ("Llundain",),
    },
    categories=("zero", "one", "two", "few", "many", "other"),
    formats=Plain(),
)
ARABIC = replace(WELSH, code="ar", name="العربية", direction="rtl")


def test_a_message_is_filled_by_name() -> None:
    assert plain(WELSH.say("It is {value}.", value="5")) == "Mae’n 5."


def test_a_missing_message_is_said_in_english_and_marked() -> None:
    said = WELSH.say("A new {thing}.", thing="one")
    assert (plain(said), said.language) == ("A new one.", "en")


def test_a_label_without_translation_stays_and_is_marked() -> None:
    assert WELSH.label("place", "London") == Phrase(("Llundain",))
    assert WELSH.label("place", "Camden").language == "en"
    assert WELSH.label("group", "London") != Phrase(("Llundain",)), "the context counts"


@pytest.mark.parametrize(
    ("number", "form"), [(1, "one 1"), (2, "two 2"), (7, "o 7"), (-1, "one -1")]
)
def test_the_form_follows_the_category_of_the_number(number: int, form: str) -> None:
    said = WELSH.count("{count} thing", "{count} things", Decimal(number))
    assert plain(said) == form


def test_a_number_in_right_to_left_words_is_isolated_and_in_others_is_not() -> None:
    assert plain(ARABIC.say("It is {value}.", value=ARABIC.number(Decimal(5))), "rtl") == (
        "Mae’n \u20665\u2069."
    )
    assert plain(WELSH.say("It is {value}.", value=WELSH.number(Decimal(5)))) == "Mae’n 5."


def test_an_english_name_in_right_to_left_words_is_isolated() -> None:
    told = ARABIC.say("It is {value}.", value=ARABIC.label("place", "Camden"))
    assert plain(told, "rtl") == "Mae’n \u2066Camden\u2069."


def test_words_for_a_drawing_are_isolated_as_a_whole() -> None:
    assert apart(Phrase(("نص",)), "rtl") == "\u2067نص\u2069"
    assert apart(Phrase(("tekst",)), "ltr") == "tekst"


def test_marks_that_turn_letters_round_are_left_out() -> None:
    assert plain(WELSH.label("group", "a\u202eb\u2066c\x07")) == "abc"


def test_only_names_are_places_and_nothing_of_a_value_can_be_reached() -> None:
    assert places("{a} {b_c}") == {"a", "b_c"}
    assert not is_template("{a.__class__}")
    assert not is_template("{0}")
    assert not is_template("{a")
    assert is_template("plain {a}")
    with pytest.raises(DefinitionError, match="nothing is given"):
        filled("{missing}", {"there": "x"})


@given(st.text(min_size=1), st.text(min_size=1))
def test_what_is_filled_in_is_never_read_as_a_template(first: str, second: str) -> None:
    told = filled("<{a}|{b}>", {"a": first, "b": second})
    assert told.parts[0] == "<"
    texts = ["".join(map(str, part.parts)) for part in told.parts if isinstance(part, Phrase)]
    assert texts == [first, second]


SOURCE = {("", "{a} x"): ("{a} x",), ("", "{count} y"): ("{count} y", "{count} ys")}


def test_messages_with_other_places_or_forms_are_left_out_and_told() -> None:
    kept, faults = usable(
        {
            ("", "{a} x"): ("{b} x",),
            ("", "{count} y"): ("{count} y",),
            ("", "gone"): ("z",),
        },
        SOURCE,
        3,
    )
    assert not kept
    assert [fault.split("”")[1].strip() for fault in faults] == [
        "has other places than ['a']",
        "has 1 forms, not 3",
        "is not a message of the English file",
    ]


def test_a_missing_message_is_told() -> None:
    _, faults = usable({}, SOURCE, 2)
    assert faults == ["“{a} x” is not translated", "“{count} y” is not translated"]


HEAD = """# A comment
msgid ""
msgstr ""
"Language: cy\\n"
"PO-Revision-Date: 2026-11-01 10:00+0000\\n"
"X-Reviewed-By: {by}\\n"
"X-Reviewed-On: {on}\\n"

msgid "Language: pl"
msgstr "x"
"""


def test_the_head_of_a_file_is_read_without_its_messages() -> None:
    fields = header(HEAD.format(by="Somebody", on="2026-11-02"))
    assert fields["Language"] == "cy"
    assert review_of(fields) == Review(
        by="Somebody", on="2026-11-02", revised="2026-11-01 10:00+0000"
    )


@pytest.mark.parametrize(
    ("by", "on", "lacks"),
    [
        ("Somebody", "2026-11-02", []),
        ("", "2026-11-02", ["X-Reviewed-By names nobody"]),
        ("  ", "2026-11-02", ["X-Reviewed-By names nobody"]),
        ("Somebody", "", ["X-Reviewed-On has no date such as 2026-11-22"]),
        ("Somebody", "soon", ["X-Reviewed-On has no date such as 2026-11-22"]),
        ("Somebody", "2026-12-01", ["X-Reviewed-On is 2026-12-01, which is to come"]),
        (
            "Somebody",
            "2026-10-31",
            ["it was changed on 2026-11-01, after the review of 2026-10-31"],
        ),
    ],
)
def test_a_review_needs_a_name_and_a_day_after_the_last_change(
    by: str, on: str, lacks: list[str]
) -> None:
    review = review_of(header(HEAD.format(by=by, on=on)))
    assert list(review.lacks(date(2026, 11, 22))) == lacks
