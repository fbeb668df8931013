"""django-tenants' backend with seven changes, each measured or needed.

* the embedded server is started by the first connection that needs it;
* a session works under the application's role even when an owner logged in (decision 004);
* a statement takes one processor of the server: many people ask at once (decision 059);
* ``set_tenant`` leaves the ContentType cache alone: ours is keyed by schema (trap T2);
* ``SET search_path`` is sent only when the path really changes;
* it knows which audit chains the transaction holds, so that none is asked for twice (``govplatform.locks``);
* a write in a frozen site is refused in words (``frozen``).
"""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.functional import cached_property
from django_tenants.postgresql_backend import base as django_tenants_base
from django_tenants.utils import get_public_schema_name

from .frozen import FrozenAware


class DatabaseWrapper(django_tenants_base.DatabaseWrapper):
    """A connection of django-tenants with the changes named above."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._sent_search_path: list[str] | None = None
        #: Names of the audit chains that the transaction holds; forgotten whenever it may have let go of one.
        self.held_chains: set[str] = set()
        #: (queue, site) -> the last turn that the transaction took there (``tenancy.turns``).
        self.turns_taken: dict[tuple[str, str], int] = {}
        #: Counts transactions, for whoever has to tell two of them apart.
        self.transaction_number = 0
        super().__init__(*args, **kwargs)

    @cached_property
    def wrap_database_errors(self) -> FrozenAware:
        return FrozenAware(self)

    def get_connection_params(self) -> dict[str, Any]:
        embedded = self.settings_dict.get("EMBEDDED")
        if embedded:
            from govplatform.embedded import ensure_running

            address = ensure_running(Path(embedded))
            self.settings_dict["HOST"] = str(address.host)
            self.settings_dict["PORT"] = str(address.port)
        params: dict[str, Any] = super().get_connection_params()
        return params

    def init_connection_state(self) -> None:
        super().init_connection_state()
        with self.connection.cursor() as cursor:
            # A list of the library at a million rows took 130 ms in place of 29 while it waited for two more processes.
            cursor.execute("SELECT set_config('max_parallel_workers_per_gather', '0', false)")
        if os.environ.get("GOVPLATFORM_KEEP_LOGIN_ROLE"):
            return
        # No error when the role is missing: before ``init_platform`` there is none.
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('role', rolname, false) FROM pg_roles"
                " WHERE rolname = %s AND rolname <> current_user"
                " AND pg_has_role(current_user, oid, 'MEMBER')",
                [settings.APP_DATABASE_ROLE],
            )
        if not self.connection.autocommit:
            self.connection.commit()

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        self.tenant = tenant
        self.schema_name = tenant.schema_name
        self.include_public_schema = include_public
        self.set_settings_schema(self.schema_name)
        self.search_path_set_schemas = None

    def set_schema_to_public(self) -> None:
        self.set_tenant(django_tenants_base.FakeTenant(schema_name=get_public_schema_name()))

    def close(self) -> None:
        self._sent_search_path = None
        self._transaction_ended()
        super().close()

    def commit(self) -> None:
        try:
            super().commit()
        finally:
            self._transaction_ended()

    def rollback(self) -> None:
        self._sent_search_path = None
        self._transaction_ended()
        super().rollback()

    def savepoint_rollback(self, sid: str) -> None:
        try:
            super().savepoint_rollback(sid)
        finally:
            self._sent_search_path = None
            # Locks that were taken since the savepoint are gone with it.
            self.held_chains.clear()
            self.turns_taken.clear()

    def _transaction_ended(self) -> None:
        self.held_chains.clear()
        self.turns_taken.clear()
        self.transaction_number += 1

    def forget_search_path(self) -> None:
        """Send the search path again before the next statement: somebody sent ``SET search_path`` by other means."""
        self._sent_search_path = None
        self.search_path_set_schemas = None

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._setting_search_path or not self.schema_name:
            super()._handle_search_path(cursor)
            return
        wanted = self._get_cursor_search_paths()
        if self._sent_search_path == wanted:
            self.search_path_set_schemas = wanted
            return
        self.search_path_set_schemas = None
        super()._handle_search_path(cursor)
        self._sent_search_path = self.search_path_set_schemas
