"""What a member of staff would type in for an event of a case, and how a careless one would spoil it."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.workflow.case.proved import EVIDENCE, SEARCH, judged
from workflow import events as ev
from workflow.case.case import Case

Fields = dict[str, Any]


def _day(day: date) -> str:
    return day.isoformat()


def _correction(case: Case, on: date, pick: Random) -> Fields:
    fields: Fields = {"reached_on": _day(on), "defects": ["请写明哪一年的合同"]}
    if pick.random() < 0.5:
        fields["period_days"] = pick.choice((7, 15, 30))
    elif pick.random() < 0.3:
        fields["deadline_on"] = _day(on + timedelta(pick.randint(7, 30)))
    return fields


def _consulted(case: Case, on: date, pick: Random) -> Fields:
    number = len(case.facts.consultations) + 1
    return {"consultation": number, "reached_on": _day(on)}


def _delivered(case: Case, on: date, pick: Random) -> Fields:
    papers = [line.event for line in case.log if isinstance(line.event, ev.Notice | ev.Serve)]
    if not papers:
        return {"of": "extend", "reached_on": _day(on)}
    paper = pick.choice(papers)
    fields: Fields = {
        "of": paper.name,
        pick.choice(("reached_on", "reached_on", "returned_on")): _day(on),
    }
    if isinstance(paper, ev.Consultation | ev.OverrideThirdParty):
        fields["consultation"] = paper.consultation
    return fields


def _opinion(case: Case, on: date, pick: Random) -> Fields:
    open_ones = [n for n, c in case.facts.consultations.items() if c.answered_on is None]
    opinion = pick.choice(("objects", "agrees", "objects", "none", None))
    return {"consultation": pick.choice(open_ones or [1]), "opinion": opinion}


def _override(case: Case, on: date, pick: Random) -> Fields:
    asked = [
        n for n, c in case.facts.consultations.items() if c.stance(on) in ("objects", "none")
    ] or [1]
    return {"consultation": pick.choice(asked), "reason": "公开对公共利益更为重要"}


def _fee(case: Case, on: date, pick: Random) -> Fields:
    policy = str(case.rules["fee_policy"])
    mode = pick.choice(("by_page", "by_page", "by_item")) if policy == "choose" else policy
    pages = {"pages": pick.choice((0, 31, 57, 250))} if mode != "by_item" else {}
    return {"reached_on": _day(on), "mode": mode, **pages}


def _outcome(case: Case, on: date, pick: Random) -> Fields:
    law = case.rules.law
    codes = [code for code, outcome in law.outcomes.items() if not outcome.set_by]
    if len(case.header.items) > 1 and pick.random() < 0.5:
        items = [
            {"item": n, "outcome": code, **EVIDENCE.get(code, {})}
            for n, code in enumerate(pick.choices(codes, k=len(case.header.items)), start=1)
        ]
        return {"items": items, "reason": "各项分别答复"}
    code = pick.choice((*codes, "supplied", "supplied", "not_existing"))
    return {"outcome": code, **EVIDENCE.get(code, {})}


def _search(case: Case, on: date, pick: Random) -> Fields:
    found = pick.choice((0, 0, 0, 2))
    item = pick.choice(range(1, len(case.header.items) + 1))
    why = {"why_not_these": "查到的是 2019 年的合同，不是申请的年度"} if pick.random() < 0.8 else {}
    return {**SEARCH, "hits": found, "item": item, **(why if found else {})}


def _service(case: Case, on: date, pick: Random) -> Fields:
    method = pick.choice(("direct", "entrusted", "mail", "electronic"))
    day = {"mail": "posted_on", "electronic": "sent_on"}.get(method, "signed_on")
    fields: Fields = {"method": method, day: _day(on)}
    if pick.random() < 0.3:
        fields["document_date"] = _day(case.facts.approved_on or on)
    if method == "mail" and pick.random() < 0.5:
        fields |= {"carrier": "中国邮政", "signed_on": _day(on)}
    return fields


def _suit(case: Case, on: date, pick: Random) -> Fields:
    return {
        "via": pick.choice(("direct", "after_review")),
        "instance": pick.choice(("first", "first", "appeal", None)),
        "role": pick.choice(("respondent", None, "co_defendant")),
    }


def _correction_of_entry(case: Case, on: date, pick: Random) -> Fields:
    line = pick.choice(case.written)
    moved = line.event.on + timedelta(pick.choice((-9, -1, 1, 9)))
    fields: Fields = pick.choice(({"on": _day(moved)}, {"taken_back": True}, {"note": "核对过"}))
    return {"seq": line.seq, "fields": fields}


def _result(kind: str) -> Callable[[Case, date, Random], Fields]:
    def result(case: Case, on: date, pick: Random) -> Fields:
        codes = [code for proceeding, code in case.rules.law.results if proceeding == kind]
        corrected = ["quashed", "ordered_to_perform"]
        waiting = [n for (k, n), p in case.facts.proceedings.items() if k == kind and not p.result]
        number = {"proceeding": waiting[0]} if len(waiting) > 1 else {}
        return {"result": pick.choice(codes + corrected * 4), **number}

    return result


_TYPED: dict[str, Callable[[Case, date, Random], Fields]] = {
    "receive": lambda case, on, pick: {"channel": case.facts.channel or "in_person"},
    "submit": lambda case, on, pick: {"channel": "fax"},
    "reroute": lambda case, on, pick: {"to": "县自然资源局"},
    "require_correction": _correction,
    "assign": lambda case, on, pick: {"to": "规划股", "unclear_items": pick.choice((None, [1]))},
    "ask_reasons": lambda case, on, pick: {
        "deadline_on": pick.choice((None, _day(on + timedelta(7))))
    },
    "give_reasons": lambda case, on, pick: {"accepted": pick.choice((True, True, False, None))},
    "delay_reply": lambda case, on, pick: {
        "until": _day((case.deadlines.reply_due or on) + timedelta(pick.randint(1, 40)))
    },
    "consult_third_party": _consulted,
    "consult_joint_agency": _consulted,
    "consult_other_agency": _consulted,
    "record_opinion": _opinion,
    "record_delivery": _delivered,
    "override_third_party": _override,
    "record_ruling": lambda case, on, pick: {"ruling": "不属于国家秘密"},
    "extend": lambda case, on, pick: {"days": pick.choice((5, 10, 20))},
    "charge_fee": _fee,
    "record_search": _search,
    "pass_secrecy_review": lambda case, on, pick: judged(len(case.header.items)),
    "propose_outcome": _outcome,
    "return_from_secrecy_review": lambda case, on, pick: {"reason": "请隐去联系电话"},
    "return_draft": lambda case, on, pick: {"reason": "请补充法律依据"},
    "serve": _service,
    "service_failed": lambda case, on, pick: {"reason": "无人签收"},
    "file_review": lambda case, on, pick: {"summary": pick.choice((None, True))},
    "conclude_review": _result("review"),
    "file_suit": _suit,
    "conclude_suit": _result("suit"),
    "correct_entry": _correction_of_entry,
    "revise_reply": lambda case, on, pick: {
        "mode": pick.choice(("supplement", "correct", "replace")),
        "reason": "答复遗漏了第二项",
    },
    "transfer": lambda case, on, pick: {"to": "water", "reason": "水务职责划转"},
    "substitute_applicant": lambda case, on, pick: {"name": "张小三", "reason": "申请人去世"},
    "order_redo": lambda case, on, pick: {"due": _day(on + timedelta(pick.randint(20, 60)))},
}


def plausible(name: str, case: Case, on: date, pick: Random) -> Fields:
    """Fields with which the event might well be accepted; those left blank are left out."""
    typed = _TYPED.get(name, lambda case, on, pick: {})(case, on, pick)
    return {"on": _day(on), **{key: value for key, value in typed.items() if value is not None}}


def spoilt(fields: Fields, on: date, pick: Random) -> Fields:
    """The same fields with one slip: something left out, a wrong day, number or word, a secret mark."""
    wrong = dict(fields)
    key = pick.choice(sorted(wrong))
    slip = pick.choice(("drop", "late", "early", "word", "number", "mark", "unknown", "none"))
    if slip == "drop":
        del wrong[key]
    elif slip == "unknown":
        wrong["colour"] = "red"
    elif slip == "mark":
        wrong["note"] = "机密★10年"
    elif slip == "none":
        wrong[key] = None
    elif slip in ("late", "early"):
        days = [k for k in wrong if k == "on" or k.endswith("_on") or k in ("until", "due")]
        shift = timedelta(pick.choice((1, 9, 40, 400)) * (1 if slip == "late" else -1))
        wrong[pick.choice(days or ["on"])] = _day(on + shift)
    else:
        wrong[key] = pick.choice((0, -1, 999, True)) if slip == "number" else "胡乱填写"
    return wrong
