from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsInConfig(AppConfig):
    name = "sites.documents_in"
    label = "documents_in"
    verbose_name = _("文档导入")

    def ready(self) -> None:
        from sites.pages.before_review import ask_before_review

        from .queries import reasons_against_unlooked

        ask_before_review(reasons_against_unlooked)
