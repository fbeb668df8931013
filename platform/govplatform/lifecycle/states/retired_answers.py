"""Who answers for a retired site: whoever keeps the ledger of addresses registers here."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from govplatform.tenancy.models import Tenant

#: Asked with the request and the retired site; None means that it knows no better than "gone".
RetiredAnswer = Callable[[HttpRequest, Tenant], HttpResponse | None]
_registered: list[RetiredAnswer] = []


def register_retired_answer(answer: RetiredAnswer) -> None:
    """Have ``answer`` asked for every address of a retired site; called once at the start."""
    _registered[:] = [answer]


def retired_answer(request: HttpRequest, tenant: Tenant) -> HttpResponse | None:
    """The answer of the ledger for an address of a retired site; None without a ledger, or when it has none."""
    return _registered[0](request, tenant) if _registered else None
