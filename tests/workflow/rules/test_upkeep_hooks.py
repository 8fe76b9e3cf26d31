"""What is said of addresses to which other systems are told what happened."""

from dataclasses import replace

import pytest

from workflow.rules import upkeep as rules
from workflow.rules.upkeep import LOOK, RIGHT, WRONG

OA = rules.Hook("县 OA", 0, failing=False, failed=0, problem="")


@pytest.mark.parametrize(
    ("found", "wanted", "words"),
    [
        ([], [], ""),
        ([OA, OA], [("hooks.works", RIGHT)], "2 个推送地址都收得到"),
        ([OA, replace(OA, failed=4)], [("hooks.failed", LOOK)], "推送地址“县 OA”有 4 条没有送达"),
        (
            [replace(OA, failures=3, failing=True, problem="对方没有收下（500）", failed=1)],
            [("hooks.failing", WRONG)],
            "推送地址“县 OA”连续 3 次没有收下：对方没有收下（500），有 1 条没有送达",
        ),
    ],
)
def test_what_other_systems_are_told(found, wanted, words):
    findings = list(rules.hooks(found))
    assert [(one.key, one.level) for one in findings] == wanted
    assert all(one.remedy for one in findings if one.level != RIGHT)
    assert [one.message for one in findings] == ([words] if words else [])
