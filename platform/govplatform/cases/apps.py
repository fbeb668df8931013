from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "govplatform.cases"
    label = "cases"
    verbose_name = _("公众来信")
