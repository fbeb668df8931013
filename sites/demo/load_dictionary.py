"""The loading of the words that the demo's scans look for, and of the values that they allow."""

from govplatform.accounts.models import User
from govplatform.dictionaries.actions import add_word, allow_value
from govplatform.dictionaries.queries import active_words, visible_values
from govplatform.tenancy.models import Tenant
from sites.demo.content import DemoSite


def load_dictionary(site: DemoSite, tenant: Tenant | None, *, acting_user: User) -> None:
    """Add the words and allowed values of ``site`` that ``tenant`` (None: the platform) does not have yet."""
    words = set(active_words(tenant).values_list("word", flat=True))
    for entry in site.words:
        if entry.word not in words:
            add_word(
                tenant,
                acting_user=acting_user,
                word=entry.word,
                kind=entry.kind,
                severity=entry.severity,
                suggestion=entry.suggestion,
                note=entry.note,
            )
    values = set(visible_values(tenant).filter(tenant=tenant).values_list("value", flat=True))
    for allowed in site.allowed:
        if allowed.value not in values:
            allow_value(tenant, allowed.value, kind=allowed.kind, reason=allowed.reason, acting_user=acting_user)
