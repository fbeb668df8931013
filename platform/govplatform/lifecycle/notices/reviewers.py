"""Who clears a notice: the reviewers of the site on which it is to stand, who are not those who wait for it."""

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import has_role
from govplatform.accounts.queries import holders_of
from govplatform.accounts.roles import CONFIDENTIALITY_REVIEWER, CONTENT_REVIEWER
from govplatform.tenancy.models import Tenant

_ROLES = (CONTENT_REVIEWER, CONFIDENTIALITY_REVIEWER)


def reviewers_in_words(site: Tenant) -> str:
    """Both steps with the people who may take them, in their order."""
    steps = []
    for role in _ROLES:
        people = "、".join(person.signed_name for person in holders_of(site, role.code))
        steps.append(f"{role.label}：{people}" if people else _("%(role)s：还没有人担任") % {"role": role.label})
    return "；".join(steps)


def reviews_on(user: User, site: Tenant) -> bool:
    """Whether ``user`` takes one of the steps there."""
    return any(has_role(user, role.code, site) for role in _ROLES)
