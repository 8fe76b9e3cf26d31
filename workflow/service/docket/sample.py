"""A believable store for `make demo`: a township and a county department, staff in every role, cases
in every state, two past years. The same on every run of the same day."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from config.law import load_law
from workflow.dates import FIRST_DAY
from workflow.people import SYSTEM, hash_password
from workflow.rules.calendar import calendar_for
from workflow.rules.supervision import LATE
from workflow.service.accounts import Accounts
from workflow.service.docket.player import Player
from workflow.service.docket.sample_desk import shown_day, some_parcels, tell_of_last_morning
from workflow.service.office import Office
from workflow.service.report.annual import AnnualReports
from workflow.service.report.register import YearRegister
from workflow.service.supervision.below import Supervision
from workflow.service.supervision.hastening import Hastening
from workflow.store import staff as staff_queries
from workflow.store.audit import audited
from workflow.store.retried import retried
from workflow.store.staff_models import UnitMemberRow, UnitRow

REGION = "云南省文山州砚山县"
COUNTY = {"code": "yanshan", "name": "砚山县人民政府", "level": "county"}
TOWNSHIP = {"code": "panlong", "name": "盘龙彝族乡人民政府", "level": "township"}
DEPARTMENT = {"code": "yszrzy", "name": "砚山县自然资源局", "level": "county_department"}

TEXTS = {
    "court": "砚山县人民法院",
    "court_address": "砚山县江那镇七乡大道",
    "review_organ_address": "砚山县江那镇嘉禾路 1 号，砚山县司法局行政复议立案室",
    "online_review_url": "https://xzfy.moj.gov.cn",
    "contact_unit": "党政办公室",
    "contact_phone": "0876-3120000",
}
CODES = {"yanshan": "砚政", "panlong": "盘政", "yszrzy": "砚自然资"}
"""The short name of each body in the numbers of its letters."""
PEOPLE: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {
    "yanshan": [
        ("hegang", "何刚", ("clerk", "office_head")),
        ("xiaoyun", "肖云", ("leader",)),
        ("xianguan", "县管理员", ("system_admin",)),
    ],
    "panlong": [
        ("lifang", "李芳", ("clerk", "handler", "archivist")),
        ("zhouli", "周丽", ("office_head", "cashier")),
        ("wangqiang", "王强", ("secrecy_reviewer",)),
        ("yangfa", "杨法", ("legal_reviewer",)),
        ("chenxz", "陈副乡长", ("leader",)),
        ("guanli", "管理员", ("system_admin",)),
    ],
    "yszrzy": [
        ("zhoumin", "周敏", ("clerk", "archivist")),
        ("zhaoming", "赵明", ("handler",)),
        ("liujie", "刘洁", ("office_head",)),
        ("mali", "马力", ("secrecy_reviewer",)),
        ("heping", "何平", ("legal_reviewer",)),
        ("sunjz", "孙副局长", ("leader",)),
        ("qianchu", "钱出纳", ("cashier",)),
        ("xitong", "系统管理员", ("system_admin",)),
        ("anquan", "安全管理员", ("security_admin",)),
        ("shenji", "审计管理员", ("audit_admin",)),
    ],
}

TOWNSHIP_REQUESTS = [
    "2023年度农村公路养护合同", "盘龙村委会宅基地审批名册", "2024年度危房改造补助发放明细",
    "干塘子易地搬迁点进村道路硬化工程招标文件", "村后护坡项目竣工验收单", "2022年度农村低保对象公示名单",
    "集体土地承包经营权确权登记资料", "人畜饮水工程资金使用情况", "乡人民政府2023年部门决算",
    "某村民小组征地补偿款分配方案", "退耕还林补助兑现花名册", "森林防火应急预案",
]  # fmt: skip
DEPARTMENT_REQUESTS = [
    "征地补偿款分户发放明细", "矿山采矿许可证及延续批复", "某小区规划条件核实意见", "宅基地审批档案",
    "某公司国有建设用地使用权出让合同", "土地利用总体规划调整方案", "建设项目用地预审意见", "地质灾害隐患点台账",
    "违法用地行政处罚决定书", "不动产登记原始资料", "征收土地预公告及听证记录", "增减挂钩项目验收材料",
    "采石场生态修复方案", "2024年度土地储备计划", "控制性详细规划图则",
]  # fmt: skip
SURNAMES = "张李王杨陈刘黄马何罗农陆韦普龙"
GIVEN = ["伟", "芳", "秀英", "丽", "军", "洁", "建国", "文山", "志明", "春梅", "海", "小燕", "光荣",
         "云"]  # fmt: skip
FIRMS = ["云南某建材有限公司", "砚山某农业开发有限公司", "云南某律师事务所", "某大学研究所", "某环保公益基金会",
         "盘龙村村民委员会"]  # fmt: skip
MIX = (
    ["supplied"] * 7 + ["already_public"] * 3 + ["partial"] * 4 + ["not_existing"] * 6
    + ["not_responsible"] * 4 + ["third_party_rights", "deliberative", "enforcement_file", "petition",
    "repeat", "needs_creation", "not_government_information", "administrative_query"]
)  # fmt: skip


def fill_sample(office: Office, password: str) -> None:
    """Fill an empty store. password: for every member of staff of the demonstration."""
    today = shown_day(office.now(), calendar_for(REGION))
    staff = [name for found in PEOPLE.values() for name, *_ in found]
    _bodies_and_people(office, {name: hash_password(password) for name in staff})
    for about, requests, sizes in (
        (TOWNSHIP, TOWNSHIP_REQUESTS, (5, 8, 4)),
        (DEPARTMENT, DEPARTMENT_REQUESTS, (24, 31, 22)),
    ):
        maker = _Maker(about["code"], requests, today)
        for back, size in zip((2, 1, 0), sizes, strict=True):
            maker.past_year(today.year - back, size)
        maker.every_state(charges=about is DEPARTMENT)
        docket: dict[str, Any] = {"agency": about, "cases": maker.cases}
        if about is DEPARTMENT:
            docket["settings"] = {"fee_policy": "by_page"}
        result = Player(office, recorded_on_the_day=True).play(docket)
        refused = [(case["ref"], case["refused"]) for case in result["cases"] if case["refused"]]
        assert not refused, refused
    _last_years_report(office)
    calendar = calendar_for(REGION)
    for about in (TOWNSHIP, DEPARTMENT):
        code = about["code"]
        clerk = next(name for name, _, roles in PEOPLE[code] if "clerk" in roles)
        some_parcels(office, clerk, code, calendar)
    tell_of_last_morning(office, calendar)
    _hastened(office)


UNITS: dict[str, tuple[tuple[str, str], ...]] = {
    "panlong": (("党政办", "lifang"), ("农业中心", "lifang")),
    "yszrzy": (("规划股", "zhaoming"), ("耕保股", "zhaoming")),
}
"""The units (科室) of each body, with who heads them."""


@retried
def _bodies_and_people(office: Office, hashes: dict[str, str]) -> None:
    now = office.now()
    with office.store.write() as unit:
        for about, parent in ((COUNTY, None), (TOWNSHIP, "yanshan"), (DEPARTMENT, "yanshan")):
            agency = office.add_agency(
                unit, **about, parent=parent, region=REGION, takes_requests=about is not COUNTY
            )
            for name, value in {**TEXTS, "letter_code": CODES[about["code"]]}.items():
                unit.set_setting(agency, name, value, FIRST_DAY, "文书用语")
            for name, display_name, roles in PEOPLE[about["code"]]:
                Accounts(office).add_user(
                    unit,
                    name=name,
                    agency=agency,
                    roles=roles,
                    display_name=display_name,
                    password_hash=hashes[name],
                )
                for role in roles:
                    audited(unit, now, SYSTEM.name, agency.id, "role_granted", name, role=role)
            heads = staff_queries.user_names(unit, agency.id)
            for unit_name, head in UNITS.get(str(about["code"]), ()):
                (user_id,) = (id_ for id_, name in heads.items() if name == head)
                unit.session.add(
                    UnitRow(
                        agency_id=agency.id, name=unit_name, head_id=user_id,
                        members=[UnitMemberRow(user_id=user_id)],
                    )
                )  # fmt: skip


REGISTER = (
    ("normative_documents", "before", "上年末现行有效的行政规范性文件", "4", ""),
    ("normative_documents", "made", "盘龙乡农村公路养护管理办法", "1", ""),
    ("permits", "decisions", "乡村建设规划许可", "10", ""),
    ("penalties", "decisions", "行政处罚决定", "21", ""),
    ("compulsory_measures", "decisions", "行政强制决定", "8", ""),
    ("proactive", "text", "通过县政府网站公开信息 53 条，通过公开栏、公示板公开 70 条。", "", ""),
    ("platform", "text", "在乡、村设置信息公开栏，明确专人更新。", "", ""),
    ("hotline", "text", "收到“12345”热线办理事项 2 件，已全部答复。", "", ""),
    ("problem", "text", "公开的及时性不够，政策解读形式单一。", "", ""),
    ("promise", "text", "每季度检查一次更新情况，解读材料与文件同步发布。", "", ""),
)


def _last_years_report(office: Office) -> None:
    """The township's register of last year, and its report: drawn up, signed, accepted, published."""
    year = office.today().year - 1
    annual, register = AnnualReports(office), YearRegister(office)
    people = {name: office.staff(name) for name in ("lifang", "zhouli", "chenxz", "hegang")}
    clerk, head, leader, county = (person for person in people.values() if person is not None)
    for item, kind, title, number, amount in REGISTER:
        given = {"item": item, "kind": kind, "title": title, "number": number,
                 "amount_yuan": amount, "on": f"{year}-06-18",
                 "published_on": f"{year}-06-25" if kind == "made" else ""}  # fmt: skip
        register.add(clerk, "panlong", year, given)
    annual.draft(clerk, "panlong", year)
    for person, step in ((head, "check"), (leader, "sign"), (clerk, "submit"),
                         (county, "accept"), (head, "publish")):  # fmt: skip
        annual.step(person, "panlong", year, step)


def _hastened(office: Office) -> None:
    """The county has asked after what is late in the department, which has answered."""
    county, clerk = office.staff("hegang"), office.staff("zhoumin")
    assert county is not None and clerk is not None
    hastening, today = Hastening(office), office.today()
    _, late = Supervision(office).listed(county, COUNTY["code"], LATE, body=DEPARTMENT["code"])
    if late:
        hastening.hasten(county, COUNTY["code"], [(one.agency, one.number) for one in late])
        for one in hastening.mine(clerk):
            said = "材料已经找齐，签发后当天交邮"
            hastening.answer(clerk, one.hastened.id, said, today.isoformat())


class _Maker:
    """Cases of one body; the choices depend on its code and the day only."""

    def __init__(self, code: str, requests: list[str], today: date) -> None:
        self.code = code
        self.random = Random(f"{code} {today}")
        self.requests = requests
        self.today = today
        self.calendar = calendar_for(REGION)
        self.cases: list[dict[str, Any]] = []

    def ago(self, workdays: int) -> date:
        """The working day that lies so many working days before today."""
        day = self.calendar.on_or_before(self.today)
        for _ in range(workdays):
            day = self.calendar.on_or_before(day - timedelta(1))
        return day

    def after(self, day: date, workdays: int) -> str:
        return self.calendar.add(day, workdays).isoformat()

    def add(self, events: list[dict[str, Any]], **about: Any) -> None:
        number = len(self.cases)
        if self.random.random() < 0.85:
            name = self.random.choice(SURNAMES) + self.random.choice(GIVEN)
            applicant: dict[str, Any] = {"name": name, "category": "natural_person"}
        else:
            name = self.random.choice(FIRMS)
            applicant = {"name": name, "description": name}
        self.cases.append(
            {
                "ref": f"{number + 1}",
                "applicants": [applicant],
                "request": self.requests[number % len(self.requests)],
                "events": events,
                **about,
            }
        )

    def past_year(self, year: int, size: int) -> None:
        """Cases that were answered: spread over the year, as far as it has gone."""
        first = date(year, 1, 4)
        last = min(date(year, 12, 20), self.ago(35))
        for index in range(size):
            if last <= first:
                return
            day = first + timedelta((last - first).days * index // size)
            self.add(list(self._answered(self.calendar.on_or_after(day), self.random.choice(MIX))))
        self._disputes(year)

    def _answered(self, day: date, outcome: str) -> Iterator[dict[str, Any]]:
        yield {
            "event": "receive",
            "on": f"{day}",
            "channel": self.random.choice(["portal", "in_person", "ems"]),
        }
        yield {
            "event": "assign",
            "on": self.after(day, 1),
            "to": self.random.choice(["农业中心", "耕保股", "规划股"]),
        }
        if outcome == "third_party_rights":
            yield {
                "event": "consult_third_party",
                "on": self.after(day, 2),
                "reached_on": self.after(day, 3),
                "consultation": 1,
            }
            yield {
                "event": "record_opinion",
                "on": self.after(day, 8),
                "consultation": 1,
                "opinion": "objects",
            }
        if self.random.random() < 0.15:
            yield {
                "event": "extend",
                "on": self.after(day, 6),
                "days": 10,
                "reason": "需查阅历年纸质档案",
            }
        pace = self.random.randint(8, 14)
        proposal: dict[str, Any] = {
            "event": "propose_outcome",
            "on": self.after(day, pace),
            "outcome": outcome,
        }
        proposal.update(_WORDS.get(outcome, {}))
        yield proposal
        served = self.after(day, pace + self.random.randint(2, 4))
        yield {
            "event": "serve",
            "on": served,
            "method": "mail",
            "posted_on": served,
            "carrier": "中国邮政",
        }

    def _disputes(self, year: int) -> None:
        if year == self.today.year or len(self.cases) < 12:
            return
        for case, result in zip(
            self.cases[-10:-7], ("upheld", "quashed", "terminated"), strict=True
        ):
            served = date.fromisoformat(case["events"][-1]["on"])
            if served.month > 9:
                continue
            case["events"].append(
                {
                    "event": "file_review",
                    "on": f"{served + timedelta(20)}",
                    "case_number": f"砚政复〔{year}〕{case['ref']}号",
                }
            )
            case["events"].append(
                {"event": "conclude_review", "on": f"{served + timedelta(75)}", "result": result}
            )

    # -- the desk of today --------------------------------------------------------------------------

    def every_state(self, *, charges: bool) -> None:
        """One case or more in each state, from overdue to just come in. charges: the body takes fees."""
        take = self._taken
        draft = {"event": "propose_outcome", "outcome": "supplied"}
        not_held = {"event": "propose_outcome", "outcome": "not_existing"}
        search = {
            "event": "record_search",
            "sources": ["档案室", "办公系统"],
            "keywords": ["合同", "验收"],
            "hits": 0,
        }
        review = {"event": "send_to_secrecy_review"}
        passed = {
            "event": "pass_secrecy_review",
            "checks": dict.fromkeys(load_law().words.secrecy_checks, "none"),
        }
        legal = {"event": "pass_legal_check"}
        sign = {"event": "approve"}
        take(21, (10, search), (12, not_held), (15, legal), (17, sign))
        take(20, (12, draft), (14, review), (15, passed), (16, legal))
        take(18, (12, search), (14, not_held), (15, legal))
        take(17, (2, {"event": "assign", "to": "规划股"}))
        take(15, (9, draft), (11, review))
        take(14, (8, draft), (10, review), (11, passed))
        take(12, (9, draft))
        take(9, (4, {"event": "consult_third_party", "consultation": 1, "reached": 1}))
        take(
            8,
            (
                3,
                {
                    "event": "require_correction",
                    "defects": ["没有写明文件名称或者所属年度，无法查找"],
                    "reached": 1,
                },
            ),
        )
        take(10, (4, {"event": "ask_reasons"}))
        take(4, (3, {"event": "assign", "to": "党政办"}))
        take(3)
        take(1)
        take(0, (0, draft), (0, review), (0, passed), (0, legal), (0, sign))
        if charges:
            take(10, (5, {"event": "charge_fee", "reached": 1, "mode": "by_page", "pages": 57}))
        day = self.ago(1)
        self.add([{"event": "submit", "on": f"{day}", "channel": "ordinary_mail"}])
        self.add([
            {"event": "submit", "on": f"{self.ago(30)}", "channel": "ordinary_mail"},
            {"event": "reroute", "on": f"{self.ago(29)}", "to": "砚山县农业农村和科学技术局"},
        ])  # fmt: skip
        self.add([
            {"event": "receive", "on": f"{self.ago(28)}", "channel": "portal"},
            {"event": "withdraw", "on": f"{self.ago(26)}"},
        ])  # fmt: skip
        answered = list(self._answered(self.ago(60), "supplied"))
        self.add([*answered, {"event": "archive", "on": f"{self.ago(35)}"}])
        clerk = next(name for name, _, roles in PEOPLE[self.code] if "clerk" in roles)
        self.add([
            {"event": "receive", "on": f"{self.ago(25)}", "channel": "in_person"},
            {"event": "void", "on": f"{self.ago(25)}", "reason": "窗口培训时录入的测试申请", "second_person": clerk},
        ])  # fmt: skip

    def _taken(self, received: int, *steps: tuple[int, dict[str, Any]]) -> None:
        """A case received so many working days ago; steps as (working days after receipt, event)."""
        day = self.ago(received)
        events = [
            {
                "event": "receive",
                "on": f"{day}",
                "channel": self.random.choice(["portal", "in_person"]),
            }
        ]
        for workdays, event in steps:
            on = self.calendar.add(day, workdays)
            fields = {key: value for key, value in event.items() if key != "reached"}
            if "reached" in event:
                fields["reached_on"] = self.after(on, event["reached"])
            events.append({**fields, "on": f"{on}"})
        self.add(events)


_WORDS: dict[str, dict[str, Any]] = {
    "partial": {
        "ground": "名册中的身份证号、银行账号属于个人隐私",
        "redaction": "隐去身份证号、银行账号后提供，共 6 页",
    },
    "third_party_rights": {
        "ground": "合同中的单价构成，第三方没有对外公开，属于其商业秘密",
        "assessment": "单价公开会损害第三方的竞争地位，不涉及公共利益，与其余内容不能分开",
    },
    "deliberative": {"ground": "会议讨论记录，尚未形成决定", "subtype": "讨论记录"},
    "enforcement_file": {"ground": "行政处罚案卷中的调查笔录，公开会影响后续调查"},
    "already_public": {"address": "县人民政府网站“政府信息公开”专栏，2024 年 3 月 1 日发布"},
    "petition": {
        "reason": "要求查处占道堆放并给予补偿，是请求处理事情，没有指向已有的记录",
        "channel": "县信访局接待窗口，电话 0876-0000000",
    },
    "needs_creation": {"reason": "须从三年的报账凭证中逐笔挑选、汇总成表，没有现成的文件"},
    "not_responsible": {
        "reason": "该批复由县农业农村和科学技术局制作",
        "right_body": {"name": "砚山县农业农村和科学技术局", "contact": "江那镇，0876-0000000"},
    },
    "not_government_information": {"reason": "党委会议纪要，由乡党委制作，可以向乡党委办公室了解"},
    "administrative_query": {
        "citation": "《不动产登记暂行条例》第二十七条",
        "window": "砚山县不动产登记中心查询窗口，政务服务大厅一楼",
    },
    "repeat": {
        "earlier_reply": "2017 年 9 月 4 日第 12 号答复",
        "reason": "两次申请的是同一份合同，申请人相同",
    },
}
