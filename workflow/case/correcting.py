"""Wrong entries put right (law.md §7A): the log as it holds, and what a correction must not do.

The log is append-only: a correction is a line of its own that names another line and its right values. What
is computed, is computed from the log in which those values stand.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from transitions import MachineError

from workflow import events as ev
from workflow.case.facts import Actor, Finding, Logged
from workflow.dates import in_words
from workflow.refusal import Refusal

if TYPE_CHECKING:
    from workflow.case.case import Case

ARTICLE = "条例45"
UNPLAYABLE = (MachineError, KeyError, AssertionError)
"""What a line raises whose step, or what its effects take for granted, is not there."""


def right_event(typed: ev.Event, fields: Mapping[str, Any]) -> ev.Event:
    """The event with its right values; a value of None clears its field. Raises BadInput."""
    said = typed.model_dump(mode="json", exclude_none=True) | dict(fields)
    said = {key: value for key, value in said.items() if value is not None and key != ev.TAKEN_BACK}
    return ev.parse(typed.name, said)


def holding(written: Iterable[Logged]) -> list[Logged]:
    """The lines that hold: corrected ones with their right values, without those taken back."""
    lines = list(written)
    told: dict[int, dict[str, Any]] = {}
    for line in lines:
        if isinstance(line.event, ev.CorrectEntry):
            told.setdefault(line.event.seq, {}).update(line.event.fields)
    return [
        line if line.seq not in told else _corrected(line, told[line.seq])
        for line in lines
        if not told.get(line.seq, {}).get(ev.TAKEN_BACK)
    ]


def _corrected(line: Logged, fields: Mapping[str, Any]) -> Logged:
    right = right_event(line.event, fields)
    return line if right == line.event else replace(line, event=right, typed=line.event)


def contradiction(case: "Case", correction: ev.CorrectEntry) -> Refusal | None:
    """Why the log would not hold together with the correction; None if it does. An entry cannot be moved
    before what it follows, nor be taken back while a later step stands on it."""
    trial = _trial(case)
    last = case.written[-1]
    added = replace(last, seq=last.seq + 1, event=correction, typed=None)
    law = case.rules.law
    for line in holding([*case.written, added]):
        row = law.transitions[line.event.name]
        if line.seq == correction.seq:
            refusal = case.machine.dated(trial, line.event, correction.on)
            refusal = refusal or _wrong_in_itself(case, trial, line)
            if refusal is not None:
                return replace(refusal, field=".".join(filter(None, ("fields", refusal.field))))
        try:
            trial.take(line)
        except UNPLAYABLE:
            # What the effects take for granted (an opinion has its consultation) is gone.
            message = f"{in_words(line.event.on)}的“{row.label}”（第 {line.seq} 条）以这一条为前提"
            return Refusal("not_in_this_state", ARTICLE, message, "先更正后面的那一条", "seq")
    received, closed = trial.received_on, trial.facts.closed_on
    if received and closed and closed < received:
        message = f"收到之日 {in_words(received)}晚于办结之日 {in_words(closed)}"
        return Refusal(
            "bad_field", ARTICLE, message, "请检查日期；另一个日期有误的，先更正另一个", "fields.on"
        )
    return None


def _wrong_in_itself(case: "Case", trial: "Case", line: Logged) -> Refusal | None:
    """Why the right values cannot be right, where the typed ones could: a day before the one that it
    follows, a carrier that is none."""
    if line.typed is None:
        return None
    now, before = (_said(case, trial, replace(line, event=e)) for e in (line.event, line.typed))
    wrong = now is not None and now.rule == "bad_field"
    return now if wrong and not (before and before.rule == "bad_field") else None


def _trial(case: "Case") -> "Case":
    """The case before its first line."""
    trial = type(case)(case.header, case.rules)
    trial.papers_taken_as_there = case.papers_taken_as_there
    return trial


def _said(case: "Case", trial: "Case", line: Logged) -> Refusal | None:
    """What the guards say to a line where the trial stands."""
    actor = Actor(line.actor, frozenset((line.role,)))
    today = max(line.recorded_at.date(), *(day for _, day in ev.days_of(line.event)))
    return case.machine.refusal(trial, line.event.name, line.event, actor, today)


def findings(case: "Case") -> list[Finding]:
    """The entries that were allowed before the corrections and would not be now. They stand: what was
    done is not undone by finding out that it should not have been."""
    if len(case.log) == len(case.written) and all(line.typed is None for line in case.log):
        return []
    plain = [line for line in case.written if not isinstance(line.event, ev.CorrectEntry)]
    before = _refusals(case, plain)
    after = _refusals(case, case.log)
    events = {line.seq: line.event for line in case.log}
    return [
        Finding(seq, events[seq].name, events[seq].on, refusal.message, refusal.article)
        for seq, refusal in after.items()
        if seq not in before or before[seq].rule != refusal.rule
    ]


def _refusals(case: "Case", lines: Iterable[Logged]) -> dict[int, Refusal]:
    """What the guards say to each line, asked anew in the order of the log. One that stands on a
    correction (a second service after the first was taken back) does not fit into the log without it: it is
    passed over there."""
    trial, found = _trial(case), {}
    for line in lines:
        if not isinstance(line.event, ev.CorrectEntry):
            refusal = _said(case, trial, line)
            if refusal is not None:
                found[line.seq] = refusal
        with suppress(*UNPLAYABLE):
            trial.take(line)
    return found
