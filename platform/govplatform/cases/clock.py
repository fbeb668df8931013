"""The clock of a case: until when it is accepted and answered, by the rule pack of the site that takes it in."""

from datetime import datetime

from govplatform.rule_packs.limits import Limit
from govplatform.rule_packs.packs import rule_pack_of
from govplatform.tenancy.models import Tenant

from .kinds import RULES
from .models import Case


def acceptance_due(kind: str, desk: Tenant, submitted_at: datetime) -> datetime:
    """Until when what came at ``submitted_at`` must be accepted."""
    return rule_pack_of(desk).limit(RULES[kind].acceptance).after(submitted_at)


def answer_due(case: Case, accepted_at: datetime) -> datetime:
    """Until when what was accepted at ``accepted_at`` must be answered."""
    return rule_pack_of(case.desk).limit(RULES[case.kind].answer).after(accepted_at)


def extended_due(case: Case) -> datetime:
    """Until when it must be answered with an extension, which begins where its limit ends."""
    assert case.due_at is not None
    return rule_pack_of(case.desk).limit(RULES[case.kind].extension).after(case.due_at)


def limit_of(case: Case) -> Limit:
    """The limit that runs, with its article."""
    rules = RULES[case.kind]
    waiting = case.state == Case.State.SUBMITTED
    return rule_pack_of(case.desk).limit(rules.acceptance if waiting else rules.answer)
