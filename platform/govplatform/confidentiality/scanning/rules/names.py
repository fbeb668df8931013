"""Recognises names of persons: after a label, before a value of theirs, in the cells of a column."""

import re
from functools import lru_cache

#: The surnames of more than 99 in 100, then those of two characters.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯"
    "龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路"
    "游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明"
    "佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植"
)  # fmt: skip
_DOUBLE = (
    "欧阳|上官|皇甫|令狐|诸葛|司徒|司马|申屠|夏侯|贺兰|完颜|慕容|尉迟|长孙|端木"
    "|呼延|东方|南宫|公孙|轩辕|宇文|独孤|钟离|闻人"
)
#: A name as an expression: a surname and one or two characters, or parts with a dot between.
NAME = f"(?:(?:{_DOUBLE}|[{SURNAMES}])[一-龥]{{1,2}}|[一-龥]{{2,8}}·[一-龥]{{2,8}})"

_CELL = re.compile(r"[一-龥]{2,4}|[一-龥]{1,10}[·•][一-龥]{1,10}(?:[·•][一-龥]{1,10})?")
#: What stands in a column of names and is none: the words of tables. Surnames and given names are no reason to be
#: here (和, 元 and 月 end many names), so they are whole cells.
_TABLE_WORDS = frozenset(
    (
        "合计", "总计", "小计", "共计", "备注", "说明", "姓名", "负责人", "联系人", "经办人", "申请人", "同上",
        "以下空白", "空缺", "暂缺",
    )
)  # fmt: skip
_NOT_A_NAME = re.compile(
    r"(?:.*(?:电话|手机|号码|地址|身份|银行|账号|邮箱|编号|姓名|单位|部门|职务|负责|联系|时间|日期|合计|总计|小计|备注|有限|公司|中心|办公|政府|委员|管理|以上|"
    r"路|街|村|镇|乡|市|县|区|省|局|处|科|室|厅|部|院|所|站|队|组|号|元|年|月|日|件|证|卡|码|者|的|了|和|与|及|为|是|在))"
)
LABELLED = re.compile(
    r"(?:姓[ \u3000]{0,4}名|申请人|联系人|户主|当事人|法定代表人|负责人|患者"
    r"|学生|持卡人|受助人|监护人|被处罚人|收件人|收款人)[ \u3000]{0,3}[:：][ \u3000]{0,3}"
    rf"({NAME}|[一-龥]{{2,4}})(?![一-龥])"
)
#: A name that stands alone between marks, as before “，男，” or “（身份证号”.
APART = re.compile(
    rf"(?:(?<![一-龥])|(?<=[是由为系和与及、同志员长人民]))({NAME})"
    r"(?=[，,、：:（( \u3000\t\n；;]|[0-9]|的?(?:手机|电话|身份证|公民身份|联系电话|银行卡|住址))"
)
SEX = re.compile(rf"({NAME})[，,、 \u3000（(]{{1,2}}(?:男|女)(?=[，,、；;。 \u3000）)])")


@lru_cache(maxsize=4096)
def is_cell_name(cell: str) -> bool:
    """Whether a cell under the head “姓名” has the form of a name: Chinese characters alone, so nothing masked."""
    bare = cell.replace(" ", "").replace("\u3000", "")
    return _CELL.fullmatch(bare) is not None and bare not in _TABLE_WORDS


def name_before(text: str, at: int, reach: int = 40) -> str:
    """The name nearest before the value at ``at``, within ``reach`` characters; '' when there is none."""
    window = text[max(0, at - reach) : at]
    labelled = [match[1] for match in LABELLED.finditer(window)]
    if labelled:
        return labelled[-1]
    for match in reversed(list(APART.finditer(window))):
        if _NOT_A_NAME.fullmatch(match[1]) is None:
            return match[1]
    return ""
