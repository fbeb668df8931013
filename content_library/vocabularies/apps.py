from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VocabulariesConfig(AppConfig):
    name = "content_library.vocabularies"
    label = "vocabularies"
    verbose_name = _("分类词表")
