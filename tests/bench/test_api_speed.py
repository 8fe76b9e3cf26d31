"""A page of fifty cases by the API, beside the bare query of the same rows and their JSON, in one run. Statements are
counted; of CPU time only the ratio is told."""

import json
from collections.abc import Callable
from statistics import median
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder

from tests.bench.conftest import cpu_side_by_side
from tests.counting import work
from tests.webui.api.program import Program, application
from workflow.service import Office
from workflow.store import worklist
from workflow.store.sight import sight_of

PAGE, CASES = "/cases?limit=50", 60
STATEMENTS = {"by the API": 6, "bare": 5, "rows alone": 3}
"""The API asks besides: the token, its holder and the mark of the rules at once."""
MOST = {"bare": 2.6, "rows alone": 3.3}


def test_a_page_of_cases_costs_at_most_three_times_its_rows(
    app: Flask,
    office: Office,
    program: Callable[..., Program],
    full: bool,
    tell: Callable[[str], None],
) -> None:
    """The ratio is asserted where it is measured (`make bench`); statements always."""
    for n in range(CASES):
        program().file(**application(request=f"2023年度农村公路养护合同第{n}号"))
    app.config["RATELIMIT_ENABLED"] = True
    asked = EnvironBuilder(
        f"/api/v1{PAGE}",
        headers=program("lifang").headers,
        environ_base={"REMOTE_ADDR": "127.0.0.1"},
    ).get_environ()

    def by_the_api() -> bytes:
        """As a server calls the application, its limits counted."""
        answer = app.wsgi_app(dict(asked), lambda *_: None)
        return b"".join(answer)

    said = json.loads(by_the_api())["cases"]
    assert len(said) == 50
    with office.store.read() as unit:
        body = unit.agency("panlong").id

    wanted = worklist.Wanted(sight=sight_of({body: "panlong"}, "lifang", {}, {}))

    def rows_alone() -> str:
        """The rows with their names, and the JSON of what stands in them."""
        with office.store.read() as unit:
            lines = worklist.lines(unit, worklist.in_order(unit, [body], wanted, limit=50))
        return json.dumps([_row(line) for line in lines], ensure_ascii=False)

    def bare() -> str:
        """What the answer is made of: also the last step of each case, which says whose turn it is, and how many there
        are; and the answer's own JSON."""
        with office.store.read() as unit:
            ids = worklist.in_order(unit, [body], wanted, limit=50)
            lines = worklist.lines(unit, ids)
            worklist.last_of(unit, ids, office.law.steps)
            total = worklist.count_cases(unit, [body], wanted)
        filled = [{**one, **_row(line)} for one, line in zip(said, lines, strict=True)]
        return json.dumps({"cases": filled, "total": total}, ensure_ascii=False)

    assert [one["number"] for one in json.loads(bare())["cases"]] == [one["number"] for one in said]
    works: dict[str, Callable[[], object]] = {
        "by the API": by_the_api,
        "bare": bare,
        "rows alone": rows_alone,
    }
    for name, one in works.items():
        with work() as done:
            one()
        assert done.statements <= STATEMENTS[name], name
    rounds = [cpu_side_by_side(works, 1) for _ in range(300 if full else 3)]
    # The ratio of each round: what else the machine does changes from one round to the next.
    ratio = {name: median(one["by the API"] / one[name] for one in rounds) for name in MOST}
    tell(
        f"a page of 50 cases by the API: {ratio['bare']:.2f} x the bare queries and JSON of its answer"
    )
    tell(f"and {ratio['rows alone']:.2f} x what stands in its rows alone")
    for name, most in MOST.items():
        assert not full or ratio[name] <= most, name


def _row(line: worklist.Line) -> dict[str, Any]:
    return {
        "number": line.number,
        "agency": line.agency_id,
        "request": line.request,
        "applicant": line.applicant,
        "state": line.state,
        "due": line.next_due.isoformat() if line.next_due else None,
        "due_kind": line.next_due_kind,
    }
