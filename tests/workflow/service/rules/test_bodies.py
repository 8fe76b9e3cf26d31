"""The tree of bodies from the shell: further bodies, a body moved below another, no circles."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from gongkai import main
from tests.workflow.service.town import Town
from workflow.service.rules.bodies import Bodies
from workflow.service.rules.calendar import BodyDays


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """Runs gongkai over a store with a township; gives back exit code and output."""
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path))

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, words)
        return result.exit_code, result.output

    assert run("init", "--agency", "panlong", "--name", "盘龙彝族乡人民政府", "--level", "township",
               "--region", "云南省文山州砚山县")[0] == 0  # fmt: skip
    return run


COUNTY = ("agency", "add", "--code", "yanshan", "--name", "砚山县人民政府", "--level", "county")


def tree(shell) -> dict[str, str | None]:
    return {b["code"]: b["parent"] for b in json.loads(shell("agency", "list", "--json")[1])}


def test_a_township_that_began_alone_comes_below_a_county(shell):
    assert shell(*COUNTY)[0] == 0
    code, said = shell("agency", "move", "panlong", "--parent", "yanshan")
    assert code == 0 and "已变更 panlong 的上级机关" in said
    added = shell("agency", "add", "--code", "jtj", "--name", "砚山县交通运输局", "--level",
                  "county_department", "--parent", "yanshan", "--no-requests")  # fmt: skip
    assert added[0] == 0
    assert tree(shell) == {"panlong": "yanshan", "yanshan": None, "jtj": "yanshan"}
    said = shell("agency", "list")[1].splitlines()
    assert said[0] == "yanshan  砚山县人民政府（县级政府）" and said[1].startswith("  panlong")
    assert shell("agency", "move", "panlong")[0] == 0 and tree(shell)["panlong"] is None


def test_the_organ_of_review_follows_from_the_new_place(shell):
    shell(*COUNTY)
    shell("agency", "move", "panlong", "--parent", "yanshan")
    found = json.loads(shell("config", "--agency", "panlong", "--json")[1])
    assert found["law"]["review_organ"]["value"] == "砚山县人民政府"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "--code", "panlong", "--name", "某乡", "--level", "township"), "已被使用"),
        (("add", "--code", "某乡", "--name", "某乡", "--level", "township"), "只能用英文字母"),
        (("add", "--code", "x", "--name", "某乡", "--level", "township", "--parent", "y"), "没有代码为“y”"),
        (("move", "nobody"), "没有代码为“nobody”"),
        (("move", "panlong", "--parent", "nobody"), "没有代码为“nobody”"),
        (("move", "panlong", "--parent", "panlong"), "不能作它的上级"),
        (("move", "yanshan", "--parent", "panlong"), "不能作它的上级"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_changes_nothing(shell, words, said):
    shell(*COUNTY)
    shell("agency", "move", "panlong", "--parent", "yanshan")
    before = tree(shell)
    code, output = shell("agency", *words)
    assert code == 1 and said in output
    assert tree(shell) == before


def test_days_of_the_new_county_move_the_deadlines_of_open_cases(tmp_path):
    town = Town(tmp_path, "2024-03-20")
    bodies = Bodies(town.office)
    bodies.move("panlong", None)
    number = town.file().number
    assert town.due(number) == date(2024, 4, 18)
    BodyDays(town.office).enter(None, "yanshan", "rest", "2024-04-01", "2024-04-01", "县庆放假通知")
    assert town.due(number) == date(2024, 4, 18)
    assert bodies.move("panlong", "yanshan") == 1
    assert town.due(number) == date(2024, 4, 19)
