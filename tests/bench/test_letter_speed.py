"""What keeping the letter of an event adds to the event: CPU time of one run, with and without it in turns.

The base is told with the figure: the event as the use case applies it; what a person posts (session, form, use case,
redirect); and the whole click, with the page to which it leads.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from time import process_time
from typing import Any

import pytest
from flask import Flask

from tests.bench.test_way_speed import Serving
from tests.webui.filing import CITIZEN, file
from tests.webui.visitor import Visitor
from tests.workflow.service.township import HOME, Town
from workflow.service.installation import temporary_office
from workflow.service.letters.keeping import Keeping

LETTERS: dict[str, dict[str, Any]] = {
    "require_correction": {"defects": ["请写明年度"]},
    "extend": {"days": 10, "reason": "需查阅历年纸质档案"},
}
"""Events that make a letter, with what is said of them."""


@contextmanager
def unkept(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Events make no letter."""
    with patch.context() as without:
        without.setattr(Keeping, "after", lambda *_, **__: None)
        yield


def added(times: dict[str, list[float]]) -> float:
    """The share that keeping adds."""
    return usual(times["kept"]) / usual(times["bare"]) - 1


def usual(times: list[float]) -> float:
    """The time of a turn that other work on the machine has disturbed little: the lower quartile."""
    return sorted(times)[len(times) // 10]


@pytest.mark.parametrize("event", LETTERS)
def test_keeping_a_letter_beside_its_event_in_the_use_case(
    full: bool, tell: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, event: str
) -> None:
    rounds = 150 if full else 2
    times: dict[str, list[float]] = {"kept": [], "bare": []}
    with temporary_office() as office:
        town = Town(office)
        town.clock(date(2024, 3, 21))
        numbers = [town.register("2024-03-20", proof=f"E{n:08d}") for n in range(2 * rounds)]
        for number in numbers if event == "extend" else ():
            town.do(number, "assign", "2024-03-21", to="农业中心")
        by = town.drafter.within(HOME)

        def apply(number: str, way: str) -> None:
            said = {"on": "2024-03-21", **LETTERS[event]}
            begun = process_time()
            town.moving.apply(by, number, event, said)
            times[way].append(process_time() - begun)

        for n in range(rounds):
            apply(numbers[2 * n], "kept")
            with unkept(monkeypatch):
                apply(numbers[2 * n + 1], "bare")
    tell(
        f"keeping the letter of {event}: {100 * added(times):+.0f} % of the event in the use case"
        f"   [{1e3 * usual(times['kept']):.2f} ms, without {1e3 * usual(times['bare']):.2f} ms]"
    )


@pytest.mark.parametrize(("event", "who"), [("require_correction", "lifang"), ("extend", "chen")])
def test_keeping_a_letter_beside_the_posted_event(
    app: Flask, staff: Callable[[str], Visitor], full: bool,
    tell: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, event: str, who: str,
) -> None:  # fmt: skip
    """Aim: a fifth at most of what a click costs."""
    serving = Serving(app, monkeypatch)
    rounds = 60 if full else 1
    times: dict[str, list[float]] = {"kept": [], "bare": [], "page": []}
    typed = {name: str(value) for name, value in LETTERS[event].items() if name != "defects"}
    typed |= {"defects": "请写明年度"} if event == "require_correction" else {}

    def post(n: int, way: str) -> None:
        person = {**CITIZEN, "id_type": "passport", "id_number": f"E{n:08d}"}
        number, _ = file(Visitor(app), person)
        if event == "extend":
            staff("lifang").act(number, "assign", to="农业中心")
        page = staff(who).get(f"/desk/cases/{HOME}/{number}")
        form = page.form(f"/events/{event}")
        serving.taken = 0.0
        answer = page.client.post(form.action, data={**form.fields, **typed})
        if answer.status_code == 200:  # asked once more
            page.page = answer
            asked = page.form(f"/events/{event}")
            serving.taken = 0.0
            answer = page.client.post(asked.action, data={**asked.fields, "confirmed": "yes"})
        times[way].append(serving.taken)
        assert answer.status_code == 303
        serving.taken = 0.0
        assert "已登记" in page.get(answer.location).text
        times["page"].append(serving.taken)

    for n in range(rounds):
        post(2 * n, "kept")
        with unkept(monkeypatch):
            post(2 * n + 1, "bare")
    assert all(len(found) == rounds for way, found in times.items() if way != "page")
    more, page = usual(times["kept"]) - usual(times["bare"]), usual(times["page"])
    tell(
        f"keeping the letter of {event}: {100 * added(times):+.0f} % of what is posted,"
        f" {100 * more / (usual(times['bare']) + page):+.0f} % with the page that it leads to"
        f"   [{1e3 * usual(times['kept']):.2f} ms, without {1e3 * usual(times['bare']):.2f} ms, page {1e3 * page:.2f} ms]"
    )
    assert not full or more < (usual(times["bare"]) + page) / 5
