"""The column of this site that a page of the old site comes to."""

from django.utils.translation import gettext as _

from govplatform.review.queries import site_path
from sites.columns.models import Column
from sites.documents_in.extraction.spacing import squeeze

from .reading.page import FoundPage
from .reading.rules import TemplateRule


def path_of(column: Column) -> str:
    """Return the address of ``column`` inside its site, without slashes around it: ``news/local``."""
    return site_path(column).strip("/")


class ColumnChoice:
    """The live columns of the current site, by name, slug and path; ``default``: for pages that fit none, or None."""

    def __init__(self, default: Column | None = None) -> None:
        self.default = default
        self._by_slug: dict[str, list[Column]] = {}
        self._by_path: dict[str, Column] = {}
        self.by_title: dict[str, list[Column]] = {}
        for column in Column.objects.filter(live=True).order_by("path"):
            self._by_slug.setdefault(column.slug, []).append(column)
            self._by_path[path_of(column)] = column
            self.by_title.setdefault(squeeze(column.title), []).append(column)

    def named(self, name: str) -> list[Column]:
        """The columns that a rule may mean: the one at the path ``a/b``, else all with that slug."""
        found = self._by_path.get(name)
        return [found] if found is not None else self._by_slug.get(name, [])

    def faults(self, rules: list[TemplateRule]) -> list[str]:
        """Return, as sentences, which columns that rules name this site does not have."""
        return [
            _(
                "规则第 %(number)d 个模板，字段 to_column：本站没有标识为“%(slug)s”的栏目，或不止一个；"
                "不止一个的，请写从首页起的路径，例如 news/local。"
            )
            % {"number": number, "slug": rule.to_column}
            for number, rule in enumerate(rules, start=1)
            if rule.to_column and len(self.named(rule.to_column)) != 1
        ]

    def choose(self, page: FoundPage) -> tuple[Column | None, str]:
        """Return (column, "") for a page, or (None, why there is none)."""
        if page.to_column:
            return self.named(page.to_column)[0], ""
        named = self.by_title.get(squeeze(page.column), []) if page.column else []
        if len(named) == 1:
            return named[0], ""
        if self.default is not None:
            return self.default, ""
        if len(named) > 1:
            return None, _("本站有 %(count)d 个名为“%(column)s”的栏目，请在规则里写明“导入到栏目”。") % {
                "count": len(named),
                "column": page.column,
            }
        if page.column:
            return None, _("本站没有名为“%(column)s”的栏目，请先建立，或在规则里写明“导入到栏目”。") % {
                "column": page.column
            }
        return None, _("页面没有说属于哪个栏目，请在规则里写明“导入到栏目”。")
