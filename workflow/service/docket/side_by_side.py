"""The cases of many bodies as rows, made by as many processes as there are processors."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import get_context, parent_process
from multiprocessing.queues import Queue
from queue import Full
from typing import Any

from config.law import Law
from workflow.case.case import Case
from workflow.case.identity import proof_of
from workflow.case.others import OtherCase, Others
from workflow.docket.province import BodyPlan, Planned, PlannedCase, Years, cases_of, played
from workflow.refusal import Refusal
from workflow.rules.calendar import Calendar
from workflow.rules.rulebook import Rulebook
from workflow.service.docket.uncollected import uncollected
from workflow.store.bulk import InHand, Opening, Rows, Secret

CHUNK = 250
"""Cases whose rows are handed over at once."""
ALONE = 4000
"""Up to so many cases one process is quicker than several."""
LOOKS_EVERY = 5
"""Seconds after which a process that waits looks whether the one that writes is still there."""
AHEAD = 4
"""Chunks that a process may be ahead of the one that writes."""


@dataclass(frozen=True, slots=True)
class Book:
    """The rules of a body for cases that are opened from the day on. calendar: its place in `Setting`."""

    since: date
    settings: dict[str, Any]
    calendar: int


@dataclass(frozen=True, slots=True)
class Task:
    """The cases of one body: its place in the store, the number of its first case, its rules by day."""

    plan: BodyPlan
    agency_id: int
    first_case: int
    books: tuple[Book, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """What all bodies have in common."""

    law: Law
    calendars: tuple[Calendar, ...]
    years: Years
    seed: int


@dataclass(slots=True)
class Chunk:
    """Cases of one body with their rows, not sealed yet."""

    rows: Rows = field(default_factory=Rows)
    refused: int = 0


def chunks_of(task: Task, setting: Setting) -> Iterator[Chunk]:
    """The cases of one body, each applied event by event under its rules, as rows without keys."""
    law, years = setting.law, setting.years
    books = [Rulebook(law, book.settings, setting.calendars[book.calendar]) for book in task.books]
    calendar, plan, chunk = books[0].calendar, task.plan, Chunk()
    cases = cases_of(plan, setting.seed, years, calendar, law)
    named: dict[PlannedCase, Case] = {}
    for place, planned in enumerate(cases):
        since = [n for n, book in enumerate(task.books) if book.since <= planned.opened_on]
        first = named.get(planned.redo_of) if planned.redo_of else None
        due = first.facts.redo_due if first else None
        case = Case(planned.header(plan.body, due), books[since[-1]])
        case.papers_taken_as_there = not plan.body.new
        for step in played(planned, plan, years, calendar, law):
            case.others = _others(case, step, planned, plan, named, cases[0].opened_on.year)
            today = max(years.last, step.event.on)
            done = case.apply(step.event, step.actor, today=today, recorded_at=step.recorded_at)
            if isinstance(done, Refusal):
                chunk.refused += 1
                break
        if planned.named or planned.course.redo:
            named[planned] = case
        planned.course.steps.clear()
        secrets = [
            Secret(person.private, proof_of(person.private, citizen=person.applicant.citizen))
            for person in planned.applicants
        ]
        hand = InHand(task.first_case + place, task.agency_id, case, planned.opened_on)
        first_moment = case.written[0].recorded_at
        chunk.rows.add(hand, Opening(first_moment, secrets, planned.medium))
        if len(chunk.rows.cases) == CHUNK:
            yield chunk
            chunk = Chunk()
    yield chunk


def _others(
    case: Case, step: Planned, planned: PlannedCase, plan: BodyPlan, named: dict[PlannedCase, Case],
    first_year: int,
) -> Others:  # fmt: skip
    """What the guards ask about other cases and bodies (workflow/service/cases/others.py asks the store)."""
    if step.event.name == "transfer":
        return Others(receiver=plan.receiver)
    if step.event.name != "propose_outcome" or planned.earlier is None:
        return Others()
    earlier = named[planned.earlier]
    done = case.rules.law.stage(earlier.state) == "done" and earlier.facts.served is not None
    found = OtherCase(
        earlier.header.number,
        open=case.rules.law.stage(earlier.state) in ("running", "waiting", "before_receipt"),
        same_applicant=True,
        merged=False,
        answered_on=earlier.deadlines.service_effective_date if done else None,
        outcome=earlier.facts.outcome,
        alike=True,
        request=earlier.header.request,
    )
    return Others(earlier={found.number: found}, first_year=first_year)


# -- side by side -----------------------------------------------------------------------------------


@contextmanager
def chunks(setting: Setting, tasks: list[Task], cases: int) -> Iterator[Iterator[Chunk]]:
    """The rows of all bodies: made here where there are few, else by a process for each processor. They come
    in an order that does not depend on which process was quicker."""
    processes = 1 if cases <= ALONE else min(os.cpu_count() or 1, len(tasks))
    if processes == 1:
        yield (chunk for task in tasks for chunk in chunks_of(task, setting))
        return
    context = get_context("spawn")
    queues: list[Queue[Chunk | str | None]] = [context.Queue(AHEAD) for _ in range(processes)]
    workers = [
        context.Process(target=_work, args=(setting, mine, queue), daemon=True)
        for mine, queue in zip(_shared_out(tasks, processes), queues, strict=True)
    ]
    for worker in workers:
        worker.start()
    try:
        yield _in_turn(queues)
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()


def _shared_out(tasks: list[Task], processes: int) -> list[list[Task]]:
    """As many cases for each process, as far as whole bodies allow it; the large bodies first."""
    mine: list[list[Task]] = [[] for _ in range(processes)]
    for task in sorted(tasks, key=lambda one: (-one.plan.cases, one.first_case)):
        min(mine, key=lambda one: sum(t.plan.cases for t in one)).append(task)
    return mine


def _work(setting: Setting, tasks: list[Task], queue: "Queue[Chunk | str | None]") -> None:
    """What one process does: chunk after chunk, then None; what went wrong, in words. It ends with the one
    that writes, however that ended."""
    try:
        with uncollected():
            for task in tasks:
                for chunk in chunks_of(task, setting):
                    _hand_over(queue, chunk)
    except Exception as error:
        _hand_over(queue, f"{type(error).__name__}: {error}")
        raise
    _hand_over(queue, None)


def _hand_over(queue: "Queue[Chunk | str | None]", found: Chunk | str | None) -> None:
    writer = parent_process()
    while True:
        try:
            return queue.put(found, timeout=LOOKS_EVERY)
        except Full:
            if writer is not None and not writer.is_alive():
                queue.cancel_join_thread()
                raise SystemExit(1) from None


def _in_turn(queues: list["Queue[Chunk | str | None]"]) -> Iterator[Chunk]:
    waiting = list(queues)
    while waiting:
        for queue in list(waiting):
            found = queue.get()
            if isinstance(found, str):
                raise RuntimeError(found)
            if found is None:
                waiting.remove(queue)
            else:
                yield found
