"""The addresses of the search for machines, each named once: ``urls.py`` joins it to its view."""

from django.utils.translation import gettext_lazy as _

from content_library.outward.addresses import Address
from content_library.outward.parameters import Parameter, one_of, whole_number

from ..engine import Order
from ..narrowing import Scope
from ..results_page.asked import LAST_PAGE

PREFIX = "/api/search/"
OPENSEARCH = "/opensearch.xml"
_SCOPES, _ORDERS = tuple(map(str, Scope)), tuple(map(str, Order))
_TEXT = {"type": "string", "maxLength": 200}

QUERY = Parameter(
    "q", _("要查找的词语、“短语”、-排除词或者发文字号"), _("不超过 200 字、可以显示的文字"), _TEXT, str, ""
)
SCOPE = Parameter(
    "scope",
    _("范围：site 本站，region 本站和它下面的所有网站，all 全部网站"),
    "、".join(_SCOPES),
    {"enum": list(_SCOPES), "default": str(Scope.SITE)},
    one_of(_SCOPES),
    str(Scope.SITE),
)
ORDER = Parameter(
    "order",
    _("次序：relevance 按相关度，newest 按时间"),
    "、".join(_ORDERS),
    {"enum": list(_ORDERS), "default": str(Order.RELEVANCE)},
    one_of(_ORDERS),
    str(Order.RELEVANCE),
)
PAGE = Parameter(
    "page",
    _("第几页，每页十条"),
    _("1 到 %(most)s 的整数") % {"most": LAST_PAGE},
    {"type": "integer", "minimum": 1, "maximum": LAST_PAGE, "default": 1},
    whole_number(1, LAST_PAGE),
    1,
)


def _filter(name: str, about: object, wanted: object) -> Parameter:
    return Parameter(name, about, wanted, _TEXT, str, "")  # type: ignore[arg-type]


FILTERS = (
    _filter("kind", _("类型"), _("分面 kind 中的值")),
    _filter("topic", _("主题分类代码，含下级"), _("分类代码，例如 02 或 0201")),
    _filter("organisation", _("发文机关代码"), _("分面 organisation 中的值")),
    _filter("year", _("发布年份"), _("2026 这样的四位数字")),
    _filter("validity", _("时效"), "in_force、amended、repealed、lapsed"),
    _filter("column", _("本站栏目的网址路径，含下级栏目"), _("/zwgk/zcwj/ 这样的路径")),
    _filter("site", _("展示信息的站点的代码"), _("站点代码")),
)

ADDRESSES = (
    Address(
        "search_results", "", r"^$", _("查找公开信息"), "Results",
        parameters=(QUERY, SCOPE, *FILTERS, ORDER, PAGE), limit="search",
    ),
    Address(
        "search_suggestions", "suggest", r"^suggest/?$", _("输入时的建议：公开信息的标题、别人问过且有结果的词语"),
        "Suggestions", parameters=(QUERY, SCOPE), limit="suggest",
    ),
    Address("search_openapi", "openapi.json", r"^openapi\.json$", _("本说明（OpenAPI 3.1）"), "Object"),
)  # fmt: skip
