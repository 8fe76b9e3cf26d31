"""What happened to a case, put on its way to other systems in the transaction in which it happened."""

import json
import secrets
from datetime import date, datetime
from typing import Any

from workflow.case.facts import Logged
from workflow.service.office import Office
from workflow.store import hooks
from workflow.store.models import CaseRow
from workflow.store.unit import Unit

TEST = "test"
"""What a trial delivery says in the place of an event."""
ADDRESS = "/api/v1/agencies/{agency}/cases/{number}"


def holder(row: CaseRow) -> str:
    """Code of the body that handles the case."""
    return row.held_by or row.agency.code


def tell_systems(office: Office, unit: Unit, row: CaseRow, done: Logged, before: str) -> None:
    """Put an event on its way to every address that wants it. before: code of the body that handled the case until then;
    where the case has gone to another one, both are told. Asks and writes nothing where nobody wants it."""
    known = office.hooks.of(unit)
    if not known:
        return
    tree, event = office.tree(unit), done.event.name
    lines = [[body.id for body in tree.line(tree.by_code[code])] for code in {before, holder(row)}]
    wanted = [
        hook.id
        for hook in known
        if (hook.events is None or event in hook.events)
        and any(hook.agency_id in (line if hook.below else line[:1]) for line in lines)
    ]
    if not wanted:
        return
    now = office.now()
    said = of_case(row, done.seq, done.event.on)
    hooks.add(
        unit,
        [
            {
                **on_its_way(hook, event, said, done.recorded_at, now),
                "case_id": row.id,
                "about": row.number,
            }
            for hook in wanted
        ],
    )


def of_case(row: CaseRow, seq: int, on: date) -> dict[str, Any]:
    """What is said of a case: where it stands and where the rest is read. Nothing of who asks or for what."""
    agency, number = row.agency.code, row.number
    return {
        "agency": agency,
        "number": number,
        "state": row.state,
        "seq": seq,
        "on": on.isoformat(),
        "address": ADDRESS.format(agency=agency, number=number),
    }


def on_its_way(
    hook: int, event: str, said: dict[str, Any], at: datetime, now: datetime
) -> dict[str, Any]:
    """The columns of a delivery that waits."""
    key = f"msg_{secrets.token_hex(16)}"
    payload = {
        "id": key,
        "type": event,
        "timestamp": at.isoformat(timespec="seconds"),
        "data": said,
    }
    return {
        "hook_id": hook,
        "key": key,
        "event": event,
        "payload": json.dumps(payload, ensure_ascii=False),
        "created_at": now,
        "not_before": now,
    }
