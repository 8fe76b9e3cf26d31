"""Reports for the checks of texts and days, with what is known beside each: those that must be told, those that must not."""

from datetime import date

from tests.workflow.report.checks.reports import report, saying, with2
from tests.workflow.report.checks.said import OFFICE, RIGHT, WRONG
from tests.workflow.report.checks.said import saying as of_office
from workflow.report.annual import AnnualReport
from workflow.report.checks import Known

Pair = tuple[AnnualReport, Known]


def alone(one: AnnualReport) -> Pair:
    return one, Known()


FIRES: dict[str, list[Pair]] = {
    **{
        rule: [alone(of_office(OFFICE, one)) for one in WRONG[rule][:2]]
        for rule in ("V34", "V35", "V38", "V39")
    },
    "V36": [
        alone(report(signed_on=date(2024, 1, 25))),
        alone(report(signed_on=date(2024, 12, 25))),
        alone(report(signed_on=date(2024, 12, 31), period=None)),
        alone(report(signed_on=date(2023, 12, 30))),
        alone(report(signed_on=date(2024, 1, 25), period=None)),
        alone(report(signed_on=date(2024, 1, 25), title="")),
        alone(report(signed_on=date(2024, 1, 25), title="", period=None)),
    ],
    "V37": [
        alone(with2(report(agency="宿迁市教育局", level=None), "regulations", in_force=1)),
        alone(with2(report(agency="云南省民政厅", level=None), "regulations", made=1)),
        alone(with2(report(agency="宿迁市发展和改革委员会", level=None), "regulations", made=1)),
        alone(with2(report(agency="甲局", level="province_department"), "regulations", made=1)),
    ],
    "V41": [
        alone(report(2019, preface="根据国办公开办函〔2021〕30号编制本报告。")),
        alone(report(2020, preface="根据《报告格式》（国办公开办函[2021]30号）编制。")),
        alone(
            saying(
                report(2019), other_matters="按照《政府信息公开信息处理费管理办法》，未收取费用。"
            )
        ),
        alone(saying(report(2019), overview="根据国办函〔2020〕109号，未收取费用。")),
        alone(saying(report(2023), overview="按照县政办发〔2025〕3号的要求，加强管理。")),
        alone(
            report(
                2023,
                signed_on=date(2024, 1, 3),
                own_sections={"七、其他": "依照青政发【2025】第12号文件。"},
            )
        ),
        alone(report(2018, preface="根据国务院令第711号编制。", signed_on=date(2019, 1, 20))),
    ],
}

SILENT: dict[str, list[Pair]] = {
    **{
        rule: [alone(of_office(OFFICE, one)) for one in RIGHT[rule][:2]]
        for rule in ("V34", "V35", "V38", "V39")
    },
    "V36": [
        alone(report(signed_on=date(2025, 1, 1))),
        alone(report()),
        alone(report(signed_on=date(2024, 9, 30), period=(date(2024, 1, 1), date(2024, 9, 29)))),
        alone(report(signed_on=date(2024, 1, 25), period=(date(2023, 1, 1), date(2023, 12, 31)))),
        alone(report(year=2024, signed_on=date(2026, 1, 1))),
    ],
    "V37": [
        alone(report(agency="宿迁市教育局", level=None)),
        alone(with2(report(agency="宿迁市教育局", level=None), "normative_documents", made=1)),
        alone(with2(report(agency="宿迁市人民政府办公室", level=None), "regulations", made=1)),
        alone(with2(report(agency="宿迁市人民政府", level=None), "regulations", made=1)),
        alone(with2(report(agency="甲局", level="city"), "regulations", made=1)),
        alone(with2(report(agency="国家市场监督管理总局", level=None), "regulations", made=1)),
        alone(with2(report(agency="平潭综合实验区管委会", level=None), "regulations", made=1)),
        alone(with2(report(agency="砚山县教育局", level=None), "regulations", made=1)),
    ],
    "V41": [
        alone(report(2021, preface="根据国办公开办函〔2021〕30号编制本报告。")),
        alone(
            report(2020, preface="根据国办公开办函〔2021〕30号编制。", signed_on=date(2021, 9, 26))
        ),
        alone(report(2020, preface="根据国办公开办函〔2019〕60号编制本报告。")),
        alone(
            saying(
                report(2020), other_matters="按照《政府信息公开信息处理费管理办法》，未收取费用。"
            )
        ),
        alone(report(2023, preface="按照工作通知〔2024〕11号的要求编制。")),
        alone(report(2023, preface="（2025）云2601行初12号判决已经生效。")),
        alone(report(2023, preface="文号：青政办发〔2026〕3号\n发布日期：2026年5月1日")),
        alone(report(2019, preface="根据国务院令第711号编制。")),
        alone(report(2023, preface="按照青政办函〔2023〕5号编制。", signed_on=date(2023, 1, 25))),
    ],
}
