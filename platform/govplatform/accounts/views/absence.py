"""外出代办: a reviewer says who stands in, and for how long."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.days import parse_day
from govplatform.refusals import Refused
from govplatform.row_numbers import row_number

from ..absences import absences_on, end_absence, register_absence
from ..models import Absence
from ..queries import colleagues_in, get_user
from ..roles import REVIEWER_CODES
from ..screens.screen import Screen


class AbsenceView(Screen):
    template_name = "accounts/absence.html"
    page_title = _("外出代办")
    header_icon = "user"
    roles = REVIEWER_CODES

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        own = Absence.objects.filter(person=self.user()).select_related("deputy")[:20]
        return super().get_context_data(
            colleagues=colleagues_in(self.user(), REVIEWER_CODES),
            absences=[{"absence": a, "open": a.ended_at is None and a.ends_on >= today} for a in own],
            standing_in=absences_on(today).filter(deputy=self.user()).select_related("person"),
            given={name: self.request.POST.get(name, "") for name in ("deputy", "starts_on", "ends_on")},
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            if request.POST.get("act") == "end":
                number = row_number(request.POST.get("absence", ""))
                mine = get_object_or_404(Absence, pk=number, person=self.user())
                end_absence(mine, acting_user=self.user())
                messages.success(request, _t("外出已结束。"))
            else:
                deputy = request.POST.get("deputy", "")
                if not colleagues_in(self.user(), REVIEWER_CODES).filter(username=deputy).exists():
                    raise Refused(_t("请从列表里选择代办人。"))
                register_absence(
                    self.user(),
                    deputy=get_user(deputy),
                    starts_on=_day(request.POST.get("starts_on", ""), _t("开始日期")),
                    ends_on=_day(request.POST.get("ends_on", ""), _t("结束日期")),
                    acting_user=self.user(),
                )
                messages.success(request, _t("已登记外出。"))
        except Refused as refusal:
            return self.refuse(refusal)
        return redirect("absence")


def _day(text: str, label: str) -> datetime.date:
    if (day := parse_day(text)) is None:
        raise Refused(_t("%(label)s须写成 2026-03-01 的样子。") % {"label": label})
    return day
