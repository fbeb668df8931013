"""The form in which an administrator arranges a column."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from govplatform.review.frame.forms import FrameForm
from sites.pages.given_addresses import column_slug


class ColumnForm(FrameForm):
    """The form of a column. Whoever types no address is given one; what the column has stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["slug"].label = _("网址别名")
        self.fields["slug"].help_text = _(
            "栏目网址的最后一段，由小写字母、数字和连字符组成。不用填写：按栏目名称的拼音自动生成，不会重复。"
        )

    def clean(self) -> dict[str, Any]:
        if "slug" not in self.errors and not self.cleaned_data.get("slug"):
            stored = str(self.instance.slug or "")
            title = self.cleaned_data.get("title") or ""
            self.cleaned_data["slug"] = stored or column_slug(title, self.parent_page, besides=self.instance)
        cleaned: dict[str, Any] = super().clean()
        return cleaned
