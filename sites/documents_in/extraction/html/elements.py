"""The elements of HTML by what the reader makes of them."""

INLINE = {"b": "b", "strong": "b", "i": "i", "em": "i", "u": "u", "sup": "sup", "sub": "sub", "a": "a"}
#: Left out with what is in it, by the name that a warning has for it ("" for what nobody misses).
DROPPED = {
    "script": "脚本",
    "style": "样式",
    "iframe": "内嵌框架",
    "frame": "内嵌框架",
    "object": "插件对象",
    "embed": "插件对象",
    "applet": "插件对象",
    "form": "表单",
    "input": "表单",
    "button": "按钮",
    "select": "表单",
    "textarea": "表单",
    "svg": "矢量图",
    "math": "公式",
    "canvas": "画布",
    "video": "视频",
    "audio": "音频",
    "noscript": "脚本",
    "template": "模板",
    "nav": "导航",
    "aside": "侧栏",
    "footer": "页脚",
    "base": "",
    "link": "",
    "head": "",
    "title": "",
    "meta": "",
}
#: Elements whose text nobody sees.
UNSEEN_WORDS = frozenset({"script", "style", "noscript", "template", "iframe", "frame", "object", "canvas", "head"})
BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "blockquote",
        "figure",
        "figcaption",
        "pre",
        "center",
        "address",
        "hr",
        "body",
        "html",
        "tbody",
        "tr",
        "td",
        "th",
        "details",
        "summary",
        "fieldset",
        "img",
        "br",
    ]
)
#: Read as a whole where they are the main area themselves.
READ_AS_ONE = frozenset({"table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"})
#: Without content in HTML: the parser takes an unclosed one for the parent of the rest of the page.
VOID = frozenset({"embed", "input", "frame", "base", "link", "meta"})
#: What is left out wherever it stands, as far as it may hold text; forms may hold whole pages.
UNREAD = frozenset(DROPPED) - VOID - {"form"}
