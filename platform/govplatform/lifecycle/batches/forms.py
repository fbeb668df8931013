"""The form that takes a table of sites."""

from django import forms
from django.utils.translation import gettext_lazy as _

from govplatform.spreadsheets.reading import FILE_BYTES, FORMATS
from govplatform.upload_limits import limit_in_browser


class TableForm(forms.Form):
    """The form that uploads a table of sites."""

    file = limit_in_browser(
        forms.FileField(
            label=_("表格文件"),
            help_text=_("CSV 或 XLSX，不超过 10 MB。"),
            widget=forms.ClearableFileInput(attrs={"accept": ",".join(f".{kind}" for kind in FORMATS)}),
        ),
        FILE_BYTES,
    )
