"""The column of table 3 follows from how an applicant's description ends (law.md §6.7)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.law import load_law
from workflow.rules.columns import column_is_known, column_of
from workflow.rules.rulebook import merged_settings

LAW = load_law()
COLUMNS: dict[str, str] = {
    "natural_person": """
        大学教授 云南大学教授 某大学客座教授 某学院副教授 公司职工 某某建材有限公司职工 公司员工 某公司法务 某公司经理 某公司法定代表人
        某公司股东 医院医生 县人民医院医生 县医院护士 中学教师 盘龙中学教师 小学老师 某中学校长 幼儿园教师 银行退休职工 农业银行退休职工
        银行职员 律师 某律师事务所律师 北京某律所律师 公益律师 律师以个人名义申请 律师事务所律师以个人的名义 教授以本人名义申请 公司职工申请 公司法务以个人名义申请 记者 某报社记者 日报记者 电视台记者 自由撰稿人
        村民 盘龙村村民 某村村民代表 村民小组组长 村民小组村民 居民 社区居民 学生 在校大学生 云南大学学生 大学研究生 某大学博士生 中学生 学生家长
        检察院检察官 法院法官 部队军人 退役军人 某部队战士 养老院护工 养老院老人 福利院工作人员 清真寺阿訇 寺院住持 合作社社员 协会会员 民办非企业单位负责人
        政府工作人员 某局干部 公务员 退休干部 下岗工人 工人 农民 农民工 个人 公民 一名公民 自然人 业主 小区业主 业主代表 志愿者 环保志愿者 工程师 外国人
        残疾人 消费者 拆迁户 养殖户 企业家 村民三人 教师（退休） 职工（以个人名义）
        """,
    "business": """
        公司 有限公司 有限责任公司 股份有限公司 云南某建材有限公司 某研究院有限公司 云南某大学科技有限公司 某医院管理有限公司 律师咨询有限公司 公益文化传播有限公司
        养老服务有限公司 民办教育投资公司 某村旅游开发公司 企业 民营企业 国有企业 外资企业 个人独资企业 合伙企业 集团 某某集团 某中心（有限合伙）
        某投资中心（有限合伙） 有限公司昆明分公司 农业银行 某银行支行 农村信用社 工厂 砖厂 商店 药店 餐馆 超市 加油站 采石场 会计师事务所 税务师事务所 旅行社 招待所
        某公司（负责人李某） 某公司等3家 某公司提出申请 职工以公司名义申请 公司以公司名义 建材公司，  某企业代表处 某公司项目部 个体工商户 个体户 个体工商户王某 王某餐馆（个体工商户）
        Acme_Co.,_Ltd. ACME_LIMITED Siemens_GmbH
        """,
    "research_institute": """
        大学 云南大学 某医科大学 职业技术学院 医学院 商学院 高校 科学院 中国科学院 社科院 农科院 研究院 某设计研究院 研究所 科学研究所 研究中心 重点实验室 研究生院 科研机构
        科研单位 智库 University_of_Oxford课题组 Yunnan_University
        """,
    "public_welfare": """
        基金会 某环保公益基金会 教育基金会 慈善总会 慈善会 红十字会 公益组织 慈善组织 社会公益组织 志愿服务队 环保组织
        """,
    "legal_service": """
        律师事务所 云南某律师事务所 北京某律师事务所（特殊普通合伙） 律所 法律服务所 基层法律服务所 法律服务机构 公证处 律师事务所以所名义申请 律师以律所名义申请 法律援助中心 司法鉴定中心 仲裁委员会
        """,
    "other_organization": """
        民办非企业单位 民办非企业 民办非企业单位（法人） 民非 社会服务机构 社会组织 社会团体 事业单位 人民检察院 县人民检察院 法院 人民法院 中级人民法院 政府 县人民政府 乡政府
        部队 某部队 解放军某部 武警部队 消防队 派出所 司法所 自然资源局 省教育厅 县卫健委 街道办事处 养老院 企业养老院 敬老院 福利院 儿童福利院 孤儿院 寺 少林寺 某寺院 白云观 道观
        教堂 清真寺 宗教活动场所 医院 县人民医院 大学附属医院 职工医院 公司职工医院 部队医院 卫生院 乡镇卫生院 诊所 中学 小学 大学附属中学 盘龙中学 中心小学 学校 职业学校 教师进修学校
        幼儿园 公司幼儿园 党校 老年大学 村民小组 某村第三村民小组 第三组 村委会 盘龙村村民委员会 居委会 业主委员会 合作社 农民专业合作社 股份经济合作社 经济联合社 协会 律师协会
        医师协会 教授协会 企业联合会 企业家协会 商会 学会 医学会 工会 公司工会 银行工会 公司党委 学生会 大学学生会 个体劳动者协会 妇联 报社 大学出版社 电视台 养老服务中心 图书馆
        记者站 退役军人服务站 国际组织
        """,
}  # fmt: skip


@pytest.mark.parametrize("citizen", [True, False])
@pytest.mark.parametrize("column", COLUMNS)
def test_the_ending_decides(column: str, citizen: bool) -> None:
    """law.md §6.7: neither a word inside the name nor the employer; no ending here is left to guess."""
    read = {
        text: column_of(LAW, LAW.defaults(), None, text.replace("_", " "), citizen=citizen)
        for text in COLUMNS[column].split()
    }
    assert {text: found for text, found in read.items() if found != column} == {}


@pytest.mark.parametrize(
    "description", ["个体工商户", "个体户", "王某餐馆（个体工商户）", "个体工商户王某"]
)
def test_sole_trader_is_a_natural_person_where_the_setting_says_so(description: str) -> None:
    settings = merged_settings(LAW, {"sole_trader_col": "natural"})
    assert column_of(LAW, settings, None, description, citizen=False) == "natural_person"
    assert column_of(LAW, settings, None, "个体户联合会", citizen=False) == "other_organization"


@pytest.mark.parametrize(
    "description", ["某某工作室", "某街道服务站", "某某养生馆", "第三组", "某镇"]
)
def test_what_is_no_person_but_no_more_is_known_is_other_and_told(description: str) -> None:
    for citizen in (True, False):
        found = column_of(LAW, LAW.defaults(), None, description, citizen=citizen)
        assert found == "other_organization"
    assert not column_is_known(LAW, None, description)


@pytest.mark.parametrize("description", ["律师张三", "退休教师李某", "村民王某", "村民王某等5人"])
def test_a_citizen_with_profession_and_name_is_a_natural_person(description: str) -> None:
    assert column_of(LAW, LAW.defaults(), None, description, citizen=True) == "natural_person"


@pytest.mark.parametrize("description", ["盘龙彝锦", "", "ABC"])
def test_what_no_ending_knows_is_other_for_an_organisation_and_told(description: str) -> None:
    assert column_of(LAW, LAW.defaults(), None, description, citizen=False) == "other_organization"
    assert column_of(LAW, LAW.defaults(), None, description, citizen=True) == "natural_person"
    assert not column_is_known(LAW, None, description)
    assert column_is_known(LAW, "business", description)


def test_a_word_of_no_column_in_an_older_store_is_read_by_the_description() -> None:
    """It cannot come in any more; what is stored still folds."""
    assert column_of(LAW, LAW.defaults(), "buisness", "某公司", citizen=False) == "business"


@given(st.text(max_size=30), st.booleans())
def test_every_applicant_has_exactly_one_column(description: str, citizen: bool) -> None:
    found = column_of(LAW, LAW.defaults(), None, description, citizen=citizen)
    assert found in LAW.formats.applicant_columns()


@given(st.sampled_from(LAW.formats.applicant_columns()), st.text(max_size=30))
def test_column_that_an_officer_set_wins_over_the_description(column: str, text: str) -> None:
    assert column_of(LAW, LAW.defaults(), column, text, citizen=True) == column


@given(
    st.sampled_from(sorted(LAW.applicants.endings)),
    st.sampled_from(["（退休）", "，", "等三人", "。 "]),
)
def test_remarks_behind_a_description_change_nothing(ending: str, remark: str) -> None:
    one, other = (
        column_of(LAW, LAW.defaults(), None, text, citizen=True)
        for text in (ending, ending + remark)
    )
    assert one == other
