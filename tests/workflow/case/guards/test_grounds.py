"""Grounds of a refusal: what must be stated, and what is enough."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.workflow.case.guards.walked import accepted, item, refused, two_items
from tests.workflow.case.proved import SEARCH
from tests.workflow.case.walk import ASSIGNED, MONDAY, RECEIVED, Step, Walk
from workflow.case.facts import Logged
from workflow.refusal import Refusal

GROUND = "记录了部门之间就养护方案的讨论，尚未形成决定"

# -- items and whole -------------------------------------------------------------------------------------


def test_label_of_an_item_is_told_with_its_number_and_of_the_whole_without() -> None:
    label = {"ground": "过程性信息", "subtype": "讨论记录"}
    of_item = two_items().do(
        "propose_outcome", 7, items=[item(1), item(2, "deliberative", **label)]
    )
    of_whole = Walk().must(*ASSIGNED).do("propose_outcome", 7, outcome="deliberative", **label)
    assert isinstance(of_item, Refusal) and isinstance(of_whole, Refusal)
    assert of_item.message == f"第 2 项：{of_whole.message}"


@pytest.mark.parametrize("outcome", ["not_existing", "not_government_information"])
def test_unclear_item_is_clarified_before_it_is_said_not_to_exist(outcome: str) -> None:
    unclear: list[Step] = [*RECEIVED, ("assign", 1, {"unclear_items": [2]})]
    reason = {"reason": "没有制作"}
    walk = Walk(items=("甲", "乙")).must(*unclear)
    walk.must(*(("record_search", 5, {**SEARCH, "item": n}) for n in (1, 2)))
    items = [item(1, outcome, **reason), item(2, outcome, **reason)]
    done = walk.do("propose_outcome", 7, items=items)
    assert isinstance(done, Refusal)
    assert (done.rule, done.field) == ("missing_evidence", "clarification")
    assert "第 2 项" in done.message
    items[1]["clarification"] = "3 月 6 日电话核实"
    assert accepted(walk, "propose_outcome", 7, items=items)


@pytest.mark.parametrize(
    ("level", "possible"), [("township", False), ("county_department", False), ("county", False),
                            ("prefecture", True), ("province", True)]
)  # fmt: skip
def test_body_without_the_power_to_classify_cannot_rest_on_its_own_classification(
    level: str, possible: bool
) -> None:
    walk = Walk().must(*ASSIGNED)
    walk.case.header = replace(walk.case.header, body_name="某某机关", body_level=level)
    fact = {"level": "秘密", "body": "某某机关", "on": "2020-01-02"}
    done = walk.do("propose_outcome", 7, outcome="state_secret", classification=fact)
    assert isinstance(done, Logged) == possible


# -- grounds ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("citation", "enough"),
    [
        ("《中华人民共和国统计法》第九条", True),
        ("统计法第九条", True),
        ("《城市房地产管理条例》第三条", False),
        ("《城市房地产管理条例》（国务院令第123号）第三条", True),
        ("不动产登记暂行条例第二十七条", True),
        ("《税收征收管理办法》（行政法规）第三条", False),
        ("《某某规定》（国务院令第123号）第三条", True),
        ("《某某规定》（国务院令第123号）", False),
        ("《统计法》", False),
        ("《中华人民共和国政府信息公开条例》第十四条", False),
        ("《民法典》第一千零三十四条", True),
        ("《全国人民代表大会常务委员会关于加强网络信息保护的决定》第一条", True),
        ("《最高人民法院关于审理某类案件的解释》第三条", False),
        ("《档案法》第十五条", False),
        ("《档案法》第二十七条", True),
        ("《某某法》第三条", False),
        ("《某某法》（第十四届全国人大常委会第二次会议通过）第三条", True),
        ("《不动产登记资料查询暂行办法》（国务院令第656号）第五条", False),
        ("《不动产登记暂行条例》（主席令第一号）第二十七条", False),
        ("《税务登记管理办法》第三条、《税收征收管理法》第八条", True),
        ("《云南省信访条例》第三条", False),
        ("云南省信访条例第三条", False),
        ("《不动产登记资料查询暂行办法》第五条", False),
        ("不动产登记资料查询暂行办法第五条", False),
        ("有关规定", False),
    ],
)
def test_only_a_law_or_an_administrative_regulation_forbids_disclosure(
    citation: str, enough: bool
) -> None:
    fields = {"outcome": "forbidden_by_law", "citation": citation, "ground": GROUND}
    if enough:
        assert accepted(Walk().must(*ASSIGNED), "propose_outcome", 7, **fields)
    else:
        found = refused(Walk().must(*ASSIGNED), "propose_outcome", 7, **fields)
        assert found == ("missing_evidence", "citation")


def test_secret_is_classified_by_the_day_of_the_draft() -> None:
    def fact(day: int) -> dict[str, str]:
        return {"level": "机密", "body": "省厅", "on": (MONDAY + timedelta(day)).isoformat()}

    late = {"outcome": "state_secret", "classification": fact(8)}
    found = refused(Walk().must(*ASSIGNED), "propose_outcome", 7, **late)
    assert found == ("missing_evidence", "classification")
    same = {"outcome": "state_secret", "classification": fact(7)}
    assert accepted(Walk().must(*ASSIGNED), "propose_outcome", 7, **same)
