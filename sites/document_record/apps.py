from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentRecordConfig(AppConfig):
    name = "sites.document_record"
    label = "document_record"
    verbose_name = _("文档经过")
