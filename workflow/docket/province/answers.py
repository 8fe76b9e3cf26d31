"""What a draft says: the facts and words that each outcome needs (law.md §6.5A), varied."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from workflow.docket.province import words
from workflow.docket.province.bodies import Body

Fields = dict[str, Any]


def fields_of(outcome: str, rng: Random, body: Body, asked: str, on: date) -> Fields:
    """The fields of a proposal of that outcome on the day. asked: the request."""
    said = _SAID.get(outcome)
    return said(rng, body, asked, on) if said else {}


def search(rng: Random, asked: str, *, finds: bool) -> Fields:
    """A record of a search in two or more places."""
    places = ("综合档案室", "办公系统", "业务系统", "财务系统", "承办科室留存资料", "电子公文库")
    keywords = [asked[:30], rng.choice(("合同", "批复", "方案", "名册", "验收", "决定书", "补偿"))]
    return {
        "sources": rng.sample(places, rng.choice((2, 2, 3))),
        "keywords": keywords,
        "hits": rng.randrange(1, 6) if finds else 0,
        "scope": rng.choice(("title", "full_text")),
    }


def _public(rng: Random, body: Body, asked: str, on: date) -> Fields:
    day = on - timedelta(rng.randrange(60, 900))
    column = rng.choice(("财政信息", "重大建设项目", "征地信息", "公共资源交易", "政策文件"))
    return {"address": f"{body.place}人民政府门户网站“政府信息公开”专栏“{column}”，{_day(day)}发布"}


def _supplied(rng: Random, body: Body, asked: str, on: date) -> Fields:
    pages = rng.randrange(1, 30)
    return rng.choice(({}, {}, {"note": f"提供复印件，共 {pages} 页"}, {"note": "提供电子件"}))


def _partial(rng: Random, body: Body, asked: str, on: date) -> Fields:
    what = rng.choice(
        ("身份证号码、银行账号", "家庭住址、联系电话", "未成年人姓名", "评标专家姓名")
    )
    return {
        "ground": f"材料中的{what}属于他人不愿公开的个人信息，公开会损害其合法权益",
        "redaction": f"隐去{what}后提供，共 {rng.randrange(2, 40)} 页",
    }


def _secret(rng: Random, body: Body, asked: str, on: date) -> Fields:
    day = on - timedelta(rng.randrange(200, 2000))
    source = f"{words.PROVINCE}自然资源厅"
    return {
        "classification": {
            "level": "秘密", "body": source, "on": day, "derived_from": {"body": source},
        },
        "ground": "该件由上级机关确定密级，尚在保密期限之内",
    }  # fmt: skip


def _forbidden(rng: Random, body: Body, asked: str, on: date) -> Fields:
    law, what = rng.choice(
        (
            ("《中华人民共和国统计法》第九条", "统计调查中取得的单个对象的资料"),
            ("《中华人民共和国税收征收管理法》第八条", "纳税人的申报和缴税明细"),
            ("《中华人民共和国个人信息保护法》第三十四条", "履行法定职责取得的个人资料"),
        )
    )
    return {"citation": law, "ground": f"申请的是{what}，法律规定应当保密，不得对外提供"}


def _threat(rng: Random, body: Body, asked: str, on: date) -> Fields:
    return {
        "ground": rng.choice(
            (
                "重点目标的安防布置图公开后，可能被用于实施破坏，危及公共安全",
                "应急物资的储备地点和数量公开后，会影响处置突发事件，危及公共安全",
                "正在化解的群体性纠纷的处置预案公开后，会激化矛盾，危及社会稳定",
            )
        ),
        "subtype": "公共安全",
    }


def _third(rng: Random, body: Body, asked: str, on: date) -> Fields:
    return {
        "ground": rng.choice(
            (
                "合同中的单价构成和技术方案，第三方采取了保密措施，没有对外公开，属于其商业秘密",
                "档案中的家庭成员、婚姻和财产情况，第三方不同意公开",
                "报告中的工艺流程和配方参数，第三方称属于其商业秘密",
            )
        ),
        "assessment": "经审查，公开会损害第三方的竞争地位或者生活安宁，不涉及重大公共利益，与其余内容不能分开",
    }


def _internal(rng: Random, body: Body, asked: str, on: date) -> Fields:
    subtype, what = rng.choice(
        (("人事管理", "工作人员的考核、任免材料"), ("后勤管理", "办公用房、食堂的内部安排"), ("内部工作流程", "内部的办文流转记录"))
    )  # fmt: skip
    return {"subtype": subtype, "ground": f"申请的是{what}，对外不产生影响"}


def _deliberative(rng: Random, body: Body, asked: str, on: date) -> Fields:
    subtype, what = rng.choice(
        (("讨论记录", "会议上各方的讨论发言记录，尚未形成决定"), ("过程稿", "尚在修改的征求意见稿，没有定稿"),
         ("请示报告", "报请上级研究的请示，上级尚未批复"), ("磋商信函", "部门之间商量办法的往来函件"))
    )  # fmt: skip
    return {"subtype": subtype, "ground": what}


def _enforcement(rng: Random, body: Body, asked: str, on: date) -> Fields:
    what = rng.choice(("调查询问笔录", "现场勘验笔录和取证照片", "立案审批表、案件讨论记录", "证人证言"))  # fmt: skip
    return {"ground": f"申请的{what}是行政处罚案卷的材料，可以依照规定向当事人提供查阅，不作为政府信息公开"}  # fmt: skip


def _query(rng: Random, body: Body, asked: str, on: date) -> Fields:
    return {
        "citation": "《不动产登记暂行条例》第二十七条",
        "window": f"{body.place}不动产登记中心查询窗口，凭身份证明办理",
    }


def _elsewhere(rng: Random, body: Body, asked: str, on: date) -> Fields:
    name, _ = rng.choice(words.DEPARTMENTS)
    owner = f"{body.place}{name}局"
    if owner == body.name:
        owner = f"{words.PROVINCE}{name}厅"
    return {
        "reason": f"该信息由{owner}在办理审批时制作并保存，本机关没有制作也没有获取",
        "right_body": {"name": owner, "contact": f"{body.place}{rng.choice(words.STREETS)}，电话 0{rng.randrange(310, 999)}-{rng.randrange(2 * 10**6, 8 * 10**6)}"},
    }  # fmt: skip


def _creation(rng: Random, body: Body, asked: str, on: date) -> Fields:
    years = rng.randrange(3, 11)
    return {"reason": f"所需数据须从{years}年的纸质台账中逐户摘录、计算后另行编制成表，没有现成的统计表"}  # fmt: skip


def _unclear(rng: Random, body: Body, asked: str, on: date) -> Fields:
    return {"reason": "补正后仍没有写明文件名称、文号、时间和具体的项目，无法查找是哪一份材料"}


def _petition(rng: Random, body: Body, asked: str, on: date) -> Fields:
    what = rng.choice(("要求查处占道堆放并赔偿损失", "要求重新丈量土地、补发补偿款", "要求追究有关人员的责任", "要求解决子女入学"))  # fmt: skip
    return {
        "reason": f"来件{what}，是请求处理事情，没有指向已有的记录",
        "channel": f"{body.place}信访接待中心，或者拨打 12345",
    }


def _publication(rng: Random, body: Body, asked: str, on: date) -> Fields:
    return {"channel": f"《{body.place}年鉴（{on.year - 2}）》，可以在图书馆查阅或者向出版单位购买"}


def _not_information(rng: Random, body: Body, asked: str, on: date) -> Fields:
    return {"reason": rng.choice((
        "申请的是村民委员会自治事务中形成的账目，不是行政机关履行职责制作或者获取的",
        "申请的是法院审理案件形成的裁判文书和笔录，不是行政机关制作的",
        "申请的是两家企业之间签订的民事合同，本机关没有获取过",
    ))}  # fmt: skip


def _consultation(rng: Random, body: Body, asked: str, on: date) -> Fields:
    return {"reason": rng.choice((
        "来件询问为什么补偿标准与邻村不同、依据是什么，不指向某一份已有的记录",
        "来件询问办理证件需要哪些手续、多长时间，已经电话答复办事指南",
    ))}  # fmt: skip


def _archive(rng: Random, body: Body, asked: str, on: date) -> Fields:
    day = date(on.year - rng.randrange(2, 12), rng.randrange(1, 13), rng.randrange(1, 28))
    return {
        "reason": f"该案卷已于 {_day(day)}移交{body.place}档案馆保存",
        "channel": f"请向{body.place}档案馆申请查阅",
        "archive": {"name": f"{body.place}档案馆", "on": day},
    }


def _enterprise(rng: Random, body: Body, asked: str, on: date) -> Fields:
    firm = f"{body.place}{rng.choice(('自来水', '公共交通', '城市燃气', '供电'))}公司"
    return {"reason": f"申请的是{firm}在提供公共服务中制作的信息，按公共企事业单位信息公开的规定向该公司提出"}  # fmt: skip


def _excessive(rng: Random, body: Body, asked: str, on: date) -> Fields:
    count = rng.randrange(40, 160)
    return {
        "counts": {"requests": count, "items": count + rng.randrange(5, 60), "from": date(on.year, 1, 1), "to": on},
        "reason": f"申请人当年已提出 {count} 件内容相近的申请，所述研究需要不能说明为什么要反复申请同类材料",
    }  # fmt: skip


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


_SAID: dict[str, Callable[[Random, Body, str, date], Fields]] = {
    "already_public": _public, "supplied": _supplied, "partial": _partial, "state_secret": _secret,
    "forbidden_by_law": _forbidden, "security_stability": _threat, "third_party_rights": _third,
    "internal_affairs": _internal, "deliberative": _deliberative, "enforcement_file": _enforcement,
    "administrative_query": _query, "not_responsible": _elsewhere, "needs_creation": _creation,
    "unclear_after_correction": _unclear, "petition": _petition, "publication": _publication,
    "not_government_information": _not_information, "consultation": _consultation, "in_state_archive": _archive,
    "public_enterprise": _enterprise, "excessive": _excessive,
}  # fmt: skip
