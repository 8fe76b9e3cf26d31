"""A whole report of a real year, to be written: the published tables of Huai'an 2024, texts of our own."""

import json
from datetime import date
from decimal import Decimal

from tests.examples import ACCEPTANCE
from workflow.report.annual import AnnualReport

TABLES = ACCEPTANCE / "tables"

TABLE2 = {
    "2021": {
        "regulations": {"made": 1, "repealed": 0, "in_force": 19},
        "normative_documents": {"made": 43, "repealed": 27, "in_force": 420},
        "permits": {"decisions": 1_482_306},
        "penalties": {"decisions": 215_447},
        "compulsory_measures": {"decisions": 8_912},
        "charges": {"amount_10k": Decimal("98765.43")},
    },
    "2019": {
        "regulations": {"made": 0, "opened": 0, "open_total": 2},
        "normative_documents": {"made": 12, "opened": 12, "open_total": 187},
        "permits": {"items_before": 211, "change": -4, "decisions": 30_112},
        "other_services": {"items_before": 96, "change": 3, "decisions": 7_415},
        "penalties": {"items_before": 1_870, "change": 22, "decisions": 4_031},
        "compulsory_measures": {"items_before": 144, "change": 0, "decisions": 260},
        "charges": {"items_before": 17, "change": -1},
        "procurement": {"projects": 3, "amount": 55_760},
    },
}
OVERVIEW = (
    "{year}年，本机关认真执行《中华人民共和国政府信息公开条例》，围绕群众关心的事项公开信息，"
    "依法办理每一件申请。本报告的统计期限自{year}年1月1日起至{year}年12月31日止。\n"
    "（一）主动公开。全年通过门户网站公开政府信息，规范性文件与解读材料同步发布；“一网通办”事项的"
    "办事指南逐项核对，做到线上线下一致。\n"
    "（二）依申请公开。收到申请{new}件，上年结转{before}件，办结{total}件，结转下年度{after}件。"
    "答复前逐件核对依据，能区分处理的区分处理。\n"
    "（三）政府信息管理。文件起草时同步确定公开属性，每季度清理一次规范性文件，废止和修改的及时标注。\n"
    "（四）政府信息公开平台建设。网站按照无障碍要求改版，增设“依申请公开”在线进度查询。\n"
    "（五）监督保障。全年培训两次，对下级机关的答复书抽查一次，未发生责任追究的情形。"
)
PROBLEMS = (
    "存在的主要问题：一是部分答复对不予公开的理由说明不够具体；二是个别单位主动公开不及时。\n"
    "改进情况：一是印发答复书范本，逐条写明法律依据和事实；二是按月通报主动公开情况，"
    "限期补齐缺项，年底前已经全部完成。"
)
OTHER = (
    "按照《政府信息公开信息处理费管理办法》，全年发出收费通知6件，申请人逾期未缴费、不再处理6件，"
    "实际收取信息处理费0元。"
)


def published(slug: str = "huaian_2024", **changed: object) -> AnnualReport:
    """A report over a published table 3 and 4."""
    data = json.loads((TABLES / f"{slug}.json").read_text(encoding="utf-8"))
    table3 = data["table3"]
    counts = {
        "year": data["year"],
        "new": table3["new_received"]["total"],
        "before": table3["carried_in"]["total"],
        "total": table3["total"]["total"],
        "after": table3["carried_out"]["total"],
    }
    given: dict[str, object] = {
        "agency": data["agency"].split("(")[0],
        "code": data["slug"],
        "year": data["year"],
        "format": data["format"],
        "table2": TABLE2[data["format"]],
        "table3": table3,
        "table4": data["table4"],
        "sections": {
            "overview": OVERVIEW.format(**counts),
            "problems": PROBLEMS,
            "other_matters": OTHER,
        },
        "signed_by": data["agency"].split("(")[0],
        "published_on": date(data["year"] + 1, 1, 24),
        "period": (date(data["year"], 1, 1), date(data["year"], 12, 31)),
    }
    return AnnualReport(**{**given, **changed})
