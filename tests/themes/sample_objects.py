"""Plain objects of the shape that templates read, and the common part of every page's context."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.utils.html import format_html, format_html_join

Item = dict[str, Any]


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
        pairs = format_html_join(" ", '{}="{}"', attributes.items())
        return format_html("<img {}>", pairs)


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
POLICY_TITLE = "云岭省人民政府办公厅关于进一步优化营商环境更好服务经营主体高质量发展若干措施的通知"


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
