"""Who may classify (保密法17, 18; law.md §8.1A): by the level of the body that is named."""

from dataclasses import replace
from typing import Any

import pytest

from tests.workflow.case.guards.walked import accepted, refused
from tests.workflow.case.walk import ASSIGNED, Walk
from workflow.refusal import Refusal

OWN = "某某机关"


def body(level: str) -> Walk:
    walk = Walk().must(*ASSIGNED)
    walk.case.header = replace(walk.case.header, body_name=OWN, body_level=level)
    return walk


def secret(level: str, by: str, **more: Any) -> dict[str, Any]:
    fact = {"level": level, "body": by, "on": "2020-01-02", **more}
    return {"outcome": "state_secret", "classification": fact}


@pytest.mark.parametrize(
    "level", ["city", "city_department", "county", "county_department", "township"]
)
def test_city_and_below_determine_no_top_secret(level: str) -> None:
    """保密法17: cities of districts determine 机密 and 秘密 only; no word helps."""
    fields = secret("绝密", OWN, authority="省委授权〔2020〕3 号")
    assert refused(body(level), "propose_outcome", 7, **fields) == (
        "missing_evidence",
        "classification",
    )


@pytest.mark.parametrize(("level", "possible"), [("city", True), ("city_department", True), ("province", True),
                                                 ("county", False), ("county_department", False), ("township", False)])  # fmt: skip
def test_county_and_below_classify_only_with_an_authority(level: str, possible: bool) -> None:
    plain = secret("机密", OWN)
    if possible:
        assert accepted(body(level), "propose_outcome", 7, **plain)
        return
    done = body(level).do("propose_outcome", 7, **plain)
    assert isinstance(done, Refusal) and done.rule == "missing_evidence"
    assert "定密授权" in done.allowed_when
    told = secret("机密", OWN, authority="云南省国家保密局 2020 年 3 月 1 日授权，限于机密、秘密")
    assert accepted(body(level), "propose_outcome", 7, **told)
    parts = {"body": "云南省国家保密局", "number": "云保〔2020〕3 号", "on": "2020-03-01"}
    assert accepted(body(level), "propose_outcome", 7, **secret("机密", OWN, authority=parts))
    ground = {**plain, "ground": "依省国家保密局云保〔2020〕3 号的定密授权确定"}
    assert accepted(body(level), "propose_outcome", 7, **ground)


def test_derived_level_is_its_sources() -> None:
    """保密法18: the level of the source, whose body is the classifier."""
    source = {"body": "中共云南省委", "number": "云发〔2019〕1 号"}
    assert accepted(
        body("township"), "propose_outcome", 7, **secret("绝密", OWN, derived_from=source)
    )
    city = {"body": "某市人民政府"}
    found = refused(
        body("township"), "propose_outcome", 7, **secret("绝密", OWN, derived_from=city)
    )
    assert found == ("missing_evidence", "classification")


@pytest.mark.parametrize(
    ("by", "top", "others"),
    [("国务院办公厅", True, True), ("省交通运输厅", True, True), ("北京市人民政府", True, True),
     ("广西壮族自治区人民政府", True, True), ("某市人民政府", False, True), ("文山壮族苗族自治州人民政府", False, True),
     ("砚山县人民政府", False, False), ("北京市海淀区人民政府", False, False), ("盘龙彝族乡人民政府", False, False),
     ("砚山县公安局", True, True), ("某局", True, True)],
)  # fmt: skip
def test_power_of_another_body_is_read_off_its_name(by: str, top: bool, others: bool) -> None:
    for level, possible in (("绝密", top), ("秘密", others)):
        assert (
            isinstance(body("township").do("propose_outcome", 7, **secret(level, by)), Refusal)
            != possible
        )
