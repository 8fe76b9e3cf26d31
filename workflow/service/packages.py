"""The log of a case as an archive package has it, and a package held to its own hashes: no store is needed."""

import io
import json
import zlib
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from zipfile import BadZipFile, ZipFile

from workflow.bundle import LOG, SUMS
from workflow.case.facts import Applicant, Header
from workflow.dates import parse_day
from workflow.events import UnknownEvent
from workflow.refusal import BadInput
from workflow.store.chain import chained_hash, hash_before
from workflow.store.models import CaseRow
from workflow.store.restored import header_of, logged_of
from workflow.store.verified import Line

FORMAT = "gongkai-case-log-1"
_BROKEN = (
    BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    TypeError,
    NotImplementedError,
    RuntimeError,
)
"""What reading a package raises that is none."""


def log_of(row: CaseRow) -> dict[str, Any]:
    """The case and its log as they lie in the store: what each hash of the chain is over."""
    header = header_of(row)
    return {
        "format": FORMAT,
        "case": {
            "agency": header.agency, "number": header.number, "kind": header.kind, "request": header.request,
            "items": list(header.items), "delivery": list(header.delivery), "joint_letter": header.joint_letter,
            "redo_of": header.redo_of, "redo_due": header.redo_due and header.redo_due.isoformat(),
            "redo_mode": header.redo_mode, "opened_on": row.opened_on.isoformat(),
            "applicants": [_said_of(one) for one in header.applicants],
        },
        "chain": {
            "before": hash_before(header, row.opened_on), "head": row.head_hash, "lines": len(row.log),
        },
        "log": [
            {
                "seq": line.seq, "event": line.event, "on": line.on.isoformat(), "fields": line.fields,
                "actor": line.actor, "role": line.role, "recorded_at": line.recorded_at.isoformat(),
                "filled": list(line.filled), "stands_for": line.stands_for, "hash": line.hash,
            }
            for line in row.log
        ],
    }  # fmt: skip


def _said_of(one: Applicant) -> list[Any]:
    """The name with which the case began stands behind the others, where it was put right since."""
    said = [one.name, one.category, one.description, one.citizen]
    return [*said, one.filed_as] if one.filed_as else said


def broken_in(package: bytes) -> list[str]:
    """What in an archive package is not as it was made; none where all of it is. Raises ValueError for what is no
    package."""
    try:
        with ZipFile(io.BytesIO(package)) as opened:
            files = {
                name: opened.read(name) for name in opened.namelist() if not name.endswith("/")
            }
        lines = files.pop(SUMS).decode().splitlines()
        sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
        log = json.loads(files[LOG])
        told = [f"{name}：不在清单中" for name in sorted(set(files) - set(sums))]
        told += [f"{name}：清单列有，包中没有" for name in sorted(set(sums) - set(files))]
        told += [
            f"{name}：内容与校验值不符"
            for name in sorted(set(files) & set(sums))
            if sha256(files[name]).hexdigest() != sums[name]
        ]
        return told + broken_chain(log)
    except _BROKEN as error:
        raise ValueError("不是归档包，或者已经损坏，打不开") from error


def broken_chain(log: dict[str, Any]) -> list[str]:
    """What does not fit in the log of a package."""
    chain = hash_before(_header(log["case"]), parse_day(log["case"]["opened_on"]))
    if chain != log["chain"]["before"]:
        return ["申请的内容与校验值不符"]
    for place, said in enumerate(log["log"], 1):
        line = line_of(said)
        try:
            chain = chained_hash(chain, logged_of(line), line.fields)
        except (BadInput, UnknownEvent):
            return [f"办理记录第 {place} 条无法识别"]
        if (chain, line.seq) != (line.hash, place):
            return [f"办理记录第 {place} 条与校验值不符"]
    if (chain, len(log["log"])) != (log["chain"]["head"], log["chain"]["lines"]):
        return ["办理记录的条数或者末条校验值不符"]
    return []


def line_of(said: dict[str, Any]) -> Line:
    """A line of the log as a package writes it."""
    return Line(
        seq=said["seq"], event=said["event"], on=date.fromisoformat(said["on"]), fields=said["fields"],
        actor=said["actor"], role=said["role"], recorded_at=datetime.fromisoformat(said["recorded_at"]),
        filled=said["filled"], stands_for=said["stands_for"], hash=said["hash"], once=None,
    )  # fmt: skip


def _header(said: dict[str, Any]) -> Header:
    return Header(
        number=said["number"], agency=said["agency"], kind=said["kind"],
        applicants=tuple(Applicant(*one) for one in said["applicants"]), request=said["request"],
        items=tuple(said["items"]), delivery=tuple(said["delivery"]), joint_letter=said["joint_letter"],
        redo_of=said["redo_of"], redo_due=parse_day(said["redo_due"]) if said["redo_due"] else None,
        redo_mode=said["redo_mode"],
    )  # fmt: skip
