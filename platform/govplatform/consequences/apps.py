from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class ConsequencesConfig(AppConfig):
    name = "govplatform.consequences"
    label = "consequences"
    verbose_name = _("后续事项")

    def ready(self) -> None:
        from govplatform.events.sheet import the_sheet

        from .checks import check_sheet

        # Read here and now: an import that fails on the sheet stops the start, not the first act that needs it.
        the_sheet()
        register(check_sheet)
