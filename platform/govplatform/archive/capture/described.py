"""What a page says of itself for the archive, and when the content of a site last changed."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Protocol, runtime_checkable

from django.db.models import Max
from django.utils import timezone
from django.utils.encoding import force_str
from wagtail.models import Page

from govplatform.review.gate.requirements import is_structural
from govplatform.review.models import Withdrawal
from govplatform.tenancy.models import Tenant


@runtime_checkable
class DescribedPage(Protocol):
    """A page with unified metadata: codes as in ``package.descriptions.FIELDS`` -> values as shown to readers."""

    def metadata_values(self) -> dict[str, Any]: ...


def content_changed_at(tenant: Tenant) -> datetime:
    """When the public content of the current site last changed, to the second: the date of an archive of this state."""
    pages = Page.objects.aggregate(published=Max("last_published_at"), first=Max("first_published_at"))
    withdrawn = Withdrawal.objects.aggregate(at=Max("withdrawn_at"))["at"]
    moments = [pages["published"], pages["first"], withdrawn, tenant.created_at]
    return max(moment for moment in moments if moment is not None).replace(microsecond=0)


def pages_by_id(ids: Iterable[int]) -> dict[int, Page]:
    """The pages of these ids in their own classes; to be called inside the site's schema."""
    return {page.pk: page for page in Page.objects.filter(pk__in=list(ids), depth__gt=1).specific()}


def is_column(page: Page) -> bool:
    """Whether the page is a column and neither the home page nor content."""
    return bool(page.depth > 2 and is_structural(page))


def metadata_of(page: Page) -> dict[str, str]:
    """The metadata of a page as text; columns and the like have a title alone."""
    values: dict[str, Any] = {"title": page.title}
    if isinstance(page, DescribedPage):
        values.update(page.metadata_values())
    return {name: text for name, value in values.items() if (text := _written(value))}


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else force_str(value).strip()
