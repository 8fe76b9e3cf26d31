"""GET …/deadlines says what `gongkai deadline` prints for the same timeline (DESIGN.md, docs/api.md)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner

from tests.examples import variants
from tests.workflow.docket.test_timeline import timeline
from tests.workflow.service.docket.histories import ANSWERED, history
from webui.api.calling import say
from webui.api.deadlines import DeadlinesAnswer
from workflow import clock
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import Header, Logged
from workflow.commands.deadline import deadline
from workflow.docket.timeline import explain, rules_of

CASES = [
    (name, example, settings)
    for name, example, settings, _ in variants("deadlines")
    if example.get("kind", "case") == "case"
]
OF_A_FILE = clock.Terms(redo_inside=True, unchecked=True)
"""What a file alone tells, that nobody has let pass, counts so; a case links the new reply to an order."""
REVIEWED = [
    {"event": "file_review", "on": "2024-03-25", "copy_received_on": "2024-03-27", "summary": True},
    {"event": "conclude_review", "on": "2024-04-08", "result": "upheld", "reached_on": "2024-04-09"},
    {"event": "file_suit", "on": "2024-04-10", "via": "after_review"},
    {
        "event": "conclude_suit", "on": "2024-04-24", "result": "quashed",
        "judgment_received_on": "2024-04-26",
    },
]  # fmt: skip


@pytest.mark.parametrize(
    ("example", "settings"), [one[1:] for one in CASES], ids=[one[0] for one in CASES]
)
def test_a_case_says_what_the_command_prints(
    app: Any, example: dict[str, Any], settings: dict[str, Any]
) -> None:
    """Every worked example, folded as the log of a case and said as the API says it; with a dispute behind it."""
    for more in ([], REVIEWED):
        file = timeline({**example, "events": [*example["events"], *more]}, settings)
        assert _said(app, file) == explain(file)


def _said(app: Any, file: dict[str, Any]) -> Any:
    case = Case(Header("2024-0001", "panlong"), rules_of(file))
    case.terms = OF_A_FILE
    for n, entry in enumerate(file["events"], 1):
        fields = {key: value for key, value in entry.items() if key not in ("event", "by")}
        event = ev.parse(entry["event"], fields)
        case.log.append(Logged(n, event, "lifang", "clerk", datetime.now(UTC)))
    answer = DeadlinesAnswer.model_validate(case.all_deadlines().as_dict())
    with app.test_request_context():
        return say((answer, 200, {})).json


def test_the_call_says_what_the_command_prints_in_review_and_court(program: Any) -> None:
    """All the way: the history of a case is taken over, read, and given to the command."""
    lifang = program("lifang")
    taken = lifang.post("/agencies/panlong/dockets", history(events=[*ANSWERED, *REVIEWED]))
    assert taken.status_code == 201, taken.json
    where = f"/agencies/panlong/cases/{taken.json['number']}"
    kept = lifang.get(where).json
    file = {
        "events": [
            {"event": line["event"], "on": line["on"], **line["fields"]} for line in kept["log"]
        ]
    }
    printed = CliRunner().invoke(deadline, ["-"], input=json.dumps(file))
    assert printed.exit_code == 0, printed.stderr
    said = lifang.get(f"{where}/deadlines").json
    assert said == json.loads(printed.stdout)
    assert said == kept["deadlines"] == taken.json["deadlines"]
    assert (said["review_answer_due"], said["suit_answer_due"], said["appeal_due"]) == (
        "2024-04-03", "2024-04-25", "2024-05-11",
    )  # fmt: skip
