"""Committed steps of SpiffWorkflow with its state in a row, on SQLite: `python spiff.py CASES`.

One process of eight tasks for each case; each step reads the row, completes a task and writes the state
back in a transaction of its own. Prints the CPU seconds of each case as JSON. Runs in an environment of
its own (requirements-peers.txt).
"""

import io
import json
import sqlite3
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from time import process_time

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

EVENTS = (
    "assign", "record_search", "extend", "propose_outcome", "send_to_secrecy_review",
    "pass_secrecy_review", "pass_legal_check", "approve",
)  # fmt: skip
MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def diagram() -> str:
    """The eight tasks one after the other."""
    places = ["begin", *EVENTS, "end"]
    flows = [
        f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>'
        for n, (a, b) in enumerate(pairwise(places))
    ]
    tasks = [
        f'<manualTask id="{name}"><incoming>f{n}</incoming><outgoing>f{n + 1}</outgoing></manualTask>'
        for n, name in enumerate(EVENTS)
    ]
    return (
        f'<definitions xmlns="{MODEL}" targetNamespace="peer"><process id="case" isExecutable="true">'
        '<startEvent id="begin"><outgoing>f0</outgoing></startEvent>'
        f'{"".join(tasks)}<endEvent id="end"><incoming>f{len(EVENTS)}</incoming></endEvent>'
        f"{''.join(flows)}</process></definitions>"
    )


def main(cases: int, folder: str) -> list[float]:
    parser = BpmnParser()
    parser.add_bpmn_io(io.BytesIO(diagram().encode()))
    spec, serializer = parser.get_spec("case"), BpmnWorkflowSerializer()
    store = sqlite3.connect(Path(folder) / "peer.db", isolation_level=None)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("PRAGMA synchronous=NORMAL")
    store.execute("CREATE TABLE request (id INTEGER PRIMARY KEY, state TEXT)")
    found = []
    for number in range(1, cases + 4):
        flow = BpmnWorkflow(spec)
        flow.do_engine_steps()
        store.execute(
            "INSERT INTO request VALUES (?, ?)", (number, serializer.serialize_json(flow))
        )
        begun = process_time()
        for event in EVENTS:
            store.execute("BEGIN IMMEDIATE")
            row = store.execute("SELECT state FROM request WHERE id = ?", (number,)).fetchone()
            flow = serializer.deserialize_json(row[0])
            (task,) = flow.get_tasks(state=TaskState.READY, manual=True)
            assert task.task_spec.name == event
            task.run()
            flow.do_engine_steps()
            state = serializer.serialize_json(flow)
            store.execute("UPDATE request SET state = ? WHERE id = ?", (state, number))
            store.execute("COMMIT")
        found.append(process_time() - begun)
        assert flow.completed
    return found[3:]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as here:
        print(json.dumps(main(int(sys.argv[1]), here)))
