from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "sites.surveys"
    label = "surveys"
    verbose_name = _("征集调查")
