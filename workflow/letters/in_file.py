"""What lies in the file of a case: every paper that the log tells of and every file that was uploaded, in order.

Rule: what is evidence of a reply existed when it was made (law.md §1.1); what shows that it went out may come later.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from config.letters import PaperRow, UploadRow
from workflow.case.facts import Logged
from workflow.letters.about import Attached
from workflow.letters.seen import Seen

COURT = "court"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A paper of the file. key: names it, in this case alone. name: of its row, "" for what was uploaded by itself.
    place: its order in the file; group: in the list of evidence. on: its day. by: who made it. proves: None where
    nobody has said it. seq: the line of the log with which it came; letters: the kinds that are its pages, standing:
    drafted from the case as it stands. files: uploaded with it. within: its pages are those of that other
    paper. sealed: why it is closed, "" where it is not. late: evidence whenever it came."""

    key: str
    name: str
    title: str
    place: int
    group: str
    on: date
    by: str
    proves: str | None
    shows: tuple[str, ...] = ()
    seq: int | None = None
    consultation: int | None = None
    letters: tuple[str, ...] = ()
    standing: bool = False
    files: tuple[Attached, ...] = ()
    within: str | None = None
    sealed: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Numbered:
    """A paper with its number in the list of evidence."""

    n: int
    paper: Exhibit


def papers_in_file(seen: Seen, until: date | None = None) -> tuple[Exhibit, ...]:
    """All of them in the order of practice.md §3.6. until: as the file was on that day, together with what may be
    late; None: as it is."""
    found = list(_by_log(seen, until))
    for file in seen.about.attached:
        row = _row_of(seen, file)
        if until is not None and file.on > until and not row.late:
            continue
        host = _host(found, row, file)
        if host is None:
            found.append(_alone(row, file))
        else:
            found[host] = replace(found[host], files=(*found[host].files, file))
    return tuple(
        sorted(found, key=lambda one: (one.place, one.seq is None, one.on, one.seq or 0, one.key))
    )


def evidence(seen: Seen) -> tuple[Numbered, ...]:
    """The list of evidence: numbered through, by its groups."""
    found = [one for one in papers_in_file(seen, reply_day(seen)) if one.by != COURT]
    groups = list(seen.letters.papers.groups)
    found.sort(key=lambda one: groups.index(one.group))
    return tuple(Numbered(n, one) for n, one in enumerate(found, 1))


def left_out(seen: Seen) -> tuple[Exhibit, ...]:
    """What lies in the file and is no evidence: it came after the reply, or is of the dispute itself."""
    inside = {one.paper.key for one in evidence(seen)}
    files = {file.id for one in evidence(seen) for file in one.paper.files}
    found = []
    for one in papers_in_file(seen):
        more = tuple(file for file in one.files if file.id not in files)
        if one.key not in inside:
            found.append(one)
        elif more:
            found.append(replace(one, files=more, letters=()))
    return tuple(found)


def reply_day(seen: Seen) -> date:
    """The day of the reply that the evidence is of; the present day while there is none."""
    return seen.case.deadlines.service_effective_date or seen.case.facts.closed_on or seen.day


# -- from the log -------------------------------------------------------------------------------------


def _by_log(seen: Seen, until: date | None) -> Iterator[Exhibit]:
    late = {name for row in seen.letters.papers.upload if row.late for name in row.goes_with}
    for row in seen.letters.papers.paper:
        lines = seen.lines(*row.events)
        if until is not None and not row.standing and row.name not in late:
            lines = [line for line in lines if line.event.on <= until]
        for line in lines[-1:] if row.together else lines:
            if _belongs(seen, row):
                yield _of_line(seen, row, line, until)


def _belongs(seen: Seen, row: PaperRow) -> bool:
    """What is drafted as the case stands is a paper only of the kinds of cases that have the letter."""
    kind = seen.case.header.kind
    heads = [seen.letters.latest(letter).head for letter in row.letters]
    return not row.standing or any(kind in head.cases for head in heads)


def _of_line(seen: Seen, row: PaperRow, line: Logged, until: date | None) -> Exhibit:
    consultation = getattr(line.event, "consultation", None)
    on = line.event.on
    if row.name == "application":  # filed before it was received, or not
        on = seen.case.log[0].event.on
    if row.standing:
        on = until or reply_day(seen)
    return Exhibit(
        key=f"{row.name}-{line.seq}", name=row.name, title=row.title, place=row.place, group=row.group, on=on,
        by=row.by, proves=row.proves, shows=row.shows, seq=line.seq, consultation=consultation, letters=row.letters,
        standing=row.standing, within=row.within, sealed=_sealed(seen, row, consultation),
    )  # fmt: skip


def _sealed(seen: Seen, row: PaperRow, consultation: int | None) -> str:
    """A consultation is closed where a third party was asked, and not another body."""
    if row.sealed != "third_party":
        return row.sealed or ""
    asked = seen.case.facts.consultations.get(consultation or 0)
    return "" if asked is not None and asked.kind != "consult_third_party" else "third_party"


# -- what was uploaded --------------------------------------------------------------------------------


def _row_of(seen: Seen, file: Attached) -> UploadRow:
    rows = seen.letters.papers.upload
    return next((row for row in rows if row.kind == file.kind), rows[-1])


def _host(found: list[Exhibit], row: UploadRow, file: Attached) -> int | None:
    """The place of the paper that a file goes with: the last one of before its upload, else the first one."""
    fitting = [n for n, one in enumerate(found) if one.name in row.goes_with]
    before = [n for n in fitting if found[n].on <= file.on]
    return max(before, key=lambda n: found[n].on) if before else next(iter(fitting), None)


def _alone(row: UploadRow, file: Attached) -> Exhibit:
    return Exhibit(
        key=f"file-{file.id}", name="", title=row.title, place=row.place, group=row.group, on=file.on, by=row.by,
        proves=None, files=(file,), sealed=row.sealed or "", late=row.late,
    )  # fmt: skip
