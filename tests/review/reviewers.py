"""People and rule packs that only the tests of levels, queue and follow-ups need."""

import datetime
from typing import Any

from django.utils import timezone

from govplatform.accounts.absences import register_absence
from govplatform.accounts.models import Membership, User
from govplatform.review.rules import load_rule_pack
from govplatform.review.submission.emergency import Emergency
from tests.cast import PASSWORD
from tests.factories import user


def reviewer(username: str, tenant: Any, *roles: str) -> User:
    """A further person with ``roles`` on ``tenant``."""
    person = User.objects.create_user(username, f"姓名{username}", PASSWORD)
    for role in roles:
        Membership.objects.create(user=person, tenant=tenant, role=role)
    return person


def supervisor(username: str) -> User:
    from govplatform.tenancy.queries import get_tenant

    return reviewer(username, get_tenant("console"), "supervisor")


def emergency(content: str = "alpha_content", secret: str = "alpha_secret", reason: str = "防汛预警。") -> Emergency:
    return Emergency(reason, user(content), user(secret))


def use_levels(tenant: Any, settings: Any, folder: Any, levels: int) -> None:
    """``tenant`` works by a rule pack that asks for so many content reviews everywhere."""
    (folder / "national.toml").write_text((settings.RULE_PACK_DIR / "national.toml").read_text())
    (folder / "strict.toml").write_text(
        f'extends = "national"\nlabel = "试验规则"\nversion = "1"\n[limits.content_review_levels]\nvalue = {levels}\n'
    )
    settings.RULE_PACK_DIR = folder
    load_rule_pack.cache_clear()
    tenant.rule_pack = "strict"
    tenant.save()


def away(person: User, deputy: User) -> None:
    """``person`` is absent today and tomorrow."""
    today = timezone.localdate()
    register_absence(
        person, deputy=deputy, starts_on=today, ends_on=today + datetime.timedelta(days=1), acting_user=person
    )
