"""Of which kind a survey is, when its numbers are public, and where it stands in its time."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class SurveyKind(models.TextChoices):
    SOLICITATION = "solicitation", _("意见征集")
    SURVEY = "survey", _("问卷调查")


class ResultsShown(models.TextChoices):
    LIVE = "live", _("随时公布")
    AFTER = "after", _("结束后公布")


class Period(StrEnum):
    """Where a survey stands in its time."""

    COMING = "coming"
    OPEN = "open"
    OVER = "over"
