"""Redirects of a catalogue: each leads to something, and no old address is used again."""

from __future__ import annotations

import pytest

from social_evidence.catalogue.load import load
from social_evidence.errors import DefinitionError

SOUND = """
[measures]
trusting_others = "trusting"

[areas]
north-side = "N1"

[groups]
"age_band/16_39" = "age_band/16_44"
"""


def test_without_the_file_nothing_has_moved(folder) -> None:
    assert load([folder()]).redirects.measures == {}


def test_each_kind_is_read(folder) -> None:
    found = load([folder({"redirects.toml": SOUND})]).redirects
    assert found.measures == {"trusting_others": "trusting"}
    assert found.areas == {"north-side": "N1"}
    assert found.groups == {"age_band/16_39": "age_band/16_44"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[measures]\nold = "trustin"', "there is no measure 'trustin'. Did you mean 'trusting'"),
        ('[measures]\ntrusting = "trusting"', "is the address of a measure again"),
        ('[measures]\nTRUSTING = "trusting"', "is the address of a measure again"),
        ('[measures]\na = "b"\nb = "trusting"', "leads to 'b', which has moved too"),
        ('[areas]\nnorth-side = "N9"', "'N9' is no area"),
        ('[areas]\nnorth = "S1"', "is the address of an area again"),
        ('[areas]\n"North Side" = "N1"', "is no address: write 'north-side'"),
        ('[groups]\n"age_band/16_39" = "age_band/16_4"', "there is no group 'age_band/16_4'"),
        ('[groups]\n"sex/women" = "sex/men"', "is the address of a group again"),
        ("[places]", "there is no redirects field 'places'"),
    ],
)
def test_a_faulty_redirect_is_named(folder, text: str, told: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        load([folder({"redirects.toml": text})])
    assert told in str(caught.value)
    assert "redirects.toml" in str(caught.value)
