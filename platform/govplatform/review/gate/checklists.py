"""The checklist of a step, as the site's rule pack states it: what was confirmed, and what was not."""

from django.utils.translation import gettext as _

from govplatform.rule_packs.packs import RulePack


def complete_checklist(pack: RulePack, step: str, given: dict[str, bool] | None) -> dict[str, bool]:
    """Return {code: confirmed} for every item; None confirms all of them by the act itself, as a verb does."""
    return {item.code: given is None or bool(given.get(item.code)) for item in pack.checklists[step]}


def reasons_against_unconfirmed(pack: RulePack, step: str, confirmed: dict[str, bool]) -> list[str]:
    """Name each item of the checklist that ``confirmed`` leaves open."""
    return [
        _("检查清单有一项没有确认：%(item)s。") % {"item": item.text}
        for item in pack.checklists[step]
        if not confirmed[item.code]
    ]
