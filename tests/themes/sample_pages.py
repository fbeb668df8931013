"""The full context of each page template, as its view gives it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from django.utils.safestring import mark_safe

from sites.disclosure.statutory import TABLES, laid_out
from sites.statistics.blocks import DrawnChartBlock

from .sample_blocks import block_values, sample_body
from .sample_objects import (
    NEWS,
    POLICY_TITLE,
    REPEALED,
    VALID,
    Item,
    common_context,
    items,
    picture,
)

STRUCTURED = tuple(f"structured/{name}.html" for name in ("page", "leader", "annual_report", "bulletin"))


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
    boxes = [
        {"title": title, "url": f"/blocks/{number}/", "items": items(6, offset=number), "number": number}
        for number, title in enumerate(("政务动态", "部门信息", "市州动态", "人事任免"))
    ]
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
        "services": [{"title": title, "url": f"/services/{icon}/", "icon": icon} for title, icon in services],
        "sections": [
            {"template": f"home/{name}.html", "form": ""}
            for name in (
                "carousel",
                "headline",
                "policies",
                "services",
                "leaders",
                "institutions",
                "column_blocks",
                "topics",
                "links",
            )
        ],
        "service_cells": 6,
        "leaders": [
            {"title": "黎江澄", "url": "/leaders/1/", "post": "省人民政府省长", "picture": picture(5, 240, 320)},
            {"title": "温岳川", "url": "/leaders/2/", "post": "省人民政府常务副省长", "picture": None},
        ],
        "leaders_url": "/leaders/",
        "institutions": [{"title": "省水利厅", "url": "/institutions/1/", "phone": "0000-0000120"}],
        "institutions_url": "/institutions/",
        "column_blocks": boxes,
        "two_columns": {"left": boxes[:2], "right": boxes[2:3], "wide": boxes[3:]},
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
        {"number": number, "url": f"?page={number}", "current": number == 3, "gap": False} for number in (1, 2, 3, 4, 5)
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
            {"title": name, "url": f"/news/{number}/", "current": number == 0} for number, name in enumerate(names)
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
        "share_url": "http://www.yunling.example/news/8/",
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
        "page": SimpleNamespace(title="《关于进一步优化营商环境更好服务经营主体高质量发展若干措施的通知》政策解读"),
        "body": "",
        "attachments": [],
        "sections": [{"title": title, "body": mark_safe(text * 2)} for title in titles],
        "policy": {
            "title": POLICY_TITLE,
            "url": "/policies/1/",
            "document_number": "云政办发〔2026〕18号",
        },
    }


def structured_context() -> dict[str, Any]:
    """What the pages of leaders, institutions, guides, reports and bulletins have, all at once."""
    text = mark_safe("<p>领导省人民政府全面工作，负责审计方面工作。</p>")
    table = laid_out(TABLES["requests"], {"requests.new.person": 5, "requests.granted.person": 5})
    chart = DrawnChartBlock().to_python(
        {
            "title": "地区生产总值", "kind": "lines", "unit": "亿元", "note": "按当年价格计算。",
            "table": {"caption": "", "header_row": True, "rows": [["年份", "总值"], ["2024年", "238"]]},
        }
    )  # fmt: skip
    return {
        **article_context(),
        "page": SimpleNamespace(title="黎江澄"),
        "facts": [{"label": "办公地址", "value": "和序路1号"}],
        "sections": [{"title": "工作分工", "body": text}, {"title": "办理情况", "body": "", "tables": [table]}],
        "overview": {"title": "主要情况", "body": text},
        "notes": {"title": "指标解释和说明", "body": text},
        "charts": [chart],
        "map": {"src": "/media/map.jpg", "width": 800, "height": 450, "alt": "位置地图", "number": "云S(2026)001号"},
        "post": "省人民政府省长",
        "portrait": picture(5, 336, 448),
        "years": [{"year": 2025, "url": "/annual/1/", "current": True}, {"year": 2024, "url": "/a/", "current": False}],
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
        **dict.fromkeys(STRUCTURED, structured_context()),
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
