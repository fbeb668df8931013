"""The removal of page furniture, which a web page puts around a document: print buttons, sharing, copyright."""

import re

from govplatform.sentences import gettext_noop, said
from sites.documents_in.extraction.element import Element
from sites.documents_in.extraction.spacing import shortened

HEAD_LINES = 20
TAIL_LINES = 30
LONG = 70
SENTENCE = 15

_WORDS = (
    "打印本页|打印此页|打印本稿|打印文章|打印|我要打印|列印|关闭窗口|关闭本页|关闭页面"
    "|关闭|返回顶部|返回首页|返回列表|返回|收藏|加入收藏|收藏本页|设为首页|分享到|分享"
    "|分享本页|微信|微博|新浪微博|腾讯微博|QQ空间|QQ好友|QQ|人人网|豆瓣|朋友圈"
    "|更多|复制链接|纠错|我要纠错|我要评论|点赞|字体|字号|字體|大|中|小|默认|放大"
    "|缩小|繁体|简体|繁體|简|繁|无障碍浏览|无障碍|长者模式|适老版|English|首页"
    "|首頁|网站首页|网站地图|网站导航|关于我们|联系我们|聯絡我們|联络我们|聯繫我們"
    "|站点地图|隐私声明|法律声明|免责声明|网站声明|版权声明|相关链接|相关阅读|相关文章"
    "|相关文件|相关报道|相关信息|相关稿件|相关词条|相關詞條|相關連結|相關文章|热门词条"
    "|熱門詞條|热门文章|推荐阅读|友情链接|上一篇|下一篇|上一条|下一条|上一頁|下一頁"
    "|上一页|下一页|没有了|尾页|末页|扫一扫|扫码阅读|手机阅读|登录|注册|搜索|检索"
)
_SEPARATOR = r"[\s　|｜丨·•/／>＞»\[\]【】()（）:：,，、_-]*"
# Longest word first and no way back: "返回首页" must not also be tried as "返回" and "首页".
_LONGEST_FIRST = "|".join(sorted(_WORDS.split("|"), key=len, reverse=True))
_BUTTONS = re.compile(rf"{_SEPARATOR}(?>(?:{_LONGEST_FIRST}){_SEPARATOR})++")
_LINES = re.compile(
    r"""^[\[【（(]?\s*+(?:
      (?:当前位置|您所在的位置|您的位置|您现在的位置|所在位置|當前位置|您的當前位置|现在位置|你的位置)\s*[:：>＞].*+
    | (?:首页|首頁|网站首页)\s*[>＞»/→].*+
    | (?:上一篇|下一篇|上一条|下一条|上一則|下一則|前一篇|后一篇)\s*[:：].*+
    | (?:责任编辑|責任編輯|责编|编辑|校对|审核|初审|复审|终审|信息员|录入)\s*[:：].{0,40}
    | (?:浏览次数|瀏覽次數|浏览量|阅读次数|阅读量|点击数|点击率|访问量|访问次数|阅读|浏览)
      \s*+[:：]?\s*+[\d,，]*+\s*+(?:次|人次)?
    | (?:字体|字號|字号|字體|文字大小)\s*[:：].{0,30}
    | (?:分享到|分享至|分享)\s*[:：]?.{0,40}
    | 扫一扫.{0,30} | 用微信扫.{0,30} | 关注.{0,12}(?:公众号|微信|微博)
    | (?:版权所有|版權所有|Copyright|©|Ⓒ|\(C\)).*+
    | .{0,40}(?:All\ Rights\ Reserved|版权所有|版權所有).{0,80}
    | .{0,20}[\u4e00-\u9fff]ICP[备証证]\s*\d+号?.{0,80}
    | .{0,30}公网安备\s*\d+\s*号?.{0,40}
    | (?:网站标识码|网站标识|政府网站标识码)\s*[:：].{0,60}
    | (?:主办|承办|主办单位|承办单位|技术支持|运行维护|维护单位)\s*[:：].{0,120}
    | (?:建议使用|推荐使用).{0,40}(?:浏览器|分辨率).{0,40}
    | 您(?:即将离开|访问的链接).{0,60}
    )\s*+[\]】）)]?$""",
    re.VERBOSE | re.IGNORECASE,
)


def is_furniture(text: str) -> bool:
    """Say whether a whole line is page furniture. Only meant for the two ends of a document."""
    return len(text) <= 200 and bool(_LINES.match(text) or _BUTTONS.fullmatch(text))


def _is_prose(text: str) -> bool:
    """Say whether a line belongs to the text proper (long, or a sentence), within which nothing counts as furniture."""
    return len(text) > LONG or (len(text) >= SENTENCE and text[-1] in "。；")


def remove_furniture(elements: list[Element]) -> tuple[list[Element], list[str]]:
    """Return (elements without page furniture at the two ends, the lines that were removed)."""
    body = [
        index
        for index, element in enumerate(elements)
        if (element.kind == "paragraph" and _is_prose(element.text) and not is_furniture(element.text))
        or element.kind in ("table", "image")
    ]
    head_end = min(body[0] if body else len(elements), HEAD_LINES)
    tail_start = max(body[-1] + 1 if body else 0, len(elements) - TAIL_LINES)
    kept, removed = [], []
    for index, element in enumerate(elements):
        at_an_end = index < head_end or index >= tail_start
        lines = element.text.splitlines()
        if (
            at_an_end
            and element.kind in ("paragraph", "heading", "list")
            and lines
            and all(is_furniture(line) for line in lines)
        ):
            removed += lines
        else:
            kept.append(element)
    return kept, removed


def furniture_warning(removed: list[str]) -> list[str]:
    """Return a list of one warning that names the removed lines; an empty list if there are none."""
    if not removed:
        return []
    shown = "；".join(shortened(line, 30) for line in removed)
    return [said(gettext_noop("已去除页面附加内容 %(count)s 行：%(shown)s。"), count=len(removed), shown=shown)]
