"""The step before what cannot be taken back: the page names what will happen, and a person says yes.

Which events ask is said by `confirm` in their row of the machine's table. Everything typed goes along, with the
version of the case and the paper that were seen; a file is chosen on this page, because no form can carry one.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import render_template

from config.law import load_law
from webui import wording
from webui.desk.case import archiving
from workflow import events as ev
from workflow.service.cases.views import CaseFile

FIELD = "confirmed"
YES, BACK = "yes", "no"
PROOF_FILE = "proof_file"
"""The input that takes the proof of a service."""


def asks(event: str, posted: Mapping[str, str]) -> bool:
    """True where the event cannot be taken back and nobody has said yes to it yet."""
    return load_law().transitions[event].confirm is not None and posted.get(FIELD) != YES


def wants_back(posted: Mapping[str, str]) -> bool:
    """True for somebody who reads what will happen and goes back to the form."""
    return posted.get(FIELD) == BACK


def page(
    file: CaseFile,
    event: str,
    action: str,
    posted: Mapping[str, str],
    fields: dict[str, Any],
    *,
    about: Iterable[tuple[str, str]] = (),
    errors: Iterable[str] = (),
) -> str:
    """What will happen, and the two ways on. action: the address that the form posted to; fields: of the
    event; about: what else is named; errors: what is wrong with the file that was chosen."""
    row = load_law().transitions[event]
    typed = ev.parse(event, fields)
    said = wording.said(
        event, typed.model_dump(mode="json", exclude_none=True, exclude={"on", "paper"})
    )
    after = load_law().states[row.leads(file.state)].label
    return render_template(
        "desk/confirm.html",
        file=file,
        row=row,
        action=action,
        carried=[
            (name, value)
            for name, value in posted.items()
            if name not in (FIELD, "csrf_token") and value
        ],
        said=[*about, (ev.field_title(event, "on"), wording.said_day(typed.on)), *said],
        after=after if after != file.state_label else "",
        caution=archiving.caution(file) if event == ev.Archive.name else "",
        takes_proof=event == ev.Serve.name,
        errors=list(errors),
    )
