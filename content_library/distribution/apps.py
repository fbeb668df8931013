from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PushesConfig(AppConfig):
    name = "content_library.distribution"
    label = "pushes"
    verbose_name = _("推送与收回")

    def ready(self) -> None:
        from govplatform.lifecycle.merge.parts import register_part
        from govplatform.review.submission.deadlines import register_duties

        from .merging import LibraryPart
        from .queries import deadlines_of

        register_duties(deadlines_of)
        register_part("library", LibraryPart())
