"""The facts of acceptance/tallies.json as dockets, written down by hand from `facts` alone.

Where the facts leave a day open, an ordinary one was taken. `expected` was not looked at: what a
docket adds to the tables besides what its example speaks of stands in BACKGROUND.
"""

from typing import Any

Case = dict[str, Any]
Event = dict[str, Any]

PERSON = {"category": "natural_person"}


def case(*events: Event, applicants: list[dict[str, Any]] | None = None, **about: Any) -> Case:
    return {"applicants": applicants or [PERSON], "events": list(events), **about}


def receive(on: str, channel: str = "in_person", **fields: Any) -> Event:
    return {"event": "receive", "on": on, "channel": channel, **fields}


def propose(on: str, outcome: str | None = None, **fields: Any) -> Event:
    return {"event": "propose_outcome", "on": on, "outcome": outcome, **fields}


def serve(on: str) -> Event:
    return {"event": "serve", "on": on, "method": "direct", "signed_on": on}


def answered(received: str, outcome: str, served: str, **fields: Any) -> Case:
    """Handed in, proposed on the day of service, handed over."""
    return case(receive(received), propose(served, outcome, **fields), serve(served))


def by_items(*outcomes: str) -> Case:
    items = [{"item": n, "outcome": code} for n, code in enumerate(outcomes, start=1)]
    return case(
        receive("2024-04-01"),
        propose("2024-04-22", items=items, ground="会议讨论记录", subtype="讨论记录"),
        serve("2024-04-24"),
    )


def asked_by(description: str, **about: Any) -> list[Case]:
    events = receive("2024-06-03"), propose("2024-06-18", "supplied"), serve("2024-06-20")
    return [case(*events, applicants=[{"description": description, **about}])]


def consulted(ground: str) -> Case:
    """Third party asked, objects with good reason, refused."""
    return case(
        receive("2024-05-06"),
        {"event": "consult_third_party", "on": "2024-05-07", "reached_on": "2024-05-08", "consultation": 1},
        {"event": "record_opinion", "on": "2024-05-15", "consultation": 1, "opinion": "objects"},
        propose("2024-05-17", "third_party_rights", ground=ground),
        serve("2024-05-20"),
    )  # fmt: skip


def disputed(*events: Event) -> Case:
    """A reply of the year before, and what became of it."""
    first = answered("2023-11-20", "not_existing", "2023-12-12")
    return {**first, "events": [*first["events"], *events]}


def reviewed(result: str, concluded: str, **fields: Any) -> Case:
    return disputed(
        {"event": "file_review", "on": "2024-03-01", **fields},
        {"event": "conclude_review", "on": concluded, "result": result},
    )


def sued(filed: str, result: str, concluded: str, **fields: Any) -> Case:
    return disputed(
        {"event": "file_suit", "on": filed, "via": "direct", **fields},
        {"event": "conclude_suit", "on": concluded, "result": result},
    )


MAY = ("2024-05-06", "2024-05-20")


def in_may(outcome: str, **fields: Any) -> list[Case]:
    return [answered(MAY[0], outcome, MAY[1], **fields)]


DOCKETS: dict[str, list[Case]] = {
    "T01": in_may("already_public", address="县政府网站“政府信息公开”专栏"),
    "T02": in_may("supplied"),
    "T03": in_may(
        "state_secret", classification={"level": "机密", "body": "某机关", "on": "2021-03-02"}
    ),
    "T05": in_may("security_stability", ground="公开后可能危及社会稳定"),
    "T06": [consulted("单价属于商业秘密")],
    "T07": [consulted("涉及第三人的个人隐私")],
    "T08": in_may("internal_affairs", subtype="人事管理", ground="机关干部考核登记表"),
    "T10": in_may("deliberative", subtype="讨论记录", ground="会议讨论记录"),
    "T11": in_may("deliberative", subtype="请示报告", ground="请示报告"),
    "T13": in_may("administrative_query", citation="不动产登记暂行条例第二十七条"),
    "T14": in_may("not_existing"),
    "T15": in_may("not_responsible", reason="由县自然资源局负责公开，联系方式附后"),
    "T16": in_may("needs_creation"),
    "T18": in_may("petition"),
    "T19": in_may("repeat", earlier_reply="2023-0007"),
    "T21": [
        case(
            receive("2024-05-06"),
            {"event": "ask_reasons", "on": "2024-05-08"},
            {"event": "give_reasons", "on": "2024-05-14", "accepted": False},
            propose("2024-05-17", "excessive"),
            serve("2024-05-20"),
        )
    ],
    "T23": [
        case(
            receive("2024-05-06"),
            {
                "event": "require_correction",
                "on": "2024-05-10",
                "reached_on": "2024-05-13",
                "deadline_on": "2024-06-03",
            },
            {"event": "lapse_correction", "on": "2024-06-04"},
        )
    ],
    "T25": [
        case(
            receive("2022-03-01"),
            {
                "event": "charge_fee",
                "on": "2022-03-09",
                "reached_on": "2022-03-10",
                "mode": "by_page",
                "pages": 60,
            },
            {"event": "lapse_fee", "on": "2022-04-11"},
        )
    ],
    "T26": [case(receive("2023-03-01"), {"event": "withdraw", "on": "2023-03-08"})],
    "T27": [
        case(
            {"event": "submit", "on": "2023-03-01", "channel": "portal"},
            {"event": "withdraw", "on": "2023-03-01"},
        )
    ],
    "T29": [answered("2024-03-04", "in_state_archive", "2024-03-25", reason="已移交国家档案馆")],
    "T30": [answered("2024-03-04", "consultation", "2024-03-25")],
    "T31": [answered("2024-03-04", "not_government_information", "2024-03-25", reason="党务信息")],
    "T32": [case(receive("2024-03-04", "oral"), kind="enquiry")],
    "T33": [
        answered(
            "2024-04-01",
            "partial",
            "2024-04-24",
            ground="含他人个人信息",
            redaction="隐去个人信息后提供",
        )
    ],
    "T34": [by_items("supplied", "deliberative")],
    "T35": [by_items("supplied", "not_existing")],
    "T37": [by_items("already_public", "already_public", "already_public", "supplied", "supplied")],
    "T38": [
        {**answered("2024-04-01", "supplied", "2024-04-24"), "joint_letter": "一并答复"}
        for _ in range(12)
    ],
    "T39": [{**answered("2024-04-01", "supplied", "2024-04-24"), "applicants": [PERSON] * 5}],
    "T40": [answered("2023-12-20", "supplied", "2024-01-10")],
    "T41": [
        case(
            {"event": "submit", "on": "2023-12-30", "channel": "portal"},
            receive("2024-01-02", "portal", confirmed_on="2024-01-02"),
            propose("2024-01-18", "supplied"),
            serve("2024-01-20"),
        )
    ],
    "T42": [
        case(
            receive("2023-12-05"),
            propose("2023-12-28", "supplied"),
            {"event": "approve", "on": "2023-12-29"},
            {
                "event": "serve",
                "on": "2024-01-02",
                "method": "mail",
                "posted_on": "2024-01-02",
                "document_date": "2023-12-29",
                "carrier": "中国邮政",
            },
        )
    ],
    "T44": [
        case(
            receive("2023-12-18"),
            {"event": "require_correction", "on": "2023-12-22", "reached_on": "2023-12-22"},
            {"event": "correct", "on": "2024-01-08"},
            propose("2024-01-24", "supplied"),
            serve("2024-01-25"),
        )
    ],
    "T48": [answered("2019-03-04", "already_public", "2019-03-20", address="县政府网站")],
    "T49": [answered("2018-12-20", "not_existing", "2019-01-08")],
    "T50": [case(receive("2024-10-08"))],
    "T51": asked_by("有限责任公司"),
    "T52": asked_by("大学研究所"),
    "T54": asked_by("律师事务所以所名义申请"),
    "T55": asked_by("村民委员会"),
    "T56": asked_by("律师以个人名义申请"),
    "T57": asked_by("社会团体(行业协会)"),
    "T58": asked_by("个体工商户"),
    "T59": asked_by("公司(委托代理人提交)", agent="某律师"),
    "T60": [
        {
            "ref": "first",
            **case(
                receive("2023-05-08"),
                propose("2023-05-30", "enforcement_file", ground="行政执法案卷"),
                serve("2023-06-01"),
                {"event": "file_review", "on": "2023-07-12"},
                {"event": "conclude_review", "on": "2023-09-10", "result": "quashed"},
                {"event": "order_redo", "on": "2023-09-11"},
            ),
        },
        {
            **case(
                receive("2023-09-11"),
                propose("2023-09-27", "partial", ground="含他人个人信息", redaction="隐去个人信息"),
                serve("2023-10-08"),
            ),
            "redo_of": "first",
        },
    ],
    "T61": [
        case(
            {"event": "submit", "on": "2024-03-04", "channel": "portal"},
            {"event": "reroute", "on": "2024-03-05", "to": "县自然资源局"},
        )
    ],
    "T62": [{**answered("2024-03-04", "supplied", "2024-03-25"), "kind": "record_correction"}],
    "T63": [case(receive("2024-03-04"), kind="publication_suggestion")],
    "T64": [
        case(
            receive("2024-03-04"),
            {
                "event": "void",
                "on": "2024-03-04",
                "reason": "工作人员录入的测试申请",
                "second_person": "复核人",
            },
            kind="test",
        )
    ],
    "T65": [reviewed("upheld", "2024-04-25")],
    "T66": [reviewed("partly_quashed", "2024-04-25")],
    "T68": [reviewed("terminated", "2024-03-20")],
    "T70": [reviewed("dismissed_inadmissible", "2024-04-20")],
    "T71": [reviewed("not_accepted", "2024-03-06")],
    "T73": [sued("2024-05-10", "claim_dismissed", "2024-09-01")],
    "T75": [sued("2024-07-10", "withdrawn", "2024-08-01")],
    "T77": [
        disputed(
            {"event": "file_suit", "on": "2024-02-01", "via": "direct", "instance": "first"},
            {"event": "conclude_suit", "on": "2024-06-30", "result": "claim_dismissed"},
            {"event": "file_suit", "on": "2024-07-10", "via": "direct", "instance": "appeal"},
        )
    ],
    "T78": [
        case(
            receive("2024-01-04"),
            propose("2024-01-30", "deliberative", subtype="过程稿", ground="尚未形成决定"),
            serve("2024-02-01"),
            {"event": "file_suit", "on": "2024-03-01", "via": "direct"},
            {"event": "conclude_suit", "on": "2024-04-01", "result": "dismissed_inadmissible"},
        )
    ],
    "T79": [
        disputed(
            {
                "event": "file_suit",
                "on": "2024-05-08",
                "via": "after_review",
                "role": "co_defendant",
            },
            {"event": "conclude_suit", "on": "2024-11-11", "result": "claim_dismissed"},
        )
    ],
    "T80": [reviewed("upheld", "2024-04-25", case_number="县政复〔2024〕9号") for _ in range(3)],
    "T86": [],
}

AGENCIES: dict[str, dict[str, str]] = {
    # The county government's own report, as the example says.
    "T79": {"code": "yanshan", "name": "砚山县人民政府", "level": "county"},
    "T86": {"code": "panlong", "name": "盘龙彝族乡人民政府", "level": "township"},
}
TOWNSHIP = {"code": "township", "name": "某乡人民政府", "level": "township"}

SETTINGS: dict[str, dict[str, Any]] = {"T25": {"fee_policy": "by_page"}}
"""What the facts of an example presuppose, besides the file's own base settings."""

Cell = tuple[int, int, str, str, int]

_REPLY_BEFORE: list[Cell] = [
    (2023, 3, "new_received", "natural_person", 1),
    (2023, 3, "unable_not_held", "natural_person", 1),
]
BACKGROUND: dict[str, list[Cell]] = {
    # A dispute is about a reply; the examples of table 4 do not speak of it.
    **dict.fromkeys(("T65", "T66", "T68", "T70", "T71", "T73", "T75", "T77", "T79"), _REPLY_BEFORE),
    "T78": [
        (2024, 3, "new_received", "natural_person", 1),
        (2024, 3, "refused_deliberative", "natural_person", 1),
    ],
    "T80": [cell for cell in _REPLY_BEFORE for _ in range(3)],
    # 2018 had another form; the engine shows that year in the words of 2019.
    "T49": [
        (2018, 3, "new_received", "natural_person", 1),
        (2018, 3, "carried_out", "natural_person", 1),
    ],
}

NO_CASE: dict[str, str] = {
    **dict.fromkeys(
        ("T81", "T82", "T83", "T84", "T85"),
        "table 2 is made of the year's register: test_table2.py",
    ),
    "T87": "the reports of several bodies added up, not a case of one body",
}
