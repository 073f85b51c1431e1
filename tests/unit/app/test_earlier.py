"""What earlier releases tell of a series: known counts, hidden ones, and those since revised."""

from __future__ import annotations

from social_evidence.app.earlier import told

POOLS = {"p1-2": ("w1", "w2")}


def at(period, group):
    return (period, "T", "all" if group == "all" else "sex", group)


def telling(now, *releases):
    """Each release: counts shown, places hidden, pools."""
    shown, hidden, pools = zip(*releases, strict=True) if releases else ((), (), ())
    versions = [f"{2020 + n}.0.0" for n in range(len(releases))]
    return told(now, POOLS, shown, hidden, pools, versions)


def test_a_count_that_is_the_same_is_known_for_good():
    found = telling({at("w1", "f"): 20}, ({at("w1", "f"): 20}, (), {}))
    assert found.known == {at("w1", "f")}
    assert found.counts == {at("w1", "f"): 20}


def test_a_revised_count_is_another_unknown_than_the_one_shown_before():
    found = telling(
        {at("w1", "f"): 21, at("w1", "m"): 30},
        ({at("w1", "f"): 20}, [at("w1", "m")], {}),
    )
    assert found.known == {at("w1@2020.0.0", "f")}
    assert found.hidden == {at("w1@2020.0.0", "m")}
    assert found.counts[at("w1@2020.0.0", "m")] is None
    assert found.counts[at("w1", "f")] == 21


def test_a_count_that_stayed_while_others_were_revised_is_known_all_the_same():
    now = {at("w1", "f"): 21, at("w1", "m"): 30}
    found = telling(now, ({at("w1", "f"): 20, at("w1", "m"): 30}, (), {}))
    assert at("w1", "m") in found.known
    assert at("w1", "f") not in found.known


def test_two_releases_before_a_revision_tell_of_the_same_unknowns():
    old = ({at("w1", "f"): 20}, [at("w1", "m")], {})
    found = telling({at("w1", "f"): 21, at("w1", "m"): 30}, old, old)
    assert found.hidden == {at("w1@2020.0.0", "m")}


def test_a_hidden_count_that_a_later_release_showed_is_known():
    found = telling({at("w1", "f"): 20}, ({}, [at("w1", "f")], {}), ({at("w1", "f"): 20}, (), {}))
    assert (found.known, found.hidden) == ({at("w1", "f")}, frozenset())


def test_a_pool_that_has_slid_keeps_the_waves_it_had():
    found = telling(
        {at("w2", "f"): 20, at("w3", "f"): 30},
        ({at("p2-3", "f"): 50, at("w2", "f"): 19}, [], {"p2-3": ("w2", "w3")}),
    )
    assert found.pools == {**POOLS, "p2-3": ("w2@2020.0.0", "w3")}
    assert found.counts[at("p2-3", "f")] == 50
