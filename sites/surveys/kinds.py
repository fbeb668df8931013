"""Of which kind a survey is, when its numbers are public, and where it stands in its time."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SurveyKind(models.TextChoices):
    SOLICITATION = "solicitation", _("意见征集")
    SURVEY = "survey", _("问卷调查")


class ResultsShown(models.TextChoices):
    LIVE = "live", _("随时公布")
    AFTER = "after", _("结束后公布")


class Period(models.TextChoices):
    """Where a survey stands in its time."""

    COMING = "coming", _("未开始")
    OPEN = "open", _("进行中")
    OVER = "over", _("已结束")
