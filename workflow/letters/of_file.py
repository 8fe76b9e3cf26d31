"""Rows of the papers of the file: searches, reviews, the count day by day, what lies in it, what it proves."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from config import calendars
from workflow import clock
from workflow import events as ev
from workflow.case.public import known, said
from workflow.dates import weekday
from workflow.letters.in_file import evidence, papers_in_file
from workflow.letters.letter import day_words, tight
from workflow.letters.of_answer import answers, quoted
from workflow.letters.seen import Seen
from workflow.rules.calendar import Calendar

Row = dict[str, Any]
COUNTS = {"counted": "计入", "rest": "休息日，不计", "excluded": "等意见，不计"}
BY_NOTICE = ("放假", "周末、放假", "调休上班")
"""What a notice of the State Council makes of a day (workflow/rules/calendar.py)."""
SCOPES = {"title": "标题", "full_text": "全文"}
MARKS = {"none": "没有", "handled": "有，已作处理", "withhold": "有，不得公开"}


def lists(seen: Seen) -> dict[str, Callable[[], Iterable[Row]]]:
    """Every list of the file, worked out when it is asked for."""
    return {
        "searches": lambda: _searches(seen),
        "reviewed": lambda: _reviewed(seen),
        "steps": lambda: _steps(seen),
        "days": lambda: _days(seen),
        "papers": lambda: _papers(seen),
        "proofs_time": lambda: _proofs(seen, "time"),
        "proofs_facts": lambda: _proofs(seen, "facts"),
        "proofs_law": lambda: _law(seen),
        "course": lambda: _course(seen),
        "items": lambda: _items(seen),
    }


def _steps(seen: Seen) -> Iterator[Row]:
    for step in seen.case.all_deadlines().steps:
        yield {"on": step.on, "text": tight(step.text), "article": step.article}


def _searches(seen: Seen) -> Iterator[Row]:
    for n, line in enumerate(seen.lines("record_search"), 1):
        search = line.event
        assert isinstance(search, ev.RecordSearch)
        who = seen.who(line)
        yield {
            "n": n, "item": f"第{search.item}项" if search.item else "全部", "sources": search.sources,
            "keywords": search.words, "scope": SCOPES.get(search.scope or ""),
            "period": search.period, "hits": f"{search.hits}件", "asked": search.answers,
            "mentions": search.mentions, "why_not": search.why_not_these,
            "by": " ".join(text for text in (day_words(search.on), search.searched_by or who) if text),
        }  # fmt: skip


def _reviewed(seen: Seen) -> Iterator[Row]:
    """The items with what the reviewer judged; blank while nobody has."""
    law, line = seen.case.rules.law, seen.line("pass_secrecy_review")
    event = line.event if line and seen.case.facts.secrecy_passed else None
    judged = {}
    if isinstance(event, ev.PassSecrecyReview):
        judged = {one.item: (one.checks, one.note) for one in event.items or ()}
        if not judged and event.checks:
            judged = {1: (event.checks, None)}
    answered = {row["number"]: row for row in answers(seen)}
    for n, text in enumerate(seen.case.header.items or (seen.case.header.request,), 1):
        checks, note = judged.get(n, ({}, None))
        row = answered.get(n) or answered.get(None) or {}
        yield {
            "n": n, "item": quoted(text), "maker": row.get("right_body"), "outcome": row.get("label"), "note": note,
            **{name: MARKS.get(checks.get(name, "")) for name in law.words.secrecy_checks},
        }  # fmt: skip


# -- the count ----------------------------------------------------------------------------------------


def _days(seen: Seen) -> Iterator[Row]:
    """Every day of the reply period by itself, with the notice that makes it work or rest."""
    deadlines, calendar = seen.case.deadlines, seen.case.rules.calendar
    for run in clock.day_by_day(deadlines, calendar):
        number, day = run.first_number, run.first
        while day <= run.last:
            yield {
                "on": day, "weekday": weekday(day), "counts": COUNTS[run.kind],
                "n": number or None, "why": _why(seen, calendar, day, run.kind),
            }  # fmt: skip
            number, day = number + bool(number), day + timedelta(1)


def _why(seen: Seen, calendar: Calendar, day: date, kind: str) -> str | None:
    if kind == "excluded":
        return "条例33(3)"
    why = calendar.why(day)
    if why == "工作日":
        return None
    known = calendars.notice_of(day) if why in BY_NOTICE else None
    notice = seen.about.notices.get(day) or known
    return f"{why}（{notice}）" if notice else why


# -- what lies in it ----------------------------------------------------------------------------------


def _papers(seen: Seen) -> Iterator[Row]:
    for n, paper in enumerate(papers_in_file(seen), 1):
        notes = [seen.letters.papers.sealed[paper.sealed]] if paper.sealed else []
        notes += [f"上传的材料{len(paper.files)}件"] if paper.files else []
        yield {
            "n": n, "reference": seen.about.numbers.get(paper.key) or None, "maker": _maker(seen, paper.by), "title": paper.title,
            "on": paper.on, "page": seen.about.pages.get(paper.key), "note": "，".join(notes) or None,
        }  # fmt: skip


def _maker(seen: Seen, by: str) -> str:
    makers = seen.letters.papers.makers
    if by == "applicant":
        return "、".join(one.name for one in seen.case.applicants if one.name) or makers[by]
    return seen.body if by == "body" else makers[by]


def _proofs(seen: Seen, group: str) -> Iterator[Row]:
    for n, paper in ((one.n, one.paper) for one in evidence(seen) if one.paper.group == group):
        page = seen.about.pages.get(paper.key)
        yield {
            "n": n, "title": paper.title, "on": paper.on, "maker": seen.letters.papers.makers[paper.by],
            "proves": paper.proves, "page": page, "copies": 1 if page else None,
        }  # fmt: skip


def values(seen: Seen) -> Row:
    """Of the list of evidence."""
    counts = (one.n for one in evidence(seen) if one.paper.name == "day_count")
    number = next(counts, None)
    return {"count_evidence": f"第{number}号" if number else None}


def evidence_of(seen: Seen, code: str) -> str | None:
    """Where the list of evidence has what an answer needs: 第2、3号."""
    outcome = seen.case.rules.law.outcomes.get(code)
    needs = set(outcome.needs) if outcome else set()
    numbers = [str(one.n) for one in evidence(seen) if needs & set(one.paper.shows)]
    return f"第{'、'.join(numbers)}号" if numbers else None


def _law(seen: Seen) -> Iterator[Row]:
    """The norms that the answers cite, and the Regulations."""
    cited: dict[str, str] = {"《中华人民共和国政府信息公开条例》": "办理申请的职责、期限和答复"}
    for row in answers(seen):
        if row["article"]:
            norm = (
                row["article"]
                if row["article"].startswith("《")
                else f"《中华人民共和国政府信息公开条例》{row['article']}"
            )
            cited.setdefault(norm, f"答复的依据（第{row['n']}项）")
        if row["citation"]:
            cited.setdefault(row["citation"], f"答复的依据（第{row['n']}项）")
    for n, (title, proves) in enumerate(cited.items(), len(evidence(seen)) + 1):
        yield {"n": n, "title": title, "proves": proves, "page": None}


def _items(seen: Seen) -> Iterator[Row]:
    """The items with their answers, for papers of the file and for the court."""
    answered = {row["number"]: row for row in answers(seen)}
    for n, text in enumerate(seen.case.header.items or (seen.case.header.request,), 1):
        row = answered.get(n) or answered.get(None) or {}
        yield {
            "n": n, "item": quoted(text), "outcome": row.get("label"), "article": row.get("article"),
            "ground": row.get("ground") or row.get("reason"),
            "evidence": evidence_of(seen, row["code"]) if row else None,
        }  # fmt: skip


def _course(seen: Seen) -> Iterator[Row]:
    """The course of the case with its days, from the log, in the words that its applicant reads where there
    are some."""
    law = seen.case.rules.law
    for line in sorted(seen.case.log, key=lambda one: (one.event.on, one.seq)):
        row = law.transitions[line.event.name]
        told = said(row.public, known(seen.case, line.event, law))
        yield {"on": line.event.on, "text": tight(told) or row.label}
