"""The acts on the ledger that somebody carries out; what follows publishing stands in ``entering``."""

from django_tenants.utils import tenant_context

from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.locks.holding import holding
from govplatform.tenancy.models import Tenant

from .entering import enter_past, enter_public
from .known import address_book


def enter_site(tenant: Tenant, *, acting_user: User | None = None) -> int:
    """Enter whatever is or was public on a site before the ledger was kept; return how many addresses were written.

    May be run again at any time, also while the site works: what is entered already stays. The shell's act.
    """
    with tenant_context(tenant), holding():
        entered = enter_here(tenant)
        if entered:
            record_act("ledger.backfill", acting_user=acting_user, obj=tenant, detail={"entered": entered})
    return entered


def enter_here(tenant: Tenant) -> int:
    """The same without a record, in the transaction and the schema that the caller stands in."""
    book = address_book()
    entered = enter_public(tenant, book.public_addresses())
    return entered + enter_past(tenant, ((past.address, past.ending) for past in book.past_addresses()))
