"""先入库、再使用: what goes live or comes down does so in the library in the same transaction."""

from typing import Any

from django.utils.translation import gettext as _

from govplatform.review.models import Clearance, Withdrawal
from govplatform.review.signals import page_cleared, page_expired, page_withdrawn
from govplatform.tenancy.current import current_tenant

from .models import Resource
from .resources.actions import enter_page, withdraw_resource


def connect() -> None:
    page_cleared.connect(enter_published_page, dispatch_uid="library-enter")
    page_withdrawn.connect(withdraw_with_its_page, dispatch_uid="library-withdraw")
    page_expired.connect(withdraw_expired_page, dispatch_uid="library-expire")


def enter_published_page(*, page: Any, clearance: Clearance, **_kwargs: Any) -> None:
    enter_page(page, clearance)


def withdraw_with_its_page(*, page: Any, withdrawal: Withdrawal, **_kwargs: Any) -> None:
    _withdraw(page, withdrawal.reason)


def withdraw_expired_page(*, page: Any, **_kwargs: Any) -> None:
    _withdraw(page, _("公开期限已到"))


def _withdraw(page: Any, reason: str) -> None:
    resource = Resource.objects.filter(tenant=current_tenant(), page_id=page.pk).first()
    if resource is not None:
        withdraw_resource(resource, reason=reason)
