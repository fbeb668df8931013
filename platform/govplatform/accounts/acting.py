"""The transaction of a person's act: its locks, and the roles that it rests on."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

from govplatform.locks.holding import Held, holding
from govplatform.tenancy.current import current_tenant_or_none
from govplatform.tenancy.freezing import SiteFrozen, words_of
from govplatform.tenancy.models import Tenant

from .models import User
from .permissions import forget_roles

_HELD = """
WITH held AS (
  SELECT m.role, m.tenant_id, m.limited FROM public.accounts_membership m
  JOIN public.tenancy_tenant t ON t.id = m.tenant_id
  WHERE m.user_id = %s AND (m.tenant_id = %s OR t.kind = %s)
  ORDER BY m.id FOR KEY SHARE OF m
)
SELECT u.is_active, (SELECT array_agg(role) FROM held WHERE tenant_id = %s),
  (SELECT frozen FROM public.tenancy_tenant WHERE id = %s),
  (SELECT bool_or(limited) FROM held WHERE tenant_id = %s) FROM public.accounts_user u WHERE u.id = %s
"""


@contextmanager
def acting(
    user: User | None,
    *chains: str,
    pages: Iterable[int] = (),
    on: Tenant | None = None,
    frozen_too: bool | None = None,
) -> Iterator[Held]:
    """``holding(*chains, pages=pages)``, with the roles of ``user`` held as well (None: the shell, which has none).

    ``on``: the site whose roles count, the current one if not given; roles in the console tenant count always.
    ``frozen_too``: whether it may be done for a frozen site as well; if nothing is said, whatever names chains may.
    What lies in the site's schema nobody writes there anyway: this is for what a site has in ``public``.
    Raises Busy when somebody else does not let go in time, SiteFrozen for an act of a frozen site.
    """
    site = on or current_tenant_or_none()
    refuses = site is not None and not (chains if frozen_too is None else frozen_too)
    with holding(*chains, pages=pages) as held:
        # Asked behind the chain, which whoever freezes a site holds: what the object at hand says may be older.
        frozen = hold_roles(user, site) if user is not None else site is not None and site.frozen
        if site is not None and refuses and frozen:
            raise SiteFrozen(words_of(Tenant.objects.get(pk=site.pk)))
        yield held


def hold_roles(user: User, tenant: Tenant | None) -> bool:
    """Have the roles of ``user`` on ``tenant`` and in the console stay until the transaction ends, and read them anew.

    Whoever takes one of them away waits, or was first and is seen here: a decision never rests on a role that
    was gone when it was recorded. The same for an account that was closed in the meantime. Returns whether ``tenant``
    is frozen.
    """
    tenant_id = tenant.pk if tenant is not None else None
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [user.pk, tenant_id, Tenant.Kind.CONSOLE, tenant_id, tenant_id, tenant_id, user.pk])
        row = cursor.fetchone()
    forget_roles(user)
    if row is None:
        return False
    user.is_active = row[0]
    if tenant_id is not None:
        user.__dict__["_roles_by_tenant"] = {tenant_id: frozenset(row[1] or ())}
        user.__dict__["_limited_on"] = {tenant_id: bool(row[3])}
    return bool(row[2])
