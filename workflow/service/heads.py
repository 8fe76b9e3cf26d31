"""How far the chains of the store go (链头), to be kept elsewhere, and the store held to that: so nobody rewrites
yesterday, whoever has the key (decision 38)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from workflow.dates import in_words
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError
from workflow.service.audit import ACTION
from workflow.service.office import Office
from workflow.service.records import EVERYWHERE, Told
from workflow.store import heads
from workflow.store.heads import NO_CASES, NO_LINES, Cases, End
from workflow.store.protected import INSTALLATION
from workflow.store.retried import retried
from workflow.store.unit import Unit

FORMAT = 1
FOLDER, ENDING = "heads", ".json"
"""Of the data folder: a file for each day, named after it."""


@dataclass(frozen=True, slots=True)
class BodyHead:
    """Of a body: its strand of the journal, and the logs of its cases."""

    code: str
    name: str
    journal: End
    cases: Cases


@dataclass(frozen=True, slots=True)
class Head:
    """How far everything went at a moment. events: the last line that any log had then."""

    taken_at: datetime
    events: int
    audit: End
    installation: End
    bodies: tuple[BodyHead, ...]

    def text(self) -> str:
        """As a file: readable, a body to a line, the same for the same head."""
        told = {
            "gongkai": "head",
            "format": FORMAT,
            "taken_at": self.taken_at.isoformat(timespec="seconds"),
            "events": self.events,
            "audit": _told(self.audit),
            "installation": _told(self.installation),
        }
        lines = [f"  {_json(name)}: {_json(value)}" for name, value in told.items()]
        bodies = [
            _json({"code": one.code, "name": one.name, **_told(one.journal),
                   "cases": one.cases.cases, "cases_hash": one.cases.hash})
            for one in self.bodies
        ]  # fmt: skip
        listed = ",\n".join(f"    {one}" for one in bodies)
        lines.append(f'  "bodies": [\n{listed}\n  ]' if listed else '  "bodies": []')
        return "{\n" + ",\n".join(lines) + "\n}\n"

    @property
    def mark(self) -> str:
        """The check value of the file, by which a file that lies elsewhere is known again."""
        return mark_of(self.text().encode())


def mark_of(content: bytes) -> str:
    """SHA-256 of a file with a head, in groups that can be read aloud."""
    found = sha256(content).hexdigest()
    return " ".join(found[begin : begin + 8] for begin in range(0, len(found), 8))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def read_head(content: bytes) -> Head:
    """The head in a file. Raises BadInput where it is none."""
    try:
        said = json.loads(content)
        if said["gongkai"] != "head" or said["format"] != FORMAT:
            raise ValueError
        return Head(
            datetime.fromisoformat(said["taken_at"]),
            int(said["events"]),
            _end(said["audit"]),
            _end(said["installation"]),
            tuple(
                BodyHead(
                    str(one["code"]), str(one["name"]), _end(one),
                    Cases(int(one["cases"]), str(one["cases_hash"])),
                )
                for one in said["bodies"]
            ),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput([FieldError("against", "不是链头文件，或者文件不完整")]) from error


def _told(end: End) -> dict[str, Any]:
    return {"lines": end.lines, "hash": end.hash}


def _end(said: Mapping[str, Any]) -> End:
    return End(int(said["lines"]), str(said["hash"]))


def take_head(office: Office) -> Head:
    """The head of now."""
    events = _last_event(office)
    with office.store.read() as unit:
        cases = heads.cases_until(unit, events)
        ends = heads.ends_of_strands(unit)
        return Head(
            office.now(),
            events,
            heads.end_of_audit(unit),
            ends.get(INSTALLATION, NO_LINES),
            tuple(
                BodyHead(code, name, ends.get(id_, NO_LINES), cases.get(id_, NO_CASES))
                for id_, code, name in heads.bodies(unit)
            ),
        )


@retried
def _last_event(office: Office) -> int:
    """While no case moves: what is being written is in it, or comes after it."""
    with office.store.write_rules() as unit:
        return heads.last_event(unit)


def broken_since(office: Office, head: Head) -> Iterator[Told]:
    """Everything in which the store does not go on from the head: code of the body, what, and how, in Chinese."""
    when = f"{in_words(head.taken_at.date())}的链头"
    changed = f"与{when}不符：那一天以前的记录被改写过"
    with office.store.read() as unit:
        if not _goes_on(head.audit, heads.audit_at(unit, head.audit.lines)):
            yield EVERYWHERE, "审计记录", changed
        if not _goes_on(head.installation, _line(unit, INSTALLATION, head.installation)):
            yield EVERYWHERE, "留痕簿", changed
        if heads.last_event(unit) < head.events:
            yield EVERYWHERE, "办理记录", f"比{when}所记的少"
        ids = {code: id_ for id_, code, _ in heads.bodies(unit)}
        cases = heads.cases_until(unit, head.events)
        for one in head.bodies:
            if one.code not in ids:
                yield one.code, "机关", f"{when}里有，库中却没有"
                continue
            strand = ids[one.code]
            if not _goes_on(one.journal, _line(unit, strand, one.journal)):
                yield one.code, "留痕簿", changed
            now = cases.get(strand, NO_CASES)
            if now.cases != one.cases.cases:
                told = f"{when}时为 {one.cases.cases} 件，库中那时的案卷现为 {now.cases} 件"
                yield one.code, "案卷", told
            elif now != one.cases:
                yield one.code, "案卷", changed


def _line(unit: Unit, strand: int, end: End) -> str:
    return heads.journal_at(unit, strand, end.lines)


def _goes_on(told: End, kept: str) -> bool:
    return told == NO_LINES or told.hash == kept


class Heads:
    """The use cases of who keeps heads elsewhere. folder: in which the worker puts the head of each day."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.folder = office, folder

    def may(self, staff: Staff) -> bool:
        """Whether the person reads the audit of all bodies: a head is of the whole store."""
        with self.office.store.read() as unit:
            reach = self.office.reach(unit, ACTION, staff)
            return bool(reach) and len(reach) == len(self.office.tree(unit).bodies)

    def latest(self, staff: Staff) -> tuple[str, bytes] | None:
        """The file that went out last and its name; None where none has yet, and for who reads the audit of some bodies
        only."""
        last = max(self.folder.glob(f"*{ENDING}"), default=None) if self.may(staff) else None
        return (last.name, last.read_bytes()) if last else None


def file_of(folder: Path, day: date) -> Path:
    """Where the head of a day lies."""
    return folder / f"{day.isoformat()}{ENDING}"
