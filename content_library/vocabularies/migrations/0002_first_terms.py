"""The terms that every platform begins with; from then on they are managed in the console.

One line per term: code, label, key words.  Two digits are a top class of the national catalogue,
four a class below it.
"""

from django.db import migrations

SUBJECTS = """
01 国务院组织机构
0101 机构设置|内设机构 三定 议事协调机构 挂牌
0102 机构职责|主要职责 权责清单 权力清单 责任清单
02 综合政务|政府工作报告 政府令
0201 政务公开|信息公开 依申请公开 政策解读 公开目录 政府公报
0202 数字政府|电子政务 政务数据 政府网站 一网通办 政务新媒体 一体化平台
0203 文秘工作|公文处理 会议纪要 公章
0204 政务督查|督查 督办 绩效考核
0205 应急值守|值班 突发事件 应急预案 应急演练
0206 政务服务|行政审批 营商环境 放管服 办事指南 便民热线 证明事项
0207 建议提案|人大代表建议 政协提案 答复
03 国民经济管理、国有资产监管|国民经济 国资
0301 发展规划|五年规划 规划纲要 国民经济和社会发展
0302 经济运行|宏观经济 稳增长 经济形势
0303 固定资产投资|投资项目 重大项目 专项债项目
0304 价格|物价 定价 收费标准 价格监测
0305 国有资产监管|国有企业 国有资本 产权
0306 统计|统计公报 普查 统计调查
0307 经济体制改革|改革试点 要素市场
04 财政、金融、审计|财政 金融
0401 财政预算决算|预算 决算 三公经费 财政收支 转移支付
0402 税收|税务 减税降费 纳税 税费优惠
0403 政府采购|采购 招标 中标
0404 银行和信贷|贷款 信贷 融资 普惠金融
0405 证券和保险|保险 证券 上市 期货
0406 审计监督|审计 审计报告 审计整改
0407 政府债务|债券 债务 专项债券
05 国土资源、能源|自然资源 能源
0501 土地管理|土地 征地 耕地 用地 不动产登记 国土空间规划
0502 矿产资源|矿产 采矿 探矿 矿山
0503 电力|供电 用电 电网 充电设施
0504 煤炭油气|煤炭 天然气 石油 成品油
0505 新能源|光伏 风电 可再生能源 储能
0506 测绘和地理信息|测绘 地图 遥感 地质灾害
06 农业、林业、水利|农业 三农
0601 种植业和粮食|粮食 播种 春耕 农作物 种子 化肥
0602 畜牧业和渔业|畜牧 渔业 养殖 动物防疫
0603 林业和草原|林业 草原 森林防火 造林 林长制
0604 水利|水库 河长制 灌溉 供水 防汛 水资源
0605 乡村振兴和农村建设|乡村振兴 农村 人居环境 村庄
0606 农产品质量|农产品 绿色食品 农机
07 工业、交通|工业 交通
0701 工业和信息化|制造业 工业互联网 智能制造 产业园区
0702 中小企业|民营企业 专精特新 个体工商户
0703 公路和道路运输|公路 客运 货运 道路运输 公交
0704 铁路|铁路 高铁
0705 水运和港口|港口 航道 船舶
0706 民航|机场 航班 低空
0707 邮政和通信|快递 邮政 通信 宽带 5G
08 商贸、海关、旅游|商贸 旅游
0801 国内贸易|消费 商场 市场保供 以旧换新 电子商务
0802 对外经贸|外贸 进出口 外商投资 自贸区 招商引资
0803 海关和口岸|海关 口岸 通关
0804 旅游|景区 游客 旅行社 文旅
09 市场监管、安全生产监管|市场监管
0901 市场主体登记|营业执照 企业登记 注销 经营主体
0902 产品质量和标准|质量 标准化 计量 认证
0903 食品药品监管|食品安全 药品 医疗器械 化妆品 抽检
0904 知识产权|专利 商标 版权
0905 反垄断和公平竞争|公平竞争 反垄断 不正当竞争
0906 安全生产监管|安全生产 隐患排查 事故调查 危险化学品 消防
0907 消费者权益|消费维权 投诉举报 12315
10 城乡建设、环境保护|城乡建设 环境保护
1001 城乡规划|城市规划 详细规划 规划许可
1002 住房保障和房地产|住房 保障房 公积金 物业 房地产 老旧小区
1003 建筑业|建筑 施工 工程质量
1004 市政公用|供热 供气 排水 垃圾分类 城市管理 园林绿化
1005 污染防治|环保 大气污染 水污染 土壤污染 排污许可 空气质量
1006 生态保护|生态环境 自然保护区 生物多样性 环评 碳达峰
11 科技、教育|科技 教育
1101 科学技术|科技创新 科研 高新技术 成果转化 实验室
1102 学前和基础教育|义务教育 幼儿园 中小学 招生 入学 双减
1103 职业和高等教育|职业教育 高校 大学 毕业生
1104 教师和校外培训|教师 校外培训 教师资格
12 文化、广电、新闻出版|文化
1201 公共文化|图书馆 博物馆 文化馆 群众文化
1202 文物和非遗|文物 非物质文化遗产 考古 古建筑
1203 广播电视|广电 网络视听 应急广播
1204 新闻出版|出版 报刊 全民阅读
13 卫生、体育|卫生 健康
1301 医疗服务|医院 医疗 诊疗 医疗机构 分级诊疗
1302 公共卫生|疫情 疾病预防 传染病 疫苗 接种
1303 医疗保障|医保 基本医疗保险 药品集采 报销
1304 中医药|中医 中药
1305 体育|全民健身 体育场馆 运动会
14 人口与计划生育、妇女儿童工作|人口
1401 人口和生育|生育 托育 人口 三孩
1402 妇女儿童|妇女 儿童 未成年人 家庭
1403 老龄工作|养老 老年人 敬老
15 劳动、人事、监察|劳动 人事
1501 就业创业|就业 创业 招聘 失业 高校毕业生 劳务
1502 社会保险|社保 养老保险 工伤保险 失业保险
1503 劳动关系|劳动合同 工资 欠薪 农民工 仲裁 最低工资
1504 人事任免|任免 任职 免职 任命
1505 公务员和事业单位|公务员 事业单位 公开招考 职称 人才
1506 监察|监察 廉政 行政问责
16 公安、安全、司法|公安 司法
1601 治安管理|治安 扫黑除恶 反诈 禁毒
1602 户籍和出入境|户口 户籍 身份证 居住证 护照
1603 道路交通安全|交通安全 驾驶证 机动车 交通管制
1604 法治建设|依法行政 行政复议 行政执法 普法 立法 规范性文件
1605 法律服务|法律援助 公证 人民调解 律师
1606 国家安全和保密|国家安全 保密
17 民政、扶贫、救灾|民政
1701 社会救助|低保 特困 临时救助 救助
1702 社会组织和慈善|社会组织 慈善 志愿服务
1703 区划地名和基层治理|行政区划 地名 社区 村民委员会
1704 婚姻殡葬|婚姻登记 殡葬 收养
1705 防灾减灾救灾|救灾 减灾 抗震 灾后重建 防灾 避险
1706 帮扶|脱贫 扶贫 帮扶 返贫监测
1707 退役军人和双拥|退役军人 优抚 烈士 双拥
1708 残疾人事业|残疾人 无障碍 康复
18 民族、宗教
1801 民族事务|民族团结 少数民族 民族语言
1802 宗教事务|宗教 宗教活动场所
19 对外事务|外事
1901 外事活动|友好城市 外宾 国际交流
1902 涉外管理|签证 外国人 领事
20 港澳台侨工作
2001 港澳事务|香港 澳门 港澳
2002 台湾事务|台湾 台胞 两岸
2003 侨务|侨胞 华侨 归侨
21 国防
2101 国防动员和征兵|征兵 国防动员 兵役 人民防空
2102 国防教育|国防教育 国防
22 其他
"""
KINDS = """
decision 决定
order 命令|令
measures 办法|暂行办法 管理办法 实施办法
opinions 意见|实施意见 指导意见
notice 通知
announcement 公告|通告
circular 通报
reply 批复
letter 函|复函
plan 规划计划|规划 计划 方案 工作要点
other 其他
regulation 条例规定|条例 规定 细则
report 报告|工作报告 年度报告
minutes 纪要|会议纪要
standard 标准规范|标准 规范 目录清单
guide 办事指南|指南 流程
interpretation 政策解读|解读 问答 图解
news 工作动态|动态 要闻 会议 调研
statistics 数据统计|统计 公报 数据
personnel 人事信息|任免 招考 公示
"""
AUDIENCES = """
everyone 社会公众|公众 市民 群众 社会各界
enterprises 企业|公司 经营主体 企业法人
self_employed 个体工商户|个体户
farmers 农民|农户 农村居民 种粮大户
workers 劳动者|职工 农民工 务工人员
graduates 高校毕业生|大学生 毕业生
students 学生和家长|学生 家长 考生 新生
teachers 教师
elderly 老年人|长者 退休人员
children 妇女儿童|妇女 儿童 婴幼儿 孕产妇
disabled 残疾人
veterans 退役军人|军人 军属 烈属
poor 困难群众|低保 特困 低收入
investors 投资者|外商 投资人
researchers 科技人员|科研人员 创新团队 人才
drivers 驾驶人和车主|驾驶人 车主
patients 患者和参保人|参保人 患者
institutions 机关事业单位|事业单位 机关 公务员
social_organisations 社会组织|行业协会 基金会
visitors 游客和来访者|游客 外籍人士 港澳台同胞
"""
ORGANISATIONS = """
people_government 人民政府|省政府 市政府 县政府 区政府
general_office 政府办公厅（室）|办公厅 办公室
development_reform 发展和改革部门|发展改革委 发改委 发改局
education 教育部门|教育厅 教育局
science 科技部门|科技厅 科技局
industry 工业和信息化部门|工信厅 工信局
ethnic_religious 民族宗教事务部门|民宗委 民宗局
public_security 公安部门|公安厅 公安局
civil_affairs 民政部门|民政厅 民政局
justice 司法行政部门|司法厅 司法局
finance 财政部门|财政厅 财政局
human_resources 人力资源和社会保障部门|人社厅 人社局
natural_resources 自然资源部门|自然资源厅 自然资源局
environment 生态环境部门|生态环境厅 生态环境局
housing 住房和城乡建设部门|住建厅 住建局
transport 交通运输部门|交通运输厅 交通运输局
water 水利部门|水利厅 水利局 水务局
agriculture 农业农村部门|农业农村厅 农业农村局
commerce 商务部门|商务厅 商务局
culture_tourism 文化和旅游部门|文旅厅 文旅局
health 卫生健康部门|卫生健康委 卫健委
emergency 应急管理部门|应急管理厅 应急管理局
audit 审计部门|审计厅 审计局
market 市场监督管理部门|市场监管局
statistics 统计部门|统计局
medical_security 医疗保障部门|医保局
veterans 退役军人事务部门|退役军人事务厅 退役军人事务局
state_assets 国有资产监督管理部门|国资委
forestry 林业和草原部门|林草局 林业局
tax 税务部门|税务局
sports 体育部门|体育局
broadcasting 广播电视部门|广电局
data 数据和政务服务部门|大数据局 数据局 政务服务局
"""
DISCLOSURES = """
proactive 主动公开
on_request 依申请公开
withheld 不予公开
"""
FIRST = {
    "subject": SUBJECTS,
    "kind": KINDS,
    "audience": AUDIENCES,
    "organisation": ORGANISATIONS,
    "disclosure": DISCLOSURES,
}


def add_first_terms(apps, schema_editor):
    Term = apps.get_model("vocabularies", "Term")
    TermChange = apps.get_model("vocabularies", "TermChange")
    for vocabulary, lines in FIRST.items():
        if Term.objects.filter(vocabulary=vocabulary).exists():
            continue
        tops = {}
        for order, line in enumerate(lines.split("\n"), 1):
            if not line:
                continue
            code, _space, rest = line.partition(" ")
            label, _bar, words = rest.partition("|")
            parent = tops.get(code[:2]) if vocabulary == "subject" and len(code) == 4 else None
            term = Term.objects.create(
                vocabulary=vocabulary,
                code=code,
                label=label,
                parent=parent,
                order=order,
                aliases=[word for word in words.split(" ") if word and word != label],
            )
            tops.setdefault(code, term)
    TermChange.objects.create(term=Term.objects.order_by("pk").first(), act="begin")


class Migration(migrations.Migration):
    dependencies = [("vocabularies", "0001_initial")]

    operations = [migrations.RunPython(add_first_terms, migrations.RunPython.noop)]
