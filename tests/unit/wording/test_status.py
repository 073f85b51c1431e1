from typing import get_args

import pytest

from social_evidence.errors import DefinitionError
from social_evidence.model.estimate import Status
from social_evidence.wording import status


def test_every_status_has_a_sentence_of_its_own():
    sentences = [status.status_sentence(name) for name in get_args(Status)]
    assert len(set(sentences)) == len(get_args(Status))
    assert all(s[0].isupper() and s.endswith(".") for s in sentences)


def test_a_shown_cell_with_nobody_in_it_says_so():
    assert status.status_sentence("shown", base=0) == "Nobody who answered is in this group."
    assert status.status_sentence("protected", base=0) == status.status_sentence("protected")


def test_an_unknown_status_is_refused_with_the_known_ones():
    with pytest.raises(DefinitionError, match="protected"):
        status.status_sentence("hidden")
