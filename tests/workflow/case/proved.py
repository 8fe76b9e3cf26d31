"""What proves each answer (law.md §6.5A), and a secrecy review that judges every item."""

from typing import Any

from config.law import load_law

GROUND = "该合同第三条载明养护单位的报价明细，属于其尚未公开的经营信息"
WHOLE = "已逐页核对，不能区分处理后提供一部分"
SEARCH: dict[str, Any] = {
    "sources": ["档案室", "财务系统"],
    "keywords": ["养护合同", "道路养护协议"],
    "hits": 0,
}
"""A search in two places that found nothing."""
EVIDENCE: dict[str, dict[str, Any]] = {
    "already_public": {"address": "https://panlong.example/gk/12.html"},
    "partial": {"redaction": "隐去第三页的身份证号码", "ground": GROUND},
    "state_secret": {
        "classification": {"level": "机密", "body": "省交通运输厅", "on": "2018-03-02"},
        "ground": GROUND,
        "redaction": WHOLE,
    },
    "forbidden_by_law": {
        "citation": "《中华人民共和国统计法》第九条",
        "ground": GROUND,
        "redaction": WHOLE,
    },
    "security_stability": {
        "ground": "标有桥梁受力点的图纸，公开会危及公共安全",
        "redaction": WHOLE,
    },
    "third_party_rights": {
        "ground": GROUND,
        "no_consultation_reason": "第三方 2023 年 5 月 8 日在 2023-0004 号申请中已就该合同书面反对公开",
        "assessment": "报价明细属于商业秘密，公开会损害公平竞争，不涉及公共利益",
        "redaction": WHOLE,
    },
    "internal_affairs": {
        "subtype": "人事管理",
        "ground": "本机关人员的考勤安排，不涉及对外职责",
        "redaction": WHOLE,
    },
    "deliberative": {
        "subtype": "讨论记录",
        "ground": "会议上各人的发言，尚未形成决定",
        "redaction": WHOLE,
    },
    "enforcement_file": {
        "ground": "调查中制作的询问笔录，公开会影响后续查办",
        "redaction": WHOLE,
    },
    "administrative_query": {
        "citation": "《不动产登记暂行条例》第二十七条",
        "window": "县不动产登记中心，政务大厅一楼 3 号窗口",
    },
    "not_existing": {"clarification": "已电话核实申请人所指的年度和路段"},
    "not_responsible": {
        "reason": "由县交通运输局制作",
        "right_body": {"name": "砚山县交通运输局", "contact": "江那镇建设路 1 号"},
    },
    "needs_creation": {"reason": "须从三年的凭证中逐笔挑选，汇总成表"},
    "unclear_after_correction": {"reason": "补正之后仍没有写明是哪一条道路"},
    "petition": {"reason": "要求查处占道并给予补偿，没有指向已有的记录"},
    "publication": {"channel": "《砚山年鉴（2023）》，县新华书店有售"},
    "repeat": {"earlier_reply": "2017 年 9 月 4 日第 7 号答复"},
    "excessive": {
        "counts": {"requests": 32, "items": 170, "from": "2023-09-01", "to": "2024-03-01"},
        "reason": "所说的用途与申请的内容没有联系，同一内容已经换词申请多次",
    },
    "reconfirmation": {"earlier_reply": "2017 年 9 月 4 日第 7 号答复"},
    "not_government_information": {
        "reason": "没有以一定形式记录",
        "clarification": "已电话核实",
    },
    "consultation": {"reason": "问的是为什么没有硬化，不指向已制作的记录"},
    "in_state_archive": {
        "reason": "形成于 1987 年，移交期满",
        "archive": {"name": "砚山县档案馆", "on": "2010-06-01"},
        "channel": "砚山县档案馆查阅大厅",
    },
    "public_enterprise": {"reason": "由供水企业制作，可以向该企业了解"},
    "applicant_gone": {
        "reason": "户籍部门证明申请人已经死亡，没有找到继承人",
        "tries": [{"on": "2024-03-05", "how": "到村委会询问"}],
    },
}
"""What the draft of each answer has to state."""


def judged(items: int = 1, **other: str) -> dict[str, Any]:
    """The fields of a secrecy review: nothing found, but for what is told by the name of a check."""
    none = dict.fromkeys(load_law().words.secrecy_checks, "none")
    note = {"note": "已逐页核对处理"} if other else {}
    return {
        "items": [{"item": n, "checks": {**none, **other}, **note} for n in range(1, items + 1)]
    }
