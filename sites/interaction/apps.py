from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InteractionConfig(AppConfig):
    name = "sites.interaction"
    label = "interaction"
    verbose_name = _("互动交流")

    def ready(self) -> None:
        from govplatform.review.screens.state_facts import register_state_facts
        from govplatform.review.submission.deadlines import register_duties

        from .answer_limits import ANSWERS, duties_of_answers, facts_of_limits
        from .error_facts import facts_of_corrections
        from .files_shown import file_facts

        register_state_facts(facts_of_limits)
        register_state_facts(facts_of_corrections)
        register_duties(duties_of_answers, models=ANSWERS)
        register_state_facts(file_facts)
