"""Every act that there is, tried for a frozen site by whoever may do it: none gets through to what the site has."""

import pytest
from django.db import ProgrammingError, transaction
from django_tenants.utils import tenant_context

from govplatform.refusals import Refused
from govplatform.tenancy.database_roles import WRITTEN_WHILE_READING
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.isolation.conftest import fingerprint
from tests.rights.acts import ACTS
from tests.rights.test_every_act import BY_NAME

from .frozen import WORDS, freeze

pytestmark = pytest.mark.django_db

ACCOUNTS = "people and accounts are the platform's, and somebody has to be able to close one"
PLATFORM = "it is about the platform or about other sites"
LEDGER = "old addresses are mapped by operators before, during and after a merge"
LIFE = "an application, its decision and the merge itself go on, or can be ended"
READING = "it reads, and says in the record that it did"
#: Module or function -> why it may be done while the site is frozen.
GOES_ON = {
    "govplatform.accounts.": ACCOUNTS,
    "govplatform.addresses.actions.": LEDGER,
    "govplatform.archive.actions.": READING,
    "govplatform.consequences.actions.": PLATFORM,
    "govplatform.cases.export.": READING,
    "govplatform.cases.opinions.give_opinion": PLATFORM,
    "govplatform.cases.passing_on.": LIFE,
    "govplatform.cases.retention.holds.": PLATFORM,
    "govplatform.console.audit_export.": READING,
    "govplatform.delivery.actions.": READING,
    "govplatform.delivery.findings.": PLATFORM,
    "govplatform.dictionaries.actions.export_words": READING,
    "govplatform.lifecycle.actions.open_site": PLATFORM,
    "govplatform.lifecycle.applications.actions.decide_application": LIFE,
    "govplatform.lifecycle.applications.actions.withdraw_application": LIFE,
    "govplatform.lifecycle.backups.": PLATFORM,
    "govplatform.lifecycle.batches.": PLATFORM,
    "govplatform.lifecycle.ending.": PLATFORM,
    "govplatform.lifecycle.merge.": LIFE,
    "govplatform.lifecycle.site_record.": PLATFORM,
    "govplatform.lifecycle.states.": LIFE,
    "govplatform.review.sheets.": READING,
    "sites.surveys.export.": READING,
    "search.synonyms.": PLATFORM,
    "search.upkeep.actions.": PLATFORM,
    "content_library.harvesting.": PLATFORM,
    "content_library.resources.reclassification.": PLATFORM,
    "content_library.vocabularies.": PLATFORM,
}


def content(schema):
    return {table: rows for table, rows in fingerprint(schema).items() if table not in WRITTEN_WHILE_READING}


@BY_NAME
def test_it_is_refused_in_words_or_leaves_the_site_alone(one, alpha):
    doing = one.prepare()
    freeze("alpha", "beta")
    before = content(alpha.schema_name)
    with transaction.atomic(), tenant_context(get_tenant("alpha")):
        try:
            doing(factories.user(one.may))
            said = ""
        except Refused as refusal:
            transaction.set_rollback(True)
            said = "".join(refusal.reasons)
        except ProgrammingError as denied:
            # What was read before the site was frozen: the words would come from a connection that sees it committed.
            transaction.set_rollback(True)
            said = WORDS if "permission denied" in str(denied) else str(denied)
    assert content(alpha.schema_name) == before
    if not one.name.startswith(tuple(GOES_ON)):
        assert said.startswith(WORDS[:6]), said or "it was done"


def test_what_goes_on_is_there():
    assert all(any(name.startswith(one) for name in ACTS) for one in GOES_ON)
