"""The form for uploading several files at once."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from govplatform.upload_limits import limit_in_browser
from sites.columns.choosing import ColumnChoice

from .extraction.limits import ExtractionLimits
from .models import MOST_FILES
from .queries import columns_for_import


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class SeveralFilesField(forms.FileField):
    """A field for several files, cleaned to a list; empty files pass, for their items will say what is wrong."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [file for file in (data or []) if file]
        if not files:
            raise forms.ValidationError(_("请至少选择一个文件。"), code="required")
        if len(files) > MOST_FILES:
            raise forms.ValidationError(
                _("一次最多 %(most)d 个文件，请分几次上传。"), code="too_many", params={"most": MOST_FILES}
            )
        return files


def _accepted() -> str:
    endings = ("docx", "pdf", "html", "htm", "txt", *settings.WAGTAILDOCS_EXTENSIONS)
    return ",".join(f".{ending}" for ending in dict.fromkeys(endings))


class UploadForm(forms.Form):
    column = ColumnChoice(
        label=_("栏目"),
        empty_label=_("请选择栏目"),
        error_messages={"required": _("请先选择栏目。"), "invalid_choice": _("本站没有这个栏目，请重新选择。")},
    )
    documents = limit_in_browser(
        SeveralFilesField(
            label=_("文件"),
            help_text=_(
                "可以一次选择多个 Word（.docx）、PDF、网页（.html）或纯文本（.txt）文件，每个不超过 30 MB；"
                "它们“附件：”里列出的表格等文件可以一起选，建稿时自动挂接。"
            ),
            widget=SeveralFilesInput(attrs={"accept": _accepted()}),
        ),
        ExtractionLimits.file_bytes,
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["column"].queryset = columns_for_import(user)  # type: ignore[attr-defined]
