"""The crawl of an old site that was never on the platform: what `import_site` and its screen are tried on in the demo.

It has what old sites have: columns over several numbered pages, a frameset, pages in GBK that declare something else,
meta tags that say the wrong thing or nothing, an old script without any, the same page at several addresses, addresses
that lead on, attachments and pictures. The same content always gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from sites.demo.attachments import CONTENT_TYPES, make_docx, make_xlsx
from sites.demo.content import CONTENT_FOLDER, Attachment, read_toml
from sites.demo.picture_files import picture_bytes
from sites.demo.reading import text_blocks

_CRAWLED_AT = "2026-01-05T02:00:00Z"
_PICTURE = (800, 450)
_LISTED = 4
#: Rows of the table in the workbook; its head is in the content.
_PLACES = 9


@dataclass(frozen=True)
class Answer:
    """What the old server answered at an address."""

    path: str
    body: bytes = b""
    status: str = "200 OK"
    kind: str = "text/html"
    headers: tuple[tuple[str, str], ...] = field(default=())


@cache
def old_site() -> dict[str, Any]:
    """Return the content of the old site, as the file has it."""
    return read_toml(CONTENT_FOLDER / "old_site.toml")


def write_crawl(path: Path, picture_folder: Path) -> None:
    """Write the crawl as a .warc.gz; drawn pictures are taken from ``picture_folder``, or drawn and kept there."""
    site = _OldSite(old_site(), picture_folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for answer in site.answers():
            url = f"http://{site.host}{answer.path}"
            headers = StatusAndHeaders(
                answer.status, [("Content-Type", answer.kind), *answer.headers], protocol="HTTP/1.1"
            )
            record = writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(answer.body),
                http_headers=headers,
                warc_headers_dict={
                    "WARC-Date": _CRAWLED_AT,
                    "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, url)}>",
                },
            )
            writer.write_record(record)
    part.replace(path)


class _OldSite:
    def __init__(self, told: dict[str, Any], pictures: Path) -> None:
        self.host, self.site, self.words = told["host"], told["site"], told["words"]
        self.head = told["table_head"]
        self.columns, self.pages, self.pictures = told["column"], told["page"], pictures

    def answers(self) -> Iterator[Answer]:
        yield Answer("/", self._list(self.pages[:_LISTED], self.site, "1"))
        yield Answer(
            "/index.htm", b'<html><frameset cols="20%,*"><frame src="/left.htm"><frame src="/"></frameset></html>'
        )
        yield Answer("/left.htm", self._navigation().encode("gb18030"))
        for column in self.columns:
            listed = [page for page in self.pages if page["column"] == column["name"]]
            yield Answer(column["path"], self._list(listed, column["name"], "1"))
            yield Answer(f"{column['path']}index_2.html", self._list(listed[::-1], column["name"], "2"))
        for page in self.pages:
            yield Answer(page["path"], self._page(page))
            yield from self._files(page)
        first, asked = self.pages[0], self.pages[-1]
        # The same page as people had it: for printing, with a session in its address, led to from before.
        yield Answer("/print.asp?id=101", self._page(first))
        yield Answer(f"{first['path']};jsessionid=8F3A0C77", self._page(first))
        yield Answer("/news/101.html", self._leads(first["path"]))
        yield Answer("/zc/23.html", status="302 Found", headers=(("Location", asked["path"]),))
        words = self.words["not_found"]
        soft = f"<html><head><meta charset='utf-8'><title>404</title></head><body><h1>{words}</h1></body></html>"
        yield Answer("/gzdt/202001/t20200101_1.html", soft.encode())
        yield Answer("/tzgg/2019/1.shtml", b"<html><title>404</title></html>", status="404 Not Found")

    # --- pages ---------------------------------------------------------------------------

    def _page(self, page: dict[str, Any]) -> bytes:
        text = "".join(f"<p>　　{one}</p>" for one in page["texts"])
        if "picture" in page:
            text += f'<p align="center"><img src="/images/{page["picture"]}.jpg" alt="{page["title"]}"></p>'
        if "attachment" in page:
            text += f'<p>{self.words["attached"]}<a href="{self._file_path(page)}">{page["title"]}</a></p>'
        make = {"tags": self._with_tags, "gbk": self._in_gbk, "asp": self._of_script}[page["template"]]
        return make(page, text)

    def _with_tags(self, page: dict[str, Any], text: str) -> bytes:
        """The newer template: the mandated tags, as they should be."""
        told = {
            "SiteName": self.site, "ColumnName": page["column"], "ArticleTitle": page["title"], "PubDate": page["date"],
            "ContentSource": page["source"],
        }  # fmt: skip
        metas = "".join(f'<meta name="{name}" content="{value}">' for name, value in told.items())
        words = self.words
        return f"""<!DOCTYPE html><html><head><meta charset="utf-8">
<title>{page["title"]}_{self.site}</title>{metas}</head>
<body><div class="nav">{self._menu()}</div><div class="pos">{words["here"]}<a href="/">{words["home"]}</a>
 &gt; {page["column"]}</div>
<h1>{page["title"]}</h1><div class="info">{words["published"]}{page["date"][:10]}　{words["from"]}{page["source"]}</div>
<div id="zoom">{text}</div><div class="share">{words["share"]}</div>{self._foot()}</body></html>""".encode()

    def _in_gbk(self, page: dict[str, Any], text: str) -> bytes:
        """The template before: in GBK whatever it declares, its title tag is the site's name, its day is null."""
        words = self.words
        return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset={page["declared"]}">
<title>{page["title"]}</title><meta name="SiteName" content="{self.site}">
<meta name="ColumnName" content="{page["column"]}">
<meta name="ArticleTitle" content="{self.site}"><meta name="PubDate" content="null">
<meta name="ContentSource" content="">
</head><body><div class="menu">{self._menu()}</div><div class="con"><h2 class="bt">{page["title"]}</h2>
<div class="fbt">{words["published"]}{page["date"]}　{words["from"]}{page["source"]}　{words["hits"]}318</div>
<div class="nr">{text}</div><div class="fx">{words["share"]}</div></div>{self._foot()}</body></html>""".encode(
            "gb18030"
        )

    def _of_script(self, page: dict[str, Any], text: str) -> bytes:
        """The oldest: tables, no tags, no name of the column; only a rule says where its pages belong."""
        words = self.words
        others = "".join(f'<tr><td><a href="{one["path"]}">{one["title"]}</a></td></tr>' for one in self.pages[:6])
        return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>{self.site}</title></head>
<body><table width="980"><tr><td>{self._menu()}</td></tr></table><table width="980"><tr>
<td width="220" class="lm"><table>{others}</table></td><td class="main"><p class="bt1">{page["title"]}</p>
<p class="rq">{page["date"]}　{page["source"]}</p><div class="wz">{text}</div>
<div class="xg"><b>{words["related"]}</b><table>{others}</table></div></td></tr></table>{self._foot()}</body>
</html>""".encode("gb18030")

    def _list(self, pages: list[dict[str, Any]], name: str, number: str) -> bytes:
        rows = "".join(
            f'<li><a href="{one["path"]}">{one["title"]}</a><span>2021-0{index}-1{index}</span></li>'
            for index, one in enumerate(pages, start=1)
        )
        words = self.words
        return f"""<html><head><meta charset="gbk"><title>{name}_{self.site}</title>
<meta name="SiteName" content="{self.site}">
<meta name="ColumnName" content="{name}"></head><body>{self._menu()}<ul class="list">{rows}</ul>
<div>{words["pages"] % number} <a href="index_2.html">{words["next"]}</a> <a href="index_2.html">
{words["last"]}</a></div>
{self._foot()}</body></html>""".encode("gb18030")

    def _leads(self, path: str) -> bytes:
        words = self.words["wait"]
        return f'<html><script>window.location.href="{path}";</script><body>{words}</body></html>'.encode("gb18030")

    def _menu(self) -> str:
        rows = "".join(f'<li><a href="{one["path"]}">{one["name"]}</a></li>' for one in self.columns)
        return f'<ul><li><a href="/">{self.words["home"]}</a></li>{rows}</ul>'

    def _navigation(self) -> str:
        return f"<html><body>{self._menu()}</body></html>"

    def _foot(self) -> str:
        return f'<div class="foot"><a href="/about.html">{self.words["about"]}</a> {self.words["organiser"]}</div>'

    # --- files ---------------------------------------------------------------------------

    def _file_path(self, page: dict[str, Any]) -> str:
        name = hashlib.sha256(page["path"].encode()).hexdigest()[:8]
        return f"/upload/{name}.{page['attachment']}"

    def _files(self, page: dict[str, Any]) -> Iterator[Answer]:
        if "picture" in page:
            yield Answer(f"/images/{page['picture']}.jpg", self._picture(page["picture"]), kind="image/jpeg")
        if "attachment" in page:
            form = page["attachment"]
            rows = tuple((str(number), page["column"], str(number * 3)) for number in range(1, _PLACES + 1))
            told = Attachment(form, f"{form}.{form}", page["title"], head=tuple(self.head), rows=rows)
            made = make_docx(told, tuple(text_blocks("\n".join(page["texts"]))), page["source"])
            body = made if form == "docx" else make_xlsx(told, page["source"])
            yield Answer(self._file_path(page), body, kind=CONTENT_TYPES[form])

    def _picture(self, motif: str) -> bytes:
        out = io.BytesIO()
        with Image.open(io.BytesIO(picture_bytes(self.pictures, motif, 3))) as drawn:
            drawn.resize(_PICTURE).save(out, "JPEG", quality=80)
        return out.getvalue()
