"""What a reply tells: each item with its outcome, article and reason; the first reply where it is made anew."""

from collections.abc import Iterator
from typing import Any

from config.letters import AnswerWords
from workflow import events as ev
from workflow.case.evidence import with_whole
from workflow.case.number import numbers_in
from workflow.case.remedies import remedy_of_case
from workflow.letters.about import Beside
from workflow.letters.said import words_of
from workflow.letters.seen import Seen, last_of
from workflow.rules.outcomes import GIVEN

REMEDIES = {"review_first": "先复议、后诉讼", "either": "复议或者诉讼", "none": "不需要告知"}


def quoted(text: str) -> str:
    """Words that stand within “ ”: theirs become ‘ ’ (GB/T 15834)."""
    return text.replace("“", "‘").replace("”", "’")


def values(seen: Seen) -> dict[str, Any]:
    """Of the answer as a whole."""
    case, law = seen.case, seen.case.rules.law
    code = case.facts.outcome
    remedy = remedy_of_case(case, seen.day) if code or case.facts.result else None
    rows = list(answers(seen))
    return {
        "outcome": law.outcomes[code].label if code else _result(seen),
        "remedy_kind": "；".join(REMEDIES[kind] for kind in remedy.kinds or ("none",)) if remedy else None,
        "supplied_items": tuple(name for row in rows for name in row["supplied"]),
        "redactions": tuple(f"第{row['n']}项：{row['redaction']}" for row in rows if row["redaction"]),
        "searched": "；".join(_searched(search) for search in case.facts.searches) or None,
        **_first(seen),
    }  # fmt: skip


def _result(seen: Seen) -> str | None:
    result = seen.case.facts.result
    kinds = seen.case.rules.law.words.kinds[seen.case.header.kind].get("results", {})
    return kinds.get(result) if result else None


def _searched(search: ev.RecordSearch) -> str:
    where = f"第{search.item}项，" if search.item else ""
    return f"{where}在{'、'.join(search.sources)}以“{'”“'.join(search.words)}”检索，查到{search.hits}件"


# -- item by item -------------------------------------------------------------------------------------


def says(seen: Seen, row: dict[str, Any]) -> AnswerWords | None:
    """The sentences for an item; None where the law of the day of the letter knew no such answer."""
    return seen.letters.answer(seen.case.header.kind, row["code"], seen.day)


def answers(seen: Seen) -> Iterator[dict[str, Any]]:
    """A row for each item that is answered by itself, else one for the whole (number None)."""
    case, law = seen.case, seen.case.rules.law
    names = case.header.items or (case.header.request,)
    if case.header.kind != "application":
        event = seen.last(ev.ProposeOutcome)
        if case.facts.result and event:
            row = _row(seen, case.facts.result, event, None, names[0])
            yield {**row, "label": _result(seen)}
        return
    answer = case.facts.answer
    if answer is None:
        if case.facts.outcome:  # it ended without a reply
            yield _row(seen, case.facts.outcome, ev.Evidence(), None, names[0])
        return
    annex, found = 0, []
    for code, part in answer.parts():
        number = part.item if isinstance(part, ev.ItemOutcome) else None
        mine = names[number - 1 : number] if number else names
        wording = mine[0] if len(mine) == 1 else "；".join(mine)
        row = _row(seen, code, with_whole(part, answer.evidence), number, wording)
        row["asked"] = tuple(map(quoted, mine))
        if law.outcomes[code].cls in GIVEN and code != "already_public":
            row["supplied"] = row["asked"]
            last = annex + len(mine)
            row["annex"] = (annex + 1, last)
            annex = last
        found.append(row)
    for row in found:
        if row["annex"]:
            row["annex"] = _annex(*row["annex"], of=annex)
        yield row


def _annex(first: int, last: int, *, of: int) -> str:
    """附件 where there is one alone, 附件2, 附件2至4."""
    if of == 1:
        return "附件"
    return f"附件{first}" if first == last else f"附件{first}至{last}"


def _row(
    seen: Seen, code: str, part: ev.Evidence, number: int | None, wording: str
) -> dict[str, Any]:
    """What is known of the answer to an item, by the names of values.toml."""
    law = seen.case.rules.law
    cited = seen.letters.answer(seen.case.header.kind, code, seen.day)
    level, archive = part.classification, part.archive
    derived = level.derived_from if level else None
    body = part.right_body
    return {
        "code": code,
        "number": number,
        "n": number or 1,
        "item": quoted(wording),
        "label": law.outcomes[code].label if code in law.outcomes else None,
        "article": cited.article if cited else None,
        "asked": (quoted(wording),),
        "supplied": (),
        "annex": None,
        "delivery": tuple(law.words.delivery.get(way, way) for way in seen.case.header.delivery),
        "medium": tuple(law.words.medium.get(way, way) for way in seen.about.medium),
        "address": part.address,
        "ground": part.ground,
        "citation": part.citation,
        "subtype": _subtype(seen, part.subtype),
        "redaction": "；".join(part.places) or None,
        "reason": part.reason or (getattr(part, "note", None) if seen.case.header.kind != "application" else None),
        "assessment": part.assessment,
        "clarification": part.clarification,
        "level": level.level if level else None,
        "classified_by": level.body if level else None,
        "classified_on": level.on if level else None,
        "derived_from": " ".join(t for t in (derived.body, derived.number) if t) if derived else None,
        "no_consultation_reason": part.no_consultation_reason,
        "window": part.window,
        "right_body": body.name if body else None,
        "right_contact": body.contact if body else None,
        "way_to_get": part.channel,
        "tries": tuple(f"{t.on.year}年{t.on.month}月{t.on.day}日{t.how}" for t in part.tries or ()),
        "archive": archive.name if archive else None,
        "archived_on": archive.on if archive else None,
        **_counted(part),
        **_opinion(seen),
        **_search(seen, number),
        **_earlier(seen, part.earlier_reply),
    }  # fmt: skip


def _subtype(seen: Seen, code: str | None) -> str | None:
    for group in seen.case.rules.law.words.subtypes.values():
        if code in group:
            return str(group[code])
    return code


def _counted(part: ev.Evidence) -> dict[str, Any]:
    counts = part.counts
    return {
        "count_requests": counts.requests if counts else None,
        "count_items": counts.items if counts else None,
        "count_from": counts.first if counts else None,
        "count_to": counts.last if counts else None,
    }


def _opinion(seen: Seen) -> dict[str, Any]:
    """What a third party said: that it objects, or let its time pass; never who it is."""
    asked = [
        one for one in seen.case.facts.consultations.values() if one.kind == "consult_third_party"
    ]
    objected = last_of(one for one in asked if one.opinion == "objects")
    silent = last_of(one for one in asked if one.stance(seen.day) == "none" and one.deadline)
    return {
        "third_party_objected": objected.answered_on if objected else None,
        "third_party_silent": silent.deadline if silent and not objected else None,
    }


def _search(seen: Seen, number: int | None) -> dict[str, Any]:
    """Where and how it was looked for, over the records for the item."""
    ours = [s for s in seen.case.facts.searches if number is None or s.item in (None, number)]
    found = [search for search in ours if search.hits]

    def told(*names: str) -> tuple[str, ...]:
        texts = (one for s in ours for name in names for one in getattr(s, name) or ())
        return tuple(dict.fromkeys(texts))

    return {
        "sources": told("sources"),
        "keywords": "”“".join(filter(None, map(words_of, told("words")))) or None,
        "search_period": tuple(dict.fromkeys(s.period for s in ours if s.period)),
        "unit_answers": told("unit_answers"),
        "hits": sum(search.hits for search in found) or None,
        "why_not": tuple(dict.fromkeys(s.why_not_these for s in found if s.why_not_these)),
    }


def _earlier(seen: Seen, text: str | None) -> dict[str, Any]:
    """The earlier reply: as the clerk tells it, with what the store knows of the case that it names."""
    known = {one.number: one for one in seen.about.earlier}
    names = (text.strip(), *numbers_in(text)) if text else ()
    found: Beside | None = next((known[name] for name in names if name in known), None)
    said = f"申请编号{text.strip()}" if found and text and text.strip() == found.number else text
    return {
        "earlier_reply": said,
        "earlier_request": quoted(found.request) if found else None,
        "earlier_on": found.answered_on if found else None,
    }


# -- where a reply is made anew -----------------------------------------------------------------------


def _first(seen: Seen) -> dict[str, Any]:
    """The reply that this one takes the place of, and what ordered it."""
    first, header, law = seen.about.first, seen.case.header, seen.case.rules.law
    found: dict[str, Any] = dict.fromkeys(
        ("first_received", "first_number", "first_served_on", "first_letter", "order_source",
         "order_case_number", "order_result", "redo_due", "revision_reason")
    )  # fmt: skip
    found["first_number"], found["redo_due"] = header.redo_of, header.redo_due
    if first is None:
        return found
    ordered = header.redo_mode is None
    ended = [p for p in first.facts.proceedings.values() if p.result]
    dispute = last_of(ended) if ordered else None
    words = seen.letters.values.disputes
    found |= {
        "first_received": first.received_on,
        "first_served_on": first.deadlines.service_effective_date,
        "first_letter": seen.about.first_letter,
        "order_source": (words[dispute.kind] if dispute else words["order"]) if ordered else None,
        "order_case_number": dispute.case_number if dispute else None,
        "order_result": law.results[(dispute.kind, str(dispute.result))].label if dispute else None,
        "revision_reason": first.facts.revised.reason
        if first.facts.revised and not ordered
        else None,
    }
    return found
