"""People, words of the dictionaries, what follows an act; on site alpha."""

from typing import Any

from axes.models import AccessAttempt
from django_otp.plugins.otp_totp.models import TOTPDevice

from govplatform.accounts.actions import create_user, deactivate_user, revoke_role, set_password
from govplatform.accounts.credentials.access import end_sessions, unlock_account
from govplatform.accounts.credentials.resets import decide_reset, request_reset
from govplatform.accounts.credentials.sign_in_links import issue_link, open_account
from govplatform.accounts.models import RoleOffer, User
from govplatform.accounts.offers.actions import (
    accept_offer,
    confirm_offer,
    decline_offer,
    offer_role,
    refuse_offer,
    withdraw_offer,
)
from govplatform.consequences.actions import give_up_consequence, retry_consequence
from govplatform.consequences.models import Consequence
from govplatform.console.audit_export import Asked as AuditAsked
from govplatform.console.audit_export import export_entries
from govplatform.dictionaries.actions import (
    add_word,
    allow_value,
    change_word,
    export_words,
    heed_word,
    ignore_word,
    import_words,
    retire_word,
    revoke_value,
)
from govplatform.dictionaries.models import AllowedValue
from govplatform.dictionaries.word_table import read_rows
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.consequences.happening import Called, as_job, ring

from .acts import Doing, act

_ACCOUNTS, _OFFERS = "govplatform.accounts.actions", "govplatform.accounts.offers.actions"
_WORDS = "govplatform.dictionaries.actions"
_PASSWORD = "Another-password-2026"


@act(f"{_ACCOUNTS}.create_user", may="alpha_admin")
def _create_user() -> Doing:
    return lambda who: create_user("newcomer", full_name="新人", password=None, acting_user=who)


def offered(username: str = "both_content", role: str = "confidentiality-reviewer") -> RoleOffer:
    """An offer of alpha's administrator."""
    acting_user = factories.user("alpha_admin")
    return offer_role(factories.user(username), role, tenant=get_tenant("alpha"), acting_user=acting_user)


@act(f"{_OFFERS}.offer_role", may="alpha_admin")
def _offer() -> Doing:
    tenant, person = current_tenant(), factories.user("both_content")
    return lambda who: offer_role(person, "confidentiality-reviewer", tenant=tenant, acting_user=who)


@act(f"{_OFFERS}.confirm_offer", may="supervisor")
def _confirm_offer() -> Doing:
    offer = offered()
    return lambda who: confirm_offer(offer, acting_user=who)


@act(f"{_OFFERS}.refuse_offer", may="supervisor")
def _refuse_offer() -> Doing:
    offer = offered()
    return lambda who: refuse_offer(offer, reason="查无此人。", acting_user=who)


@act(f"{_OFFERS}.accept_offer", may="both_content", rests_on_role=False)
def _accept_offer() -> Doing:
    offer = offered()
    return lambda who: accept_offer(offer, acting_user=who)


@act(f"{_OFFERS}.decline_offer", may="both_content", rests_on_role=False)
def _decline_offer() -> Doing:
    offer = offered()
    return lambda who: decline_offer(offer, acting_user=who)


@act(f"{_OFFERS}.withdraw_offer", may="alpha_admin")
def _withdraw_offer() -> Doing:
    offer = offered()
    return lambda who: withdraw_offer(offer, acting_user=who)


def not_begun() -> User:
    """An account of alpha whose owner has not chosen a password."""
    return create_user("newcomer", full_name="新人", password=None, acting_user=factories.user("alpha_admin"))


@act("govplatform.accounts.credentials.sign_in_links.open_account", may="alpha_admin")
def _open_account() -> Doing:
    given = {"full_name": "新人", "role": "editor", "tenant": current_tenant()}
    return lambda who: open_account("newcomer", **given, acting_user=who)


@act("govplatform.accounts.credentials.sign_in_links.issue_link", may="alpha_admin")
def _issue_link() -> Doing:
    person, tenant = not_begun(), current_tenant()
    return lambda who: issue_link(person, on=tenant, acting_user=who)


@act(f"{_ACCOUNTS}.revoke_role", may="alpha_admin")
def _revoke() -> Doing:
    tenant, person = current_tenant(), factories.user("both_content")
    return lambda who: revoke_role(person, "content-reviewer", tenant=tenant, acting_user=who)


@act(f"{_ACCOUNTS}.set_password", may="alpha_editor", rests_on_role=False)
def _set_password() -> Doing:
    person = factories.user("alpha_editor")
    return lambda who: set_password(person, _PASSWORD, acting_user=who)


def with_a_second_factor() -> User:
    person = factories.user("alpha_editor")
    TOTPDevice.objects.create(user=person, name="TOTP", confirmed=True)
    return person


@act("govplatform.accounts.credentials.resets.request_reset", may="operator")
def _request_reset() -> Doing:
    person = with_a_second_factor()
    return lambda who: request_reset(person, reason="手机丢失，已核实。", acting_user=who)


@act("govplatform.accounts.credentials.resets.decide_reset", may="supervisor")
def _decide_reset() -> Doing:
    reset, _link = request_reset(with_a_second_factor(), reason="手机丢失。", acting_user=factories.user("operator"))
    return lambda who: decide_reset(reset, confirm=True, acting_user=who)


@act(f"{_ACCOUNTS}.deactivate_user", may="operator")
def _deactivate() -> Doing:
    person = factories.user("alpha_editor2")
    return lambda who: deactivate_user(person, reason="离职。", acting_user=who)


def _word(tenant: Any) -> Any:
    return add_word(tenant, acting_user=None, word="青石计划", kind="sensitive", severity="warn")


@act(f"{_WORDS}.add_word", may="alpha_content")
def _add_word() -> Doing:
    tenant = current_tenant()
    return lambda who: add_word(tenant, acting_user=who, word="青石计划", kind="sensitive", severity="warn")


@act(f"{_WORDS}.change_word", may="alpha_content")
def _change_word() -> Doing:
    word = _word(current_tenant())
    return lambda who: change_word(word, acting_user=who, severity="block")


@act(f"{_WORDS}.retire_word", may="alpha_content")
def _retire_word() -> Doing:
    word = _word(current_tenant())
    return lambda who: retire_word(word, reason="不再需要。", acting_user=who)


@act(f"{_WORDS}.ignore_word", may="alpha_content")
def _ignore_word() -> Doing:
    word, tenant = _word(None), current_tenant()
    return lambda who: ignore_word(word, tenant, reason="本地地名。", acting_user=who)


@act(f"{_WORDS}.heed_word", may="alpha_content")
def _heed_word() -> Doing:
    word, tenant = _word(None), current_tenant()
    ignore_word(word, tenant, reason="本地地名。", acting_user=None)
    return lambda who: heed_word(word, tenant, acting_user=who)


@act(f"{_WORDS}.import_words", may="alpha_content")
def _import_words() -> Doing:
    tenant = current_tenant()
    rows, faults = read_rows([(1, ["词语", "类别", "程度"]), (2, ["青石计划", "敏感词", "提示"])])
    return lambda who: import_words(tenant, rows, faults, acting_user=who)


@act(f"{_WORDS}.export_words", may="alpha_content")
def _export_words() -> Doing:
    tenant = current_tenant()
    _word(tenant)
    return lambda who: export_words(tenant, "csv", acting_user=who)


@act(f"{_WORDS}.allow_value", may="alpha_content")
def _allow_value() -> Doing:
    tenant = current_tenant()
    return lambda who: allow_value(
        tenant, "13812345678", kind=AllowedValue.Kind.NUMBER, reason="公开的值班电话。", acting_user=who
    )


@act(f"{_WORDS}.revoke_value", may="alpha_content")
def _revoke_value() -> Doing:
    allowed = allow_value(
        current_tenant(), "13812345678", kind=AllowedValue.Kind.NUMBER, reason="公开的值班电话。", acting_user=None
    )
    return lambda who: revoke_value(allowed, reason="号码已停用。", acting_user=who)


def _failed() -> Consequence:
    # The line stays on the sheet for the rest of the test's transaction; nothing runs it.
    with as_job(Called()):
        found = ring(current_tenant())
    Consequence.objects.filter(pk=found.pk).update(state=Consequence.State.FAILED)
    return Consequence.objects.get(pk=found.pk)


@act("govplatform.consequences.actions.retry_consequence", may="operator")
def _retry() -> Doing:
    found = _failed()

    def retry(who: Any) -> Any:
        with as_job(Called()):
            return retry_consequence(found, acting_user=who)

    return retry


@act("govplatform.consequences.actions.give_up_consequence", may="operator")
def _give_up() -> Doing:
    found = _failed()
    return lambda who: give_up_consequence(found, acting_user=who, reason="已人工处理。")


@act("govplatform.console.audit_export.export_entries", may="alpha_auditor")
def _export_entries() -> Doing:
    return lambda who: export_entries(AuditAsked(chain="site_alpha"), "csv", acting_user=who)


@act("govplatform.accounts.credentials.access.end_sessions", may="alpha_admin")
def _end_sessions() -> Doing:
    person, site = factories.user("alpha_editor"), get_tenant("alpha")
    return lambda who: end_sessions(person, reason="电脑遗失。", tenant=site, acting_user=who)


@act("govplatform.accounts.credentials.access.unlock_account", may="alpha_admin")
def _unlock_account() -> Doing:
    person, site = factories.user("alpha_editor"), get_tenant("alpha")
    AccessAttempt.objects.create(username=person.username, ip_address="198.51.100.7", failures_since_start=5)
    return lambda who: unlock_account(person, reason="已核实。", tenant=site, acting_user=who)
