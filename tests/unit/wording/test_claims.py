"""Claims say what was seen, and put nothing down to an initiative that its evidence cannot bear."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.errors import DefinitionError
from social_evidence.wording import claims
from social_evidence.wording.claims import FLAGS, REFUSED, Seen, claim, found_of, refused_words

OUTCOME = "they have somebody to rely on"
thousandths = st.integers(-1000, 1000).map(lambda n: n / 1000)


@st.composite
def sightings(draw):
    lower, change, upper = sorted(draw(st.lists(thousandths, min_size=3, max_size=3)))
    is_known = draw(st.booleans())
    return Seen(
        outcome=OUTCOME,
        people=draw(st.integers(1, 5000)),
        before=draw(st.none() | st.just(0.4)),
        after=draw(st.none() | st.just(0.5)),
        change=change if is_known else None,
        lower=lower if is_known else None,
        upper=upper if is_known else None,
        smallest=draw(st.none() | st.just(0.05)),
        compared_with=draw(st.sampled_from(["", "similar Londoners"])),
        is_score=draw(st.booleans()),
        is_follow_up=draw(st.booleans()),
        is_moves=draw(st.booleans()),
    )


@settings(deadline=None)
@given(sightings(), st.integers(0, 5), st.lists(st.sampled_from(sorted(FLAGS)), max_size=4))
def test_no_claim_below_level_three_holds_a_refused_word(seen, level, flags):
    made = claim(seen, level=level, flags=flags)
    if level < 3:
        assert refused_words(made.text) == []
    assert made.level == level
    assert len(made.limits) == len(set(flags))
    assert made.text.count(OUTCOME) == 1


@given(sightings())
def test_the_finding_follows_the_range_and_nothing_else(seen):
    found = found_of(seen)
    if seen.change is None or (seen.is_follow_up and not seen.compared_with):
        assert found == "unknown"
    elif found == "rose":
        assert seen.lower > 0
    elif found == "fell":
        assert seen.upper < 0
    elif found == "no_meaningful_change":
        assert -seen.smallest < seen.lower <= seen.upper < seen.smallest
    else:
        assert seen.lower <= 0 <= seen.upper


def test_no_change_that_matters_is_told_from_too_little_to_tell():
    narrow = Seen(outcome=OUTCOME, people=900, change=0.01, lower=-0.02, upper=0.04, smallest=0.05)
    wide = Seen(outcome=OUTCOME, people=30, change=0.01, lower=-0.2, upper=0.22, smallest=0.05)
    assert found_of(narrow) == "no_meaningful_change"
    assert found_of(wide) == "not_enough_data"
    assert "as many as before" in claim(narrow, level=1).text
    assert "could be anything between −20 and 22 percentage points" in claim(wide, level=1).text


def test_a_claim_reads_as_people_speak():
    seen = Seen(
        outcome=OUTCOME,
        people=1184,
        before=0.462,
        after=0.554,
        change=0.092,
        lower=0.012,
        upper=0.172,
    )
    made = claim(seen, level=1, flags=["self_report"])
    assert made.text == (
        "Of 1,184 people who were asked, 9 percentage points more say that they have somebody to "
        "rely on (46% before, 55% after); very likely between 1 and 18 percentage points more. "
        "There was nothing to compare with, so we cannot say why. This is what people say of "
        "themselves."
    )


@pytest.mark.parametrize(("language", "words"), REFUSED.items())
def test_every_refused_word_is_found_in_a_text_and_refused(language, words):
    for word in words:
        text = f"x {word.upper()}, y"
        assert word in refused_words(text, language=language)
        with pytest.raises(DefinitionError, match="level 3"):
            claims.check_claim(text, 2)
        claims.check_claim(text, 3)


def test_a_refused_word_cannot_hide():
    assert refused_words("it le\u00add  TO more")  # a soft hyphen and a wide gap
    assert refused_words("\uff43\uff41\uff55\uff53\uff45\uff44")  # wide letters
    assert refused_words("networked, causeway, compact") == []


def test_the_outcome_s_own_words_are_held_to_the_level():
    seen = Seen(outcome="the project caused it", people=10, change=0.1, lower=0.05, upper=0.2)
    with pytest.raises(DefinitionError, match="'caused'"):
        claim(seen, level=2)
    assert claim(seen, level=4).level == 4


def test_what_is_not_known_is_refused():
    seen = Seen(outcome=OUTCOME, people=1)
    with pytest.raises(DefinitionError, match="from 0 to 5"):
        claim(seen, level=6)
    with pytest.raises(DefinitionError, match="no limit 'nonsense'"):
        claim(seen, level=1, flags=["nonsense"])
    assert "cannot say" in claim(seen, level=1).text


def test_a_score_is_told_without_points():
    seen = Seen(outcome="they feel at home", people=90, change=0.4, lower=0.1, upper=0.7,
                before=2.1, after=2.5, is_score=True)  # fmt: skip
    assert claim(seen, level=1).seen == (
        "Of 90 people who were asked, the average is 0.4 higher on how far they feel at home "
        "(2.1 before, 2.5 after); very likely between 0.1 and 0.7."
    )


def test_people_who_began_without_it_show_a_share_and_no_change():
    seen = Seen(outcome="they volunteer", people=120, change=0.18, lower=0.12, upper=0.25,
                is_follow_up=True)  # fmt: skip
    made = claim(seen, level=1, flags=["began_without"])
    assert made.found == "unknown"
    assert "18% say when asked again that they volunteer" in made.seen


def test_without_a_difference_nothing_is_put_down_to_a_lottery():
    wide = Seen(outcome=OUTCOME, people=30, change=0.01, lower=-0.2, upper=0.22)
    assert "put down" not in claim(wide, level=5).text
    sure = Seen(outcome=OUTCOME, people=900, change=0.1, lower=0.05, upper=0.15)
    assert "can be put down to it" in claim(sure, level=5).text


def test_every_language_the_program_speaks_has_its_refused_words():
    folder = Path(claims.__file__).parents[1] / "languages"
    shipped = {path.stem for path in folder.glob("*.po")}
    assert shipped
    assert shipped <= set(REFUSED)


def test_no_translation_of_a_claim_s_sentences_brings_a_refused_word_in():
    folder = Path(claims.__file__).parents[1] / "languages"
    seen = [Seen(outcome=OUTCOME, people=9, compared_with=other) for other in ("", "others")]
    reasons = {claim(one, level=level).reason for one in seen for level in range(3)}
    entry = re.compile(r"^msgid (.*?)\nmsgstr (.*?)(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)
    for path in folder.glob("*.po"):
        for found in entry.finditer(path.read_text(encoding="utf-8")):
            said, told = ("".join(re.findall(r'"(.*)"', part)) for part in found.groups())
            if said in reasons.union(FLAGS.values()):
                assert refused_words(told, language=path.stem) == []
