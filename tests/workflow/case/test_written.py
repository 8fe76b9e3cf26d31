"""What a filled-in form says, by the words before it."""

import pytest

from workflow.case.written import MOST, fields_of


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["姓名：张三"], {"name": "张三"}),
        (["姓 名 *", "张三", "证件名称", "身份证"], {"name": "张三"}),
        (["1. 联系电话（必填）：１３８００００００００"], {"phone": "13800000000"}),
        (["姓名\t张三\t邮编\t663100"], {"name": "张三", "postcode": "663100"}),
        (["所需信息的内容描述：", "第一项", "第二项", "用途", "自用"], {"items": "第一项\n第二项"}),
        (["单位名称：某公司", "统一社会信用代码：91110000600037341L"],
         {"org_name": "某公司", "credit_code": "91110000600037341L"}),
        (["姓名：", "张三", "李四"], {"name": "张三"}),
        (["姓名：张三", "姓名：李四"], {"name": "张三"}),
        (["通信地址：云南省", "砚山县", "此致"], {"address": "云南省 砚山县"}),
        (["您好，请公开某文件的名称和文号等内容，谢谢您的工作"], {}),
        (["姓名是张三"], {}),
        ([], {}),
    ],
)  # fmt: skip
def test_fields(lines, found):
    assert fields_of(lines) == found


def test_no_field_is_longer_than_the_form_takes():
    assert len(fields_of(["申请内容：" + "长" * 5000])["items"]) == MOST
