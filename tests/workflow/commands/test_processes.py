"""Work in processes of its own: one that ends, hangs or fails is told as lost, and nobody waits for it."""

import multiprocessing
import os

import pytest

from tests.workflow.commands.victims import double, hears_ctrl_c, who
from workflow.commands.processes import ENDED, SLOW, Lost, Processes


def test_what_fails_ends_or_hangs_is_lost_and_the_rest_is_done():
    with Processes(2, seconds=2.0) as processes:
        assert dict(processes.run(double, [0, 1, 2, 3, 4, 5])) == {
            0: 0, 1: Lost("处理时程序出错（KeyError）"), 2: ENDED, 3: SLOW, 4: 8, 5: 10,
        }  # fmt: skip
        assert dict(processes.run(double, [7])) == {0: 14}
    assert multiprocessing.active_children() == []


def test_they_are_other_processes_no_more_than_asked_for_and_hear_no_ctrl_c():
    with Processes(2, seconds=30.0) as processes:
        assert list(processes.run(who, [])) == []
        first = {found for _, found in processes.run(who, [0])}
        assert len(first) == 1 and os.getpid() not in first
        assert len({found for _, found in processes.run(who, range(20))} | first) <= 2
        assert dict(processes.run(hears_ctrl_c, [0])) == {0: False}


def test_they_end_with_the_block_however_it_ends():
    with pytest.raises(KeyboardInterrupt), Processes(1, seconds=30.0) as processes:
        for _ in processes.run(double, [4, 3]):
            raise KeyboardInterrupt
    assert multiprocessing.active_children() == []


def test_where_no_process_can_be_begun_it_is_a_fault(monkeypatch):
    monkeypatch.setattr("workflow.commands.processes._serve", os._exit)
    with Processes(1, 5.0) as processes, pytest.raises(RuntimeError, match="no process"):
        list(processes.run(double, [4]))


def test_one_that_ended_while_it_waited_is_replaced():
    with Processes(1, seconds=30.0) as processes:
        (first,) = (found for _, found in processes.run(who, [0]))
        os.kill(first, 9)
        for ending in multiprocessing.active_children():
            ending.join()  # what is sent to it now cannot be sent
        (second,) = (found for _, found in processes.run(who, [0]))
    assert isinstance(second, int) and second != first
