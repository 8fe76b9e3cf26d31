"""Who decides on review of a body, and who takes complaints about it, by its level, name and tree."""

import pytest

from config.law import load_law
from workflow.rules.organs import Place, derived_complaint_body, derived_review_organ

LAW = load_law()
ABOVE = (("county", "砚山县人民政府"), ("city", "文山州人民政府"), ("province", "云南省人民政府"))


@pytest.mark.parametrize(
    ("name", "level", "above", "organ", "article"),
    [
        ("盘龙彝族乡人民政府", "township", ABOVE, "砚山县人民政府", "24(1)"),
        ("砚山县民政局", "county_department", ABOVE, "砚山县人民政府", "24(1)"),
        ("砚山县人民政府", "county", ABOVE[1:], "文山州人民政府", "24(1)"),
        ("文山州人民政府", "city", ABOVE[2:], "云南省人民政府", "24(1)"),
        ("云南省财政厅", "province_department", ABOVE[2:], "云南省人民政府", "24(2)"),
        ("云南省人民政府", "province", (), "云南省人民政府", "24(2): the province itself"),
        ("中华人民共和国财政部", "province_department", (), "中华人民共和国财政部", "25"),
        ("国家税务总局", "province_department", (), "国家税务总局", "25"),
        ("国家税务总局砚山县税务局", "county_department", ABOVE, "", "27: the tax office above is not in the tree"),
        (
            "国家税务总局砚山县税务局", "county_department",
            (("city_department", "国家税务总局文山州税务局"), *ABOVE), "国家税务总局文山州税务局", "27",
        ),
        ("砚山县地方金融监督管理局", "county_department", ABOVE, "砚山县人民政府", "24(1), no vertical body"),
        (
            "砚山县司法局", "county_department", (*ABOVE, ("city_department", "文山州司法局")),
            "砚山县人民政府或者文山州司法局", "28",
        ),
        ("砚山县司法局", "county_department", ABOVE, "砚山县人民政府或者上一级司法行政部门", "28"),
        ("盘龙彝族乡人民政府", "township", (("county_department", "砚山县民政局"),), "", "no county known"),
    ],
)  # fmt: skip
def test_organ_of_review_follows_from_level_and_kind_of_body(
    name: str, level: str, above: tuple[tuple[str, str], ...], organ: str, article: str
) -> None:
    """行政复议法24, 25, 27, 28."""
    assert derived_review_organ(LAW, Place(name, level, above)) == organ, article


@pytest.mark.parametrize(
    ("name", "level", "above", "office"),
    [
        ("盘龙彝族乡人民政府", "township", ABOVE, "砚山县人民政府办公室"),
        ("砚山县民政局", "county_department", ABOVE, "砚山县人民政府办公室"),
        ("砚山县人民政府", "county", ABOVE[1:], "文山州人民政府办公室"),
        ("文山州人民政府", "city", ABOVE[2:], "云南省人民政府办公厅"),
        ("云南省人民政府", "province", (), "国务院办公厅"),
        ("国家税务总局砚山县税务局", "county_department", ABOVE, ""),
        ("盘龙彝族乡人民政府", "township", (), ""),
    ],
)
def test_complaints_go_to_the_office_that_looks_after_openness(
    name: str, level: str, above: tuple[tuple[str, str], ...], office: str
) -> None:
    """条例5, 47, 51."""
    assert derived_complaint_body(LAW, Place(name, level, above)) == office
