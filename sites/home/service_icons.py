"""The choice of an icon for a service by the words of its title."""

#: icon -> words; the first that is found wins, so the particular stands before the general.
_WORDS: dict[str, tuple[str, ...]] = {
    "birth": ("出生", "生育", "新生儿", "托育"),
    "marriage": ("婚姻", "结婚", "离婚"),
    "elderly": ("老年", "养老", "高龄", "助餐", "敬老"),
    "social-security": ("社保", "社会保障", "社会保险", "养老保险", "低保", "救助"),
    "medical": ("医疗", "医保", "就医", "卫生", "健康", "诊疗"),
    "education": ("入学", "学校", "教育", "教师", "学生", "考试", "学籍", "招生"),
    "employment": ("就业", "创业", "招聘", "求职", "失业", "人才"),
    "housing": ("住房", "公积金", "房屋", "不动产", "公租房", "加装电梯", "建房"),
    "transport": ("公交", "交通", "驾驶", "车辆", "出行", "停车", "渡口", "船"),
    "tax": ("税", "发票"),
    "environment": ("环保", "环境", "排污", "林木", "采伐", "湿地"),
    "agriculture": ("农业", "农机", "种植", "养殖", "耕地", "补贴", "梯田", "渔"),
    "land": ("土地", "用地", "宅基地", "规划许可"),
    "justice": ("法律", "公证", "司法", "调解", "仲裁"),
    "travel": ("旅游", "护照", "出入境", "民宿", "景区"),
    "company": ("企业", "开办", "个体", "经营", "注册", "投资"),
    "certificate": ("证", "许可", "备案", "登记", "审批"),
    "person": ("户籍", "户口", "身份", "个人", "居民"),
}


def service_icon(title: str) -> str:
    """Return one of ``themes.registry.SERVICE_ICONS`` for a service called ``title``; "default" when no word fits."""
    for icon, words in _WORDS.items():
        if any(word in title for word in words):
            return icon
    return "default"
