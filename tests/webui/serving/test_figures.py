"""Figures that several processes write and any of them adds up."""

import os

import pytest

from webui.serving.figures import BUCKETS, KINDS, STATUSES, Figures


def test_a_figure_is_counted_by_kind_status_and_time():
    figures = Figures()
    figures.answered("portal", 200, 0.004)
    figures.answered("portal", 200, 0.3)
    figures.answered("desk", 503, 99.0)
    figures.answered("desk", 418, 0.01)
    figures.wrote()
    assert list(figures.requests()) == [("portal", 200, 2), ("desk", 503, 1), ("desk", 0, 1)]
    portal, desk = figures.times("portal"), figures.times("desk")
    assert portal.count == 2 and portal.seconds == pytest.approx(0.304)
    assert portal.within == (1, 1, 1, 1, 1, 2, 2, 2, 2, 2)
    assert desk.within == (1,) * len(BUCKETS) and desk.count == 2
    assert figures.times("api").count == 0 and figures.writes == 1
    with pytest.raises(ValueError):
        figures.answered("elsewhere", 200, 0.1)


def test_no_cell_is_another_ones():
    figures = Figures(2)
    for slot in range(2):
        figures.here(slot)
        for kind in KINDS:
            for status in STATUSES:
                figures.answered(kind, status, 0.02)
    assert [count for _, _, count in figures.requests()] == [2] * len(KINDS) * len(STATUSES)
    assert all(figures.times(kind).count == 2 * len(STATUSES) for kind in KINDS)
    assert {one.pid for one in figures.running()} == {os.getpid()} and figures.writes == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="one process alone where there is no fork")
def test_what_children_count_their_parent_sums_and_a_new_child_goes_on_in_the_slot():
    figures = Figures(3, shared=True)
    for slot in (1, 2, 2):
        child = os.fork()
        if not child:
            try:
                figures.here(slot)
                for _ in range(slot * 10):
                    figures.answered("desk", 200, 0.02)
                figures.wrote()
            finally:
                os._exit(0)
        os.waitpid(child, 0)
    assert list(figures.requests()) == [("desk", 200, 50)]
    assert figures.writes == 3
    pids = [one.pid for one in figures.running()]
    assert [one.slot for one in figures.running()] == [0, 1, 2]
    assert pids[0] == os.getpid() and len(set(pids)) == 3


def test_a_slot_that_nobody_took_has_no_process():
    assert [one.slot for one in Figures(3).running()] == [0]
