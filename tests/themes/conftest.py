"""A stand-alone template engine per theme and a sample of every context that a view gives.

No database: pages, tenants and pictures are plain objects of the shape that the templates read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.template import Context, Engine
from django.template.backends.django import get_installed_libraries
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from themes.registry import template_dirs

if TYPE_CHECKING:
    from collections.abc import Callable

Render = Callable[[str, str, dict[str, Any]], str] if TYPE_CHECKING else Any
Item = dict[str, Any]


def engine_for(theme_code: str) -> Engine:
    return Engine(
        dirs=[str(folder) for folder in template_dirs(theme_code)],
        libraries=get_installed_libraries(),
        string_if_invalid="",
    )


def render_template(theme_code: str, name: str, context: dict[str, Any]) -> str:
    return engine_for(theme_code).get_template(name).render(Context(context))


@pytest.fixture(scope="session")
def render() -> Render:
    return render_template


@dataclass(frozen=True)
class SampleRendition:
    """What a rendition of Wagtail offers to templates."""

    url: str
    width: int
    height: int
    alt: str

    def img_tag(self, extra_attributes: dict[str, Any] | None = None) -> str:
        attributes = {
            "src": self.url,
            "width": self.width,
            "height": self.height,
            "alt": self.alt,
            **(extra_attributes or {}),
        }
        pairs = [format_html('{}="{}"', name, value) for name, value in attributes.items()]
        return mark_safe(f"<img {' '.join(pairs)}>")


class SampleImage:
    """An image that "renders" to files that are already there."""

    def __init__(self, url: str, width: int, height: int) -> None:
        self.url, self.width, self.height = url, width, height

    def _rendition(self) -> SampleRendition:
        return SampleRendition(self.url, self.width, self.height, "示例图片")

    def get_rendition(self, spec: object) -> SampleRendition:
        return self._rendition()

    def get_renditions(self, *specs: Any) -> dict[str, SampleRendition]:
        return {getattr(spec, "spec", str(spec)): self._rendition() for spec in specs}


def picture(number: int, width: int = 960, height: int = 540) -> Item:
    src = f"/media/picture-{number}.jpg"
    return {
        "src": src,
        "width": width,
        "height": height,
        "alt": "清河两岸新建成的滨水步道与湿地公园",
        "srcset": f"{src} {width}w",
    }


def sample_tenant() -> SimpleNamespace:
    return SimpleNamespace(
        full_name="云岭省人民政府门户网站",
        short_name="云岭省政府",
        identity_code="9900000001",
        organiser="云岭省人民政府办公厅",
        undertaker="云岭省政务信息管理中心",
        contact="0990-12345678",
        icp_number="云ICP备20260001号-1",
        police_record_number="云公网安备 99000002000001号",
        kind="portal",
        level="province",
        theme="portal",
    )


NEWS = (
    "全省稳就业保民生工作推进会在临川召开",
    "云岭省“十五五”综合交通运输发展规划正式实施，三年内实现县县通高速、乡乡通三级公路、具备条件的村组全部通硬化路",
    "今年前三季度全省城镇新增就业三十二万人",
    "清河流域水环境综合治理工程全面完工",
    "省政府召开常务会议，研究部署秋冬季森林草原防灭火和城乡消防安全工作",
    "我省新增六个国家级特色农产品优势区",
    "全省中小学课后服务实现全覆盖",
    "跨省通办事项增至二百一十六项",
)


def items(count: int, offset: int = 0, summary: bool = False) -> list[Item]:
    return [
        {
            "title": NEWS[(offset + number) % len(NEWS)],
            "url": f"/news/{number}/",
            "date": date(2026, 11, 20 - number % 19),
            "summary": "会议强调，要把稳就业摆在突出位置。" if summary else "",
        }
        for number in range(count)
    ]


VALID = {"code": "in_force", "label": "现行有效"}
REPEALED = {"code": "repealed", "label": "已废止"}
POLICY_TITLE = (
    "云岭省人民政府办公厅关于进一步优化营商环境更好服务经营主体高质量发展若干措施的通知"
)


def common_context() -> dict[str, Any]:
    titles = (
        "政务要闻",
        "政府信息公开",
        "政策文件",
        "政务服务",
        "互动交流",
        "数据开放",
        "走进云岭",
        "专题专栏",
        "英才招聘",
    )
    return {
        "tenant": sample_tenant(),
        "page": SimpleNamespace(title="全省稳就业保民生工作推进会在临川召开"),
        "meta_tags": [
            {"name": "SiteName", "content": "云岭省人民政府门户网站"},
            {"name": "SiteIDCode", "content": "9900000001"},
        ],
        "canonical_url": "//yunling.localhost/news/1/",
        "channels": [
            {"title": title, "url": f"/channel-{number}/", "current": number == 0}
            for number, title in enumerate(titles)
        ],
        "breadcrumb": [
            {"title": "首页", "url": "/"},
            {"title": "政务要闻", "url": "/news/"},
            {"title": "全省稳就业保民生工作推进会在临川召开", "url": ""},
        ],
        "home_url": "/",
        "search_url": "/search/",
        "feed_url": "/news/feed/",
        "sitemap_url": "/site-map/",
        "error_report_url": "/error-report/",
    }


def home_context() -> dict[str, Any]:
    services = (
        ("个人办事", "person"),
        ("企业开办", "company"),
        ("证件证照", "certificate"),
        ("出生抚养", "birth"),
        ("教育入学", "education"),
        ("就业创业", "employment"),
        ("社会保障", "social-security"),
        ("医疗卫生", "medical"),
        ("住房保障", "housing"),
        ("交通出行", "transport"),
        ("婚姻登记", "marriage"),
        ("养老服务", "elderly"),
        ("税务财政", "tax"),
        ("不动产", "land"),
        ("生态环境", "environment"),
        ("司法公证", "justice"),
        ("文化旅游", "travel"),
        ("农业农村", "agriculture"),
    )
    reading = {"title": "一图读懂：优化营商环境若干措施", "url": "/interpretations/1/"}
    common = common_context()
    return {
        **common,
        "is_home": True,
        "channels": [{**channel, "current": False} for channel in common["channels"]],
        "news_url": "/news/",
        "notices_url": "/notices/",
        "policies_url": "/policies/",
        "headline": {
            "title": "清河流域水环境综合治理工程全面完工 二百公里清水廊道惠及沿线三百万群众",
            "url": "/news/headline/",
            "summary": "历时四年的清河流域水环境综合治理工程日前通过竣工验收。沿线新建污水处理厂十八座，"
            "修复湿地三万亩，国控断面水质全部达到三类以上。",
            "date": date(2026, 11, 20),
            "picture": picture(1),
        },
        "headline_more": items(6),
        "notices": items(4, offset=3),
        "policy_pairs": [
            {
                "title": POLICY_TITLE,
                "url": "/policies/1/",
                "date": date(2026, 11, 12),
                "document_number": "云政办发〔2026〕18号",
                "validity": VALID,
                "interpretation": reading,
            },
            {
                "title": "云岭省城乡居民基本养老保险实施办法",
                "url": "/policies/2/",
                "date": date(2026, 10, 30),
                "document_number": "云政发〔2026〕9号",
                "validity": VALID,
                "interpretation": {
                    "title": "《云岭省城乡居民基本养老保险实施办法》政策解读：缴费档次怎样选、待遇如何算",
                    "url": "/interpretations/2/",
                },
            },
            {
                "title": "云岭省农村公路养护管理暂行规定",
                "url": "/policies/3/",
                "date": date(2021, 3, 1),
                "document_number": "云政发〔2021〕4号",
                "validity": REPEALED,
                "interpretation": None,
            },
        ],
        "services": [
            {"title": title, "url": f"/services/{icon}/", "icon": icon} for title, icon in services
        ],
        "column_blocks": [
            {"title": title, "url": f"/blocks/{number}/", "items": items(6, offset=number)}
            for number, title in enumerate(("政务动态", "部门信息", "市州动态", "人事任免"))
        ],
        "topics": [
            {
                "title": title,
                "url": f"/topics/{number}/",
                "summary": "集中展示各地各部门的做法与进展。",
                "picture": picture(number + 2),
            }
            for number, title in enumerate(("优化营商环境", "乡村全面振兴", "生态环境保护"))
        ],
    }


def column_context() -> dict[str, Any]:
    names = ("政务要闻", "省政府常务会议", "部门动态", "市州动态", "通知公告")
    numbers: list[Item] = [
        {"number": number, "url": f"?page={number}", "current": number == 3, "gap": False}
        for number in (1, 2, 3, 4, 5)
    ]
    numbers += [
        {"number": None, "url": "", "current": False, "gap": True},
        {"number": 18, "url": "?page=18", "current": False, "gap": False},
    ]
    return {
        **common_context(),
        "page": SimpleNamespace(title="政务要闻"),
        "items": items(20, summary=True),
        "siblings": [
            {"title": name, "url": f"/news/{number}/", "current": number == 0}
            for number, name in enumerate(names)
        ],
        "children": [
            {"title": "领导活动", "url": "/news/leaders/"},
            {"title": "会议报道", "url": "/news/meetings/"},
        ],
        "paging": {
            "number": 3,
            "total_pages": 18,
            "total_items": 352,
            "previous_url": "?page=2",
            "next_url": "?page=4",
            "links": numbers,
        },
    }


def document(title: str) -> SimpleNamespace:
    return SimpleNamespace(
        url="/documents/1/form.xlsx", title=title, file_extension="xlsx", file_size=48_640
    )


def block_values() -> dict[str, Any]:
    """One value for each stream block, by the name of its template."""
    image = SampleImage("/media/picture-5.jpg", 800, 450)
    rows = [
        ["市州", "新增就业（人）", "完成进度", "同比", "牵头单位"],
        ["临川市", "86,400", "92.1%", "+3.4%", "临川市人力资源和社会保障局"],
        ["安澜市", "54,210", "88.7%", "+2.9%", "安澜市人力资源和社会保障局"],
        ["清河州", "31,905", "90.3%", "+5.1%", "清河州人力资源和社会保障局"],
    ]
    return {
        "heading": {"level": 2, "text": "一、总体情况"},
        "rich_text": "<p>会议指出，就业是最基本的民生。今年以来，各地各部门把稳就业摆在突出位置，"
        "出台援企稳岗、技能培训、创业扶持等一系列措施，前三季度城镇新增就业32万人，"
        "完成全年目标任务的91.4%。</p><p>会议要求，要突出抓好高校毕业生、农民工、退役军人等群体就业，"
        '用好<a href="/policies/1/">优化营商环境若干措施</a>，支持中小微企业吸纳就业；要加强岗位归集和'
        "精准对接，健全公共就业服务体系。</p><ul><li>加大稳岗返还和一次性扩岗补助力度，"
        "资金直达企业，免申即享；</li><li>组织“百日千场”招聘活动，送岗位进校园、进社区、进乡村。</li></ul>",
        "table": {"caption": "前三季度各市州城镇新增就业情况", "header_row": True, "rows": rows},
        "image": {"image": image, "caption": "会议现场", "alt": "会场全景", "decorative": False},
        "gallery": {
            "items": [
                {
                    "image": SampleImage(f"/media/picture-{number}.jpg", 560, 420),
                    "caption": caption,
                    "alt": f"{caption}全景",
                }
                for number, caption in ((6, "招聘会现场"), (7, "技能培训课堂"))
            ]
        },
        "attachment": {"document": document("岗位信息表"), "title": "重点企业岗位信息表"},
        "media": {
            "kind": "video",
            "file": SimpleNamespace(url="/media/meeting.mp4"),
            "title": "会议报道",
            "transcript": "今天上午，全省稳就业保民生工作推进会召开。\n\n会议总结了前三季度工作。",
            "poster": image,
        },
        "chart": {
            "image": image,
            "caption": "近五年城镇新增就业人数",
            "alt": "柱状图：五年来逐年上升",
            "data_table": [["年份", "万人"], ["2024", "38.2"], ["2025", "40.6"]],
        },
        "quotation": {
            "text": "让每一个愿意劳动的人都有活干、有奔头，是我们必须办好的实事。",
            "attribution": "与会代表",
        },
    }


def sample_body() -> str:
    values = block_values()
    order = (
        "rich_text",
        "heading",
        "table",
        "rich_text",
        "image",
        "quotation",
        "gallery",
        "chart",
        "media",
        "attachment",
    )
    return mark_safe(
        "\n".join(
            render_template("base", f"blocks/{name}.html", {"value": values[name]})
            for name in order
        )
    )


def article_context() -> dict[str, Any]:
    return {
        **common_context(),
        "body": sample_body(),
        "attachments": [
            {
                "title": "重点群体就业服务清单",
                "url": "/documents/1/list.pdf",
                "extension": "pdf",
                "size": 1_258_291,
            },
            {
                "title": "一次性扩岗补助申请表（企业填写，一式两份，加盖公章后提交经办机构）",
                "url": "/documents/2/form.docx",
                "extension": "docx",
                "size": 48_640,
            },
        ],
        "source": "云岭日报",
        "author": "",
        "publish_time": datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        "previous": {"title": NEWS[1], "url": "/news/7/"},
        "next": {"title": NEWS[2], "url": "/news/9/"},
        "related": items(5, offset=2),
        "validity_notice": "",
    }


OFFICIAL_BODY = (
    "<p>为深入贯彻落实党中央、国务院关于优化营商环境的决策部署，进一步激发经营主体活力，"
    "经省人民政府同意，现就有关事项通知如下。</p><h2>一、提升开办便利</h2>"
    "<p>全面推行企业开办“一件事一次办”，设立登记、公章刻制、社保开户等环节并联办理，"
    "压缩至1个工作日以内。</p><h3>（一）减少申报材料</h3><p>凡是能够通过数据共享核验的信息，"
    "不再要求经营主体提供纸质材料。</p><h2>二、加强要素保障</h2><p>健全重点项目用地、用能、用工"
    "协调机制，对符合条件的中小微企业给予贷款贴息，单户贴息额度最高50万元。</p>"
    "<h2>三、施行日期</h2><p>本通知自2026年12月1日起施行，有效期5年。</p>"
)


def policy_context() -> dict[str, Any]:
    rows = (
        ("索引号", "YL01-0201-2026-0018"),
        ("主题分类", "国民经济管理、国有资产监管／宏观经济"),
        ("发文机关", "云岭省人民政府办公厅"),
        ("成文日期", "2026-11-10"),
        ("标题", POLICY_TITLE),
        ("发文字号", "云政办发〔2026〕18号"),
        ("发布日期", "2026-11-12"),
        ("主题词", "营商环境 经营主体 通知"),
        ("服务对象", "企业"),
        ("时效", "现行有效"),
        ("公开方式", "主动公开"),
    )
    return {
        **article_context(),
        "page": SimpleNamespace(title=POLICY_TITLE),
        "body": mark_safe(OFFICIAL_BODY),
        "metadata_rows": [{"label": label, "value": value} for label, value in rows],
        "document_number": "云政办发〔2026〕18号",
        "validity": VALID,
        "addressee": "各市、自治州人民政府，省政府各委、办、厅、局，各直属机构：",
        "signature": "云岭省人民政府办公厅",
        "issued_on": date(2026, 11, 10),
        "interpretations": [
            {
                "title": "《关于进一步优化营商环境更好服务经营主体高质量发展若干措施的通知》政策解读",
                "url": "/interpretations/1/",
                "form": "文字解读",
            },
            {"title": "一图读懂若干措施", "url": "/interpretations/2/", "form": "图表解读"},
        ],
        "source": "云岭省人民政府办公厅",
        "validity_notice": "",
    }


def interpretation_context() -> dict[str, Any]:
    titles = ("背景与依据", "目标与任务", "主要内容", "解决的问题")
    text = (
        "<p>近年来，各地在优化营商环境方面积累了许多做法，也遇到一些共性问题：材料重复提交、"
        "政策知晓度不高、兑现周期偏长。为此，省政府办公厅会同有关部门在广泛征求意见的基础上，"
        "研究制定了本措施。</p>"
    )
    return {
        **article_context(),
        "page": SimpleNamespace(
            title="《关于进一步优化营商环境更好服务经营主体高质量发展若干措施的通知》政策解读"
        ),
        "body": "",
        "attachments": [],
        "sections": [{"title": title, "body": mark_safe(text * 2)} for title in titles],
        "policy": {
            "title": POLICY_TITLE,
            "url": "/policies/1/",
            "document_number": "云政办发〔2026〕18号",
        },
    }


def topic_context() -> dict[str, Any]:
    return {
        **common_context(),
        "page": SimpleNamespace(title="优化营商环境 服务经营主体"),
        "lead": "省委、省政府把优化营商环境作为推动高质量发展的关键举措，持续深化改革，为各类经营主体"
        "创造稳定、公平、透明、可预期的发展环境。",
        "picture": picture(2),
        "body": mark_safe("<p>本专题汇集政策文件、工作动态和典型经验，欢迎提出意见建议。</p>"),
        "sections": [
            {"title": title, "url": f"/topics/1/{number}/", "items": items(5, offset=number)}
            for number, title in enumerate(("最新政策", "工作动态", "典型经验"))
        ],
    }


def site_map_context() -> dict[str, Any]:
    def branch(title: str, *names: str) -> Item:
        children = [{"title": name, "url": "/x/", "children": []} for name in names]
        return {"title": title, "url": "/x/", "children": children}

    tree = [
        branch("政务要闻", "领导活动", "会议报道", "部门动态", "市州动态"),
        branch("政府信息公开", "公开指南", "公开制度", "公开年报", "依申请公开"),
        branch("政策文件", "省政府文件", "省政府办公厅文件", "规范性文件", "政策解读"),
        branch("政务服务", "个人办事", "法人办事"),
        branch("互动交流", "省长信箱", "意见征集", "在线访谈"),
        branch("数据开放"),
        branch("走进云岭", "省情概况", "历史人文", "自然地理"),
    ]
    tree[1]["children"][0]["children"] = [{"title": "公开目录", "url": "/x/", "children": []}]
    return {**common_context(), "tree": tree}


def full_contexts() -> dict[str, dict[str, Any]]:
    """The context of each page template, by the template's name."""
    error = {**common_context(), "page": None, "breadcrumb": [], "feed_url": ""}
    contexts: dict[str, dict[str, Any]] = {
        "home/home_page.html": home_context(),
        "columns/column.html": column_context(),
        "columns/site_map.html": site_map_context(),
        "articles/article.html": article_context(),
        "articles/topic_page.html": topic_context(),
        "policies/policy_document.html": policy_context(),
        "policies/interpretation.html": interpretation_context(),
        "errors/403.html": error,
        "errors/404.html": error,
        "errors/410.html": {
            **error,
            "title": "云岭省农村公路养护管理暂行规定",
            "since": date(2026, 11, 1),
            "reason": "文件已由新规定代替，不再施行。",
            "successor": {"title": "云岭省农村公路条例实施细则", "url": "/policies/30/"},
        },
        "errors/500.html": error,
        "errors/503.html": {
            **error,
            "notice": "因机房搬迁，本站于2026年11月21日22时至22日6时暂停服务。\n\n给您带来不便，敬请谅解。",
        },
    }
    for name, value in block_values().items():
        contexts[f"blocks/{name}.html"] = {"value": value}
    return contexts


@pytest.fixture
def contexts() -> dict[str, dict[str, Any]]:
    return full_contexts()
