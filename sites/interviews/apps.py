from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InterviewsConfig(AppConfig):
    name = "sites.interviews"
    verbose_name = _("在线访谈")
