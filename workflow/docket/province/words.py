"""Names and words of an invented province. No place, firm or person in it is a real one on purpose."""

PROVINCE = "江源省"
PLACE_FIRST = "云清石青临永安平宁新东南宜长玉松白金龙凤望乐"
PLACE_SECOND = "川阳江原泉溪岭湖州水城源岗陵浦屏"
VILLAGE_FIRST = "上下前后大小东西南北新老高石柳杨桃李槐枣"
VILLAGE_SECOND = "沟湾庄坪岗坡塘桥屯洼营坝渡洞"

SURNAMES = (
    ("王", "wang"), ("李", "li"), ("张", "zhang"), ("刘", "liu"), ("陈", "chen"), ("杨", "yang"), ("黄", "huang"),
    ("赵", "zhao"), ("周", "zhou"), ("吴", "wu"), ("徐", "xu"), ("孙", "sun"), ("马", "ma"), ("朱", "zhu"),
    ("胡", "hu"), ("郭", "guo"), ("何", "he"), ("林", "lin"), ("罗", "luo"), ("梁", "liang"), ("宋", "song"),
    ("郑", "zheng"), ("谢", "xie"), ("韩", "han"), ("唐", "tang"), ("冯", "feng"), ("于", "yu"), ("董", "dong"),
    ("萧", "xiao"), ("程", "cheng"), ("曹", "cao"), ("袁", "yuan"), ("邓", "deng"), ("许", "xu"), ("傅", "fu"),
    ("沈", "shen"), ("曾", "zeng"), ("彭", "peng"), ("吕", "lv"), ("苏", "su"), ("卢", "lu"), ("蒋", "jiang"),
)  # fmt: skip
GIVEN = (
    ("建国", "jianguo"), ("秀英", "xiuying"), ("志明", "zhiming"), ("春梅", "chunmei"), ("文山", "wenshan"),
    ("丽华", "lihua"), ("军", "jun"), ("敏", "min"), ("静", "jing"), ("伟", "wei"), ("芳", "fang"), ("洁", "jie"),
    ("涛", "tao"), ("超", "chao"), ("艳", "yan"), ("磊", "lei"), ("海燕", "haiyan"), ("国庆", "guoqing"),
    ("桂兰", "guilan"), ("光荣", "guangrong"), ("小红", "xiaohong"), ("晓东", "xiaodong"), ("雪梅", "xuemei"),
    ("永强", "yongqiang"), ("金花", "jinhua"), ("卫东", "weidong"), ("立新", "lixin"), ("晓明", "xiaoming"),
    ("玉珍", "yuzhen"), ("德福", "defu"), ("家豪", "jiahao"), ("子涵", "zihan"), ("宇航", "yuhang"), ("思雨", "siyu"),
    ("浩然", "haoran"), ("佳怡", "jiayi"), ("长青", "changqing"), ("树林", "shulin"), ("云飞", "yunfei"),
    ("凤英", "fengying"), ("正华", "zhenghua"), ("爱民", "aimin"), ("红霞", "hongxia"), ("志强", "zhiqiang"),
    ("兴旺", "xingwang"), ("明亮", "mingliang"),
)  # fmt: skip

FIRM_SORTS = ("建筑工程", "农业开发", "物业服务", "环保科技", "矿业", "房地产开发", "运输", "商贸")
LAW_FIRMS = ("正衡", "泽言", "中允", "信立达", "天理", "明辨")

# -- bodies -----------------------------------------------------------------------------------------

DEPARTMENTS = (
    ("自然资源", "land"), ("住房和城乡建设", "housing"), ("农业农村", "farming"), ("生态环境", "environment"),
    ("人力资源和社会保障", "labour"), ("财政", "money"), ("教育", "school"), ("民政", "welfare"),
    ("交通运输", "road"), ("水利", "water"), ("市场监督管理", "market"), ("卫生健康", "health"),
    ("发展和改革", "plan"), ("公安", "police"), ("司法", "justice"), ("医疗保障", "health"), ("应急管理", "safety"),
    ("文化和旅游", "culture"), ("审计", "money"), ("统计", "plan"), ("林业和草原", "forest"), ("城市管理", "city"),
    ("退役军人事务", "welfare"), ("科学技术", "plan"), ("商务", "market"),
)  # fmt: skip
"""What departments are about, the most asked first, and which topics their requests have."""

STAFF_OF_A_TOWNSHIP = (
    ("党政办", ("clerk", "handler", "archivist")), ("党政办主任", ("office_head", "cashier")),
    ("保密员", ("secrecy_reviewer",)), ("司法所", ("legal_reviewer",)), ("副乡镇长", ("leader",)),
)  # fmt: skip
STAFF_OF_A_DEPARTMENT = (
    ("办公室", ("clerk", "archivist")), ("业务科室", ("handler",)), ("业务科室", ("handler",)),
    ("办公室主任", ("office_head",)), ("保密办", ("secrecy_reviewer",)), ("法规科", ("legal_reviewer",)),
    ("分管领导", ("leader",)), ("财务", ("cashier",)),
)  # fmt: skip
UNITS = {
    "township": (
        "农业服务中心",
        "村镇建设所",
        "财政所",
        "自然资源所",
        "社会事务办",
        "民政办",
        "综合执法队",
    ),
    "government": ("政府办信息公开科", "信访接待科", "督查室", "综合科", "法制科"),
    "department": ("业务一科", "业务二科", "行政审批科", "法规科", "执法大队", "财务科", "综合科"),
}

WITHIN = {
    "county": ("镇", "镇", "乡", "街道"),
    "city": ("县", "县", "区"),
    "province": ("市", "县"),
}
"""How places within the area of a government are called."""

# -- requests ---------------------------------------------------------------------------------------

ANYTHING = (
    "{year}年度部门预算、决算及“三公”经费明细",
    "{place}信访事项的办理情况和答复意见",
    "{year}年政府采购合同目录及合同文本",
    "关于{project}的会议纪要",
    "{year}年度行政处罚决定书汇总",
    "{year}年接待费、公务用车费用支出明细",
)
TOPICS = {
    "land": (
        "{place}{village}征地补偿安置方案及分户补偿明细", "{village}集体土地征收批复文件和勘测定界图", "{project}用地预审意见和建设用地批准书",
        "{village}宅基地审批档案", "{firm}国有建设用地使用权出让合同", "{village}土地利用总体规划图（{year}年）",
        "{village}征收土地预公告、听证笔录及送达回证", "{project}增减挂钩项目验收材料", "{firm}采矿许可证及延续批复",
    ),
    "housing": (
        "{project}建设工程规划许可证、施工许可证", "{village}房屋征收决定和补偿方案", "{estate}小区竣工验收备案表",
        "{estate}小区住宅专项维修资金使用明细", "{place}{year}年老旧小区改造项目清单", "{project}商品房预售许可证及预售资金监管协议",
        "{village}片区棚户区改造安置房分配结果",
    ),
    "farming": (
        "{village}农村土地承包经营权确权登记资料", "{place}{year}年高标准农田建设项目招标文件、合同", "{year}年农机购置补贴发放名单",
        "{village}{year}年农村厕所改造补助资金发放表", "{place}{year}年耕地地力保护补贴分户明细",
    ),
    "environment": (
        "{firm}环境影响评价报告书及批复", "{firm}{year}年排污许可证执行报告", "{village}饮用水水源地水质监测报告（{year}年）",
        "{firm}环境违法行为查处情况", "{project}竣工环境保护验收意见",
    ),
    "labour": (
        "{firm}工伤认定申请材料和认定决定书", "{year}年事业单位公开招聘岗位及成绩", "{firm}拖欠农民工工资案件的处理决定",
        "{village}被征地农民养老保险参保名单",
    ),
    "money": (
        "{place}{year}年财政专项扶贫资金分配文件", "{project}财政投资评审报告", "{place}{year}年地方政府债券使用情况",
        "{village}{year}年惠农补贴“一卡通”发放明细", "{project}结算审计报告",
    ),
    "school": (
        "{place}{year}年义务教育阶段学校招生划片方案", "{year}年教师公开招聘面试成绩", "{place}第二小学扩建工程合同",
        "{year}年民办学校年检结果",
    ),
    "welfare": (
        "{village}{year}年农村低保对象审批名单", "{place}{year}年临时救助资金发放情况", "{village}行政区划、界线勘定文件",
        "{village}公益性公墓审批文件",
    ),
    "road": (
        "{village}至{place}公路改建工程施工合同", "{year}年度农村公路养护资金拨付凭证", "{project}工程变更签证和计量支付资料",
        "{place}出租汽车经营权配置方案",
    ),
    "water": (
        "{village}水库除险加固工程竣工验收鉴定书", "{firm}取水许可证及水资源费缴纳情况", "{village}人畜饮水工程资金使用情况",
        "{place}河道采砂许可和采砂规划",
    ),
    "market": (
        "{firm}工商登记档案", "对{firm}投诉举报的立案、调查和处理结果", "{estate}小区电梯{year}年检验报告",
        "{firm}食品安全监督抽检结果",
    ),
    "health": (
        "{place}{year}年医疗机构行政处罚信息", "{place}人民医院医疗设备采购合同", "{year}年城乡居民基本医疗保险基金收支情况",
        "{place}{year}年突发公共卫生事件应急预案",
    ),
    "plan": (
        "{project}可行性研究报告及批复", "{project}项目核准、备案文件", "{place}{year}年国民经济和社会发展统计数据",
        "{place}“十四五”规划中期评估报告", "{year}年科技专项资金立项名单",
    ),
    "police": (
        "{year}年{month}月{place}派出所接处警登记表", "{village}户籍登记资料", "本人报警事项的出警记录和处理结果",
        "{place}道路监控设置审批文件",
    ),
    "justice": (
        "{place}{year}年行政复议案件统计", "{place}法律援助经费使用情况", "{place}{year}年行政规范性文件清理结果",
    ),
    "safety": (
        "{firm}生产安全事故调查报告", "{place}{year}年防汛抗旱物资采购和储备情况", "{place}森林防火应急预案",
    ),
    "culture": (
        "{village}古建筑文物保护单位认定文件", "{project}文物调查勘探意见", "{place}{year}年旅游发展专项资金使用情况",
    ),
    "forest": (
        "{village}林权登记档案和林权证存根", "{project}使用林地审核同意书", "{village}退耕还林补助兑现花名册",
        "{village}{year}年生态护林员选聘名单",
    ),
    "city": (
        "{estate}小区违法建设查处决定书", "{place}{year}年市容环卫作业服务采购合同", "{place}户外广告设置审批资料",
    ),
    "township": (
        "{village}征地补偿款分配方案和发放表", "{village}宅基地审批名册", "{year}年度农村公路养护合同", "{village}易地搬迁点工程招标文件",
        "{year}年度危房改造补助发放明细", "{village}{year}年村级财务收支公示", "{village}土地权属争议的处理意见",
        "{village}护坡项目竣工验收单", "{year}年度农村低保对象公示名单", "{village}集体土地承包合同及附图",
    ),
    "government": (
        "{project}征收土地批复和补偿方案", "{place}人民政府关于{project}的批复", "{village}房屋征收补偿决定及其依据",
        "{place}人民政府常务会议纪要（{year}年第{month}次）", "{place}{year}年重大行政决策事项目录", "关于成立{project}指挥部的文件",
        "{village}土地权属争议行政处理决定书",
    ),
}  # fmt: skip
PROJECTS = ("高速公路连接线", "污水处理厂扩建", "产业园二期", "棚户区改造", "滨河大道", "人民医院迁建", "水库除险加固",
            "农贸市场改造", "光伏发电", "城区供水管网", "物流园", "生态修复")  # fmt: skip
ESTATES = ("锦绣花园", "阳光新城", "碧水湾", "幸福里", "和谐家园", "滨江一号", "桂花苑", "学府名邸")
STREETS = ("人民路", "解放路", "建设街", "新华路", "中山路", "文化巷", "迎宾大道", "环城北路")
PAPERS = (
    "{place}政发〔{year}〕{n}号",
    "{place}发改〔{year}〕{n}号",
    "{place}自然资〔{year}〕{n}号",
    "合同编号 {year}-{n}",
)
"""How an applicant names a paper."""
