"""A site that was never on the platform: the old pages of a county that does not exist, as a crawl of it."""

import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.documents_in.fictional import picture

HOST = "www.lanhe-old.example"
SITE = "岚河县人民政府"
#: As the column `news` of the test sites is called.
COLUMN = "工作动态"
NAV = "".join(f'<li><a href="/lm{n}/">第{n}栏目信息</a></li>' for n in range(12))
WORDS = (
    "岚河县水务局近日组织技术人员对全县山区供水设施开展巡查，共检修管网四十二处，更换老旧水表三百余只。",
    "巡查中发现的问题已经逐项登记，责任到人，要求在本月底以前全部整改完毕，并把整改情况向所在村组公布。",
    "下一步，县水务局将继续做好冬季防冻工作，确保群众常年用上放心水，用水量和水费每季度公布一次。",
)


@dataclass
class Answer:
    """What the old server answered at an address."""

    path: str
    body: bytes = b""
    status: str = "200 OK"
    kind: str = "text/html"
    headers: list[tuple[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{HOST}{self.path}"


def article(
    title: str,
    *,
    day: str = "2019-03-02 10:20:00",
    metas: dict[str, str] | None = None,
    column: str = COLUMN,
    encoding: str = "utf-8",
    declared: str = "",
    words: tuple[str, ...] = WORDS,
    extra: str = "",
    holder: str = 'class="txt"',
    under_title: str = "",
) -> bytes:
    """A page of the old template; metas: replace the mandated tags, a value of "-" leaves the tag out."""
    tags = {
        "SiteName": SITE,
        "ColumnName": column,
        "ArticleTitle": title,
        "PubDate": day,
        "ContentSource": "岚河县水务局",
        **(metas or {}),
    }
    head = "".join(f'<meta name="{name}" content="{value}">' for name, value in tags.items() if value != "-")
    paragraphs = "".join(f"<p>　　{text}</p>" for text in words)
    page = f"""<!DOCTYPE html><html><head><meta charset="{declared or encoding}"><title>{title}_{SITE}</title>{head}
</head><body><div class="nav"><ul>{NAV}</ul></div>
<div class="pos">当前位置：<a href="/">首页</a> &gt; <a href="/xw/">{column}</a></div>
<h1>{title}</h1><div class="info">{under_title}</div><div {holder}>{paragraphs}{extra}</div>
<div class="side"><ul>{NAV}</ul></div><div class="foot"><a href="/about/">关于我们</a>主办：{SITE}办公室</div>
</body></html>"""
    return page.encode({"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5"}.get(encoding, encoding), "replace")


def list_page(number: int) -> bytes:
    rows = "".join(
        f'<li><a href="/xw/t2019030{n}_{n}.html">岚河县召开第{n}次供水工作会议</a><span>2019-03-0{n}</span></li>'
        for n in range(1, 9)
    )
    return f"""<html><head><meta charset="utf-8"><title>{COLUMN}_{SITE}</title><meta name="SiteName" content="{SITE}">
<meta name="ColumnName" content="{COLUMN}"><meta name="ArticleTitle" content="{SITE}"></head><body><ul>{NAV}</ul>
<ul class="list">{rows}</ul>
<div>第{number}页 共5页 <a href="index_2.html">下一页</a> <a href="index_5.html">尾页</a></div>
</body></html>""".encode()


TABLE = "\n".join(f"第{number}号管网 完好" for number in range(1, 9)).encode()
SHOWN = '<p><img src="/pic/a.png" alt="检修现场"></p><p>附件：<a href="../att/table.txt">登记一览</a></p>'
FRAMES = b'<html><frameset cols="1,2"><frame src="/xw/"><frame src="/b.html"></frameset></html>'
LEADS = b'<html><script>window.location.href="/xw/t20190302_1.html";</script><body></body></html>'
SOFT = "<html><head><meta charset='utf-8'><title>出错了</title></head><body><h1>您访问的页面不存在</h1></body></html>"
BIG5 = ("嵐河縣水務局近日組織技術人員對全縣山區供水設施開展巡查，共檢修管網四十二處，更換老舊水錶三百餘隻。",)


def crawl() -> list[Answer]:
    """Everything that the old server answered."""
    repair, gbk, traditional = "岚河县检修山区供水设施", "岚河县公布冬季防冻安排", "嵐河縣公佈冬季防凍安排"
    wrong = {"ArticleTitle": SITE, "PubDate": "null", "ContentSource": ""}
    under = "发布时间：2018年5月6日　来源：岚河县融媒体中心"
    bare = {"ArticleTitle": "-", "ColumnName": "-", "ContentSource": "-"}
    old = {"SiteName": "嵐河縣人民政府", "ContentSource": "嵐河縣水務局", "ColumnName": "-"}
    return [
        Answer("/", list_page(1)),
        Answer("/xw/index.html", list_page(1)),
        Answer("/xw/index_2.html", list_page(2)),
        Answer("/frame.html", FRAMES),
        Answer("/xw/t20190302_1.html", article(repair, extra=SHOWN)),
        Answer("/print.jsp?id=1", article(repair, extra=SHOWN)),
        Answer("/xw/t20190302_1.html;jsessionid=AB12", article(repair)),
        Answer("/old/1.html", LEADS),
        Answer("/moved.html", status="301 Moved Permanently", headers=[("Location", "/old/1.html")]),
        Answer("/xw/gbk.html", article(gbk, encoding="gbk", declared="utf-8", words=(*WORDS, "只在甲页写的事情。"))),
        Answer("/xw/big5.html", article(traditional, encoding="big5", declared="gb2312", words=BIG5, metas=old)),
        Answer("/xw/sitename.html", article("岚河县召开供水工作会议", metas=wrong, under_title=under, words=WORDS[1:])),
        Answer("/xw/nothing.html", article("岚河县供水服务指南", day="-", metas=bare, words=WORDS[:2])),
        Answer("/xw/else.html", article("岚河县文化活动安排", column="文化旅游", words=WORDS[::2])),
        Answer("/gone.html", b"<html><title>404</title></html>", status="404 Not Found"),
        Answer("/soft.html", SOFT.encode()),
        Answer("/pic/a.png", picture(), kind="image/png"),
        Answer("/att/table.txt", TABLE, kind="text/plain"),
    ]


def write_warc(path: Path, answers: list[Answer]) -> Path:
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=path.name.endswith(".gz"))
        for answer in answers:
            headers = StatusAndHeaders(
                answer.status, [("Content-Type", answer.kind), *answer.headers], protocol="HTTP/1.1"
            )
            record = writer.create_warc_record(
                answer.url, "response", payload=io.BytesIO(answer.body), http_headers=headers
            )
            writer.write_record(record)
    return path


def write_wacz(path: Path, answers: list[Answer]) -> Path:
    inner = write_warc(path.with_suffix(".warc.gz"), answers)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as package:
        package.write(inner, "archive/data.warc.gz")
        package.writestr("datapackage.json", "{}")
    return path


def write_mirror(folder: Path, answers: list[Answer]) -> Path:
    """What `wget --mirror` leaves of those that had a file."""
    for answer in answers:
        if answer.status.startswith("200") and ";" not in answer.path:
            path = answer.path + ("index.html" if answer.path.endswith("/") else "")
            file = folder / HOST / path.lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(answer.body)
    return folder
