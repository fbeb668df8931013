"""A table that somebody uploads: the field of the form, and the file that the guarded process reads."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.refusals import Refused
from govplatform.upload_limits import limit_in_browser

from .reading import FILE_BYTES


def table_field(label: Any) -> forms.FileField:
    """The field for a table, with its label; what may be in it is seen when it is read."""
    field = forms.FileField(
        label=label,
        max_length=255,
        help_text=_("CSV（UTF-8 或 GB18030 编码）或 XLSX，最大 10 MB，最多 50000 行。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={
            "required": _("请选择文件。"),
            "empty": _("文件是空的。"),
            "max_length": _("文件名过长，请改短后重试。"),
        },
    )
    return limit_in_browser(field, FILE_BYTES)


@contextmanager
def uploaded_table(uploaded: Any) -> Iterator[Path]:
    """The uploaded bytes as a file, which goes with the block. Raises Refused when there are too many.

    The guarded process reads by path, so the upload is put where only it can be found.
    """
    if uploaded.size > FILE_BYTES:
        raise Refused(_t("文件超过 10 MB，请拆分成几份后导入。"))
    with tempfile.NamedTemporaryFile(prefix="table-") as copy:
        for chunk in uploaded.chunks():
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)
