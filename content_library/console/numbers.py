"""Examples of the index numbers (索引号) that a pattern would write, before anybody decides on it."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from govplatform.tenancy.models import Tenant

from ..models import IndexPattern, IndexSeries
from ..resources.numbering import DEFAULT_PATTERN, validate_pattern

_EXAMPLES = 3


def pattern_of(tenant: Tenant) -> str:
    """Return the index number pattern in force on the site."""
    return IndexPattern.objects.filter(tenant=tenant).values_list("pattern", flat=True).first() or DEFAULT_PATTERN


def last_serial(tenant: Tenant) -> int:
    """Return the last serial number that the site drew this year; 0 before the first."""
    year = timezone.localdate().year
    return IndexSeries.objects.filter(tenant=tenant, year=year).values_list("last", flat=True).first() or 0


def example_numbers(tenant: Tenant, pattern: str) -> tuple[list[str], list[str]]:
    """Return (the next three numbers by ``pattern``, why it cannot be taken); one of the two is empty."""
    try:
        validate_pattern(pattern)
    except ValidationError as problem:
        return [], list(problem.messages)
    year, last = timezone.localdate().year, last_serial(tenant)
    identity = tenant.identity_code or tenant.code
    written = [
        pattern.format(identity_code=identity, year=year, serial=last + step) for step in range(1, _EXAMPLES + 1)
    ]
    return written, []
