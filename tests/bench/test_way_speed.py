"""The whole way of a request through the pages: from the form at the portal over the desks of five people to
the answer that the applicant sees. CPU time and statements of each move, beside as many other requests as
wanted."""

from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any

import pytest
from flask import Flask

from tests.bench.readers import COPIES, HOME, Readers
from tests.bench.test_event_work import filled
from tests.counting import Work, work
from tests.proofs import upload
from tests.webui.filing import CITIZEN, file, judged
from tests.webui.visitor import Visitor, place_of

ITEMS = "养护合同\n竣工验收单"
MOVES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("lifang", "assign", {"to": "zhaoming"}),
    ("zhaoming", "propose_outcome", {"items__1__outcome": "supplied", "items__2__outcome": "supplied"}),
    ("zhaoming", "send_to_secrecy_review", {}),
    ("wangqiang", "pass_secrecy_review", judged()),
    ("falv", "pass_legal_check", {}),
    ("chen", "approve", {}),
    ("lifang", "serve", {"method": "direct", "proof_file": upload}),
)  # fmt: skip
MOST_STATEMENTS = 60
MOST_OF = {"assign": 66, "extend": 82, "approve": 92, "serve": 89}
"""Of a move: list, page, what is posted and the page after it; of some the question whether it is meant. Of each
event another system is told, which is a statement more."""


class Serving:
    """CPU time that the application takes, without that of the browsers, who read every page here."""

    def __init__(self, app: Flask, patch: pytest.MonkeyPatch) -> None:
        self.taken = 0.0
        serve = app.wsgi_app

        def timed(environ: Any, start_response: Any) -> Any:
            begun = process_time()
            try:
                return serve(environ, start_response)
            finally:
                self.taken += process_time() - begun

        patch.setattr(app, "wsgi_app", timed)


class Way:
    """One request on its way."""

    def __init__(self, readers: Readers, n: int) -> None:
        self.applicant = Visitor(readers.wide.app)
        self.staff = readers.wide.staff
        self.form = {
            **CITIZEN, "name": f"王五{n}", "id_number": "", "id_type": "passport",
            "items": ITEMS,
        }  # fmt: skip
        self.form["id_number"] = f"E{n:08d}"
        self.number = self.code = ""

    def moves(self) -> list[tuple[str, Callable[[], None]]]:
        """What is done, in order, each with its name."""
        found = [("file", self._file)]
        for who, event, typed in MOVES:
            found.append(
                (event, lambda who=who, event=event, typed=typed: self._move(who, event, typed))
            )
        return [*found, ("answer", self._answer)]

    def _file(self) -> None:
        self.number, self.code = file(self.applicant, self.form)

    def _move(self, who: str, event: str, typed: dict[str, Any]) -> None:
        person = self.staff(who).get("/desk/")
        assert person.status == 200
        page = f"/desk/cases/{HOME}/{self.number}"
        person.get(f"{page}{place_of(event)}").applied(event, filled(typed))
        after = place_of(event) if event == "pass_secrecy_review" else ""
        assert (person.status, person.path) == (200, f"{page}{after}"), (event, person.alert)

    def _answer(self) -> None:
        self.applicant.get("/query").send("/query", number=self.number, code=self.code)
        assert "已作出答复" in self.applicant.text


@pytest.mark.tampering(reason=COPIES)
def test_the_whole_way_of_a_request(
    readers: Readers,
    full: bool,
    tell: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    serving = Serving(readers.wide.app, monkeypatch)
    cases, rounds = (10_000, 12) if full else (30, 1)
    readers.widen(3, cases, cases // 3)
    for n in range(2):
        for _, act in Way(readers, n).moves():
            act()
    taken: dict[str, list[float]] = {}
    for n in range(rounds):
        for name, act in Way(readers, 100 + n).moves():
            serving.taken = 0.0
            act()
            taken.setdefault(name, []).append(serving.taken)
    found: dict[str, Work] = {}
    for name, act in Way(readers, 1000).moves():
        with work() as done:
            act()
        found[name] = done
        tell(f"{name:24}{median(taken[name]) * 1000:8.1f} ms {done.statements:4} statements")
    whole = sum(median(times) for times in taken.values())
    asked = sum(done.statements for done in found.values())
    tell(
        f"the whole way, {len(MOVES) + 1} moves, beside {cases} requests:"
        f" {whole * 1000:.1f} ms, {asked} statements"
    )
    over = {
        name: done.statements
        for name, done in found.items()
        if done.statements > MOST_OF.get(name, MOST_STATEMENTS)
    }
    assert over == {}
