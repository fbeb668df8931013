from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsInConfig(AppConfig):
    name = "sites.documents_in"
    label = "documents_in"
    verbose_name = _("文档导入")
