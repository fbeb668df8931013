"""The console's form for a source."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class SourceForm(forms.Form):
    """The form that registers a source. ``may_trust``: offer the checkbox that opens the internal network."""

    name = forms.CharField(label=_("名称"), max_length=100, help_text=_("例如“澄州市政务公开平台”。"))
    url = forms.CharField(
        label=_("接口地址"),
        max_length=300,
        help_text=_("对方平台的网址，或其开放接口地址（以 /api/library/ 结尾）。"),
    )
    every_minutes = forms.IntegerField(label=_("间隔（分钟）"), min_value=5, max_value=7 * 24 * 60, initial=30)
    trusted = forms.BooleanField(
        label=_("政务内网来源"),
        required=False,
        help_text=_("对方平台在内部网络中、没有互联网地址时勾选。"),
    )

    def __init__(self, *args: Any, may_trust: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_trust:
            del self.fields["trusted"]


class ChangeForm(SourceForm):
    """The form that changes a source; its address stays, for another one is another source."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["url"]
