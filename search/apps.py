from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    label = "search"
    verbose_name = _("检索")

    def ready(self) -> None:
        from govplatform.lifecycle.merge.parts import register_part

        from .merging import SearchPart

        register_part("search", SearchPart())
