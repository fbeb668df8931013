"""The form that takes a table of sites."""

from django import forms
from django.utils.translation import gettext_lazy as _

from govplatform.spreadsheets.reading import FORMATS


class TableForm(forms.Form):
    """The form that uploads a table of sites."""

    file = forms.FileField(
        label=_("表格文件"),
        help_text=_("CSV 或 XLSX，不超过 10 MB。"),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(f".{kind}" for kind in FORMATS)}),
    )
