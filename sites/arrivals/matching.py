"""The column of this site that a page of the old site comes to."""

from django.utils.translation import gettext as _

from sites.columns.models import Column
from sites.documents_in.extraction.spacing import squeeze

from .reading.page import FoundPage
from .reading.rules import TemplateRule


class ColumnChoice:
    """The live columns of the current site, by name and slug; ``default``: for pages that fit none, None for none."""

    def __init__(self, default: Column | None = None) -> None:
        self.default = default
        self.by_slug: dict[str, list[Column]] = {}
        self.by_title: dict[str, list[Column]] = {}
        for column in Column.objects.filter(live=True).order_by("path"):
            self.by_slug.setdefault(column.slug, []).append(column)
            self.by_title.setdefault(squeeze(column.title), []).append(column)

    def faults(self, rules: list[TemplateRule]) -> list[str]:
        """Return, as sentences, which columns that rules name this site does not have."""
        return [
            _("规则第 %(number)d 个模板，字段 to_column：本站没有标识为“%(slug)s”的栏目，或不止一个。")
            % {"number": number, "slug": rule.to_column}
            for number, rule in enumerate(rules, start=1)
            if rule.to_column and len(self.by_slug.get(rule.to_column, [])) != 1
        ]

    def choose(self, page: FoundPage) -> tuple[Column | None, str]:
        """Return (column, "") for a page, or (None, why there is none)."""
        if page.to_column:
            return self.by_slug[page.to_column][0], ""
        named = self.by_title.get(squeeze(page.column), []) if page.column else []
        if len(named) == 1:
            return named[0], ""
        if self.default is not None:
            return self.default, ""
        if len(named) > 1:
            return None, _("本站有 %(count)d 个名为“%(column)s”的栏目，请用规则的 to_column 指定。") % {
                "count": len(named),
                "column": page.column,
            }
        if page.column:
            return None, _("本站没有名为“%(column)s”的栏目，请先建立，或用规则的 to_column 指定。") % {
                "column": page.column
            }
        return None, _("页面没有说属于哪个栏目（ColumnName），请用规则的 to_column 指定。")
