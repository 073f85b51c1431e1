"""What people read of a question that differs from the one its measure is named for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from social_evidence.model.source_maps import Comparability
from social_evidence.wording.comparability import comparability_sentences

GRADES = st.sampled_from(["same", "minor", "major"])


def test_a_major_difference_forbids_the_comparison_and_names_its_side_only():
    compares = Comparability(scale="major", mode="minor", note="Four answers.")
    told, note = comparability_sentences(compares)
    assert told == (
        "A major difference in the answers offered: this figure must not be compared with those "
        "of other series, such as the city's."
    )
    assert note == "Four answers."


def test_minor_differences_are_listed_as_people_list_things():
    (told,) = comparability_sentences(Comparability(wording="minor", asked="minor", mode="minor"))
    assert told == (
        "Minor differences in the wording, who was asked and how it was asked: compare with care."
    )


def test_a_question_alike_on_every_side_says_so():
    (told,) = comparability_sentences(Comparability())
    assert "compares on every side" in told


@given(
    st.builds(Comparability, wording=GRADES, scale=GRADES, asked=GRADES, mode=GRADES, recall=GRADES)
)
def test_the_worst_side_decides_what_is_said(compares):
    grades = {compares.wording, compares.scale, compares.asked, compares.mode, compares.recall}
    told = comparability_sentences(compares)[0]
    assert ("must not be compared" in told) == ("major" in grades)
    assert ("on every side" in told) == (grades == {"same"})
