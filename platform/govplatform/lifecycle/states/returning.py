"""When an offline site is planned to be back, for machines that ask again."""

import math

from django.utils import timezone

from govplatform.tenancy.models import Tenant

#: Asked again after so many seconds where nobody knows when the site is back. No regulation's number.
UNKNOWN_SECONDS = 3600


def seconds_until_back(tenant: Tenant) -> int:
    """Seconds until the planned return of ``tenant``, at least one; UNKNOWN_SECONDS where none is planned."""
    if tenant.offline_until is None:
        return UNKNOWN_SECONDS
    return max(1, math.ceil((tenant.offline_until - timezone.now()).total_seconds()))
