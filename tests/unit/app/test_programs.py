"""Processes that are started before there is work for them."""

from __future__ import annotations

from social_evidence.app import programs, site_apart, workers


def test_one_that_is_ready_is_the_one_that_is_started():
    with programs.ready(workers.PROGRAM, workers.PROGRAM):
        first, second = programs.start(workers.PROGRAM), programs.start(workers.PROGRAM)
        assert first.pid != second.pid
        assert workers.PROGRAM in programs._waiting
        assert not programs._waiting[workers.PROGRAM]
        programs.stop([first, second])


def test_one_that_finds_no_work_is_ended():
    with programs.ready(site_apart.PROGRAM):
        (idle,) = programs._waiting[site_apart.PROGRAM]
    assert idle.returncode is not None
    assert not programs._waiting


def test_one_that_is_sent_nothing_ends_by_itself_and_says_nothing(capfd):
    process = programs.start(site_apart.PROGRAM)
    process.stdin.close()
    assert process.wait(timeout=120) == 0
    process.stdout.close()
    assert capfd.readouterr() == ("", "")
