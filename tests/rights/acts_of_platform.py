"""People, words, sites, the frame of a site, documents that are brought in; on site alpha."""

from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_tenants.utils import schema_context

from govplatform.accounts.actions import create_user, deactivate_user, revoke_role, set_password
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
from govplatform.archive.actions import request_archive, request_verification
from govplatform.archive.models import Archive
from govplatform.consequences.actions import give_up_consequence, retry_consequence
from govplatform.consequences.models import Consequence
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
from govplatform.lifecycle.actions import NewSite, open_site
from govplatform.lifecycle.applications.actions import decide_application, file_application, withdraw_application
from govplatform.lifecycle.applications.request import Asked
from govplatform.lifecycle.batches.actions import keep_batch, start_batch
from govplatform.lifecycle.site_record import change_site_record
from govplatform.lifecycle.states.actions import announce_completion, retire_site
from govplatform.refusals import Refused
from govplatform.review.frame.actions import confirm_words, refuse_words, withdraw_words
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.queries import get_tenant
from sites.arrivals import actions as arrivals
from sites.columns.actions import change_column, create_column
from sites.documents_in import actions as documents_in
from sites.documents_in.extraction.extract import extract_document
from sites.documents_in.models import ImportBatch, ImportItem
from sites.documents_in.queries import repeats_of
from sites.home.actions import pin_headline
from sites.home.models import HomePage
from tests import factories
from tests.consequences.happening import Called, as_job, ring
from tests.lifecycle import life
from tests.lifecycle.tables import row, table_of
from tests.review.frame.frame_cases import waiting

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


@act("govplatform.archive.actions.request_archive", may="operator")
def _request_archive() -> Doing:
    tenant = get_tenant("alpha")
    return lambda who: request_archive(tenant, acting_user=who)


@act("govplatform.archive.actions.request_verification", may="operator")
def _request_verification() -> Doing:
    archive = Archive.objects.create(tenant=get_tenant("alpha"), state=Archive.State.DONE)
    return lambda who: request_verification(archive, acting_user=who)


@act("govplatform.lifecycle.actions.open_site", may="operator")
def _open_site() -> Doing:
    new = NewSite(
        code="test1",
        host="test1.localhost",
        console_host="test1.console.localhost",
        full_name="云江省第一测试县人民政府",
        kind="portal",
        level="county",
    )

    def open_it(who: Any) -> Any:
        with schema_context("public"):
            return open_site(new, acting_user=who)

    return open_it


@act("govplatform.lifecycle.batches.actions.keep_batch", may="operator")
def _keep_batch() -> Doing:
    return lambda who: keep_batch(table_of(row(1)), "sites.csv", acting_user=who)


@act("govplatform.lifecycle.batches.actions.start_batch", may="operator")
def _start_batch() -> Doing:
    batch, _checked = keep_batch(table_of(row(1)), "sites.csv", acting_user=None)
    return lambda who: start_batch(batch, acting_user=who)


@act("sites.columns.actions.create_column", may="alpha_admin")
def _create_column() -> Doing:
    return lambda who: create_column("more-news", title="更多动态", column_type="news", acting_user=who)


@act("sites.columns.actions.change_column", may="alpha_admin")
def _change_column() -> Doing:
    return lambda who: change_column(factories.column(), acting_user=who, description="新的说明")


@act("sites.home.actions.pin_headline", may="alpha_admin")
def _pin() -> Doing:
    page = factories.live_article()
    return lambda who: pin_headline(HomePage.objects.get(), page.pk, acting_user=who)


def _report() -> Path:
    path = Path(settings.MEDIA_ROOT) / f"{uuid4()}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("<html><body><h1>关于测试的通知</h1><p>正文。</p></body></html>", encoding="utf-8")
    return path


@act("sites.documents_in.actions.start_batch", may="alpha_editor")
def _begin_import() -> Doing:
    return lambda who: documents_in.start_batch(factories.column(), acting_user=who)


@act("sites.documents_in.actions.import_document", may="alpha_editor")
def _import_document() -> Doing:
    path = _report()
    return lambda who: documents_in.import_document(
        path, filename="report.html", column=factories.column(), acting_user=who
    )


@act("sites.documents_in.actions.import_read_document", may="alpha_editor")
def _import_read_document() -> Doing:
    path = _report()
    batch = documents_in.start_batch(factories.column(), acting_user=factories.user("alpha_editor"))
    return lambda who: documents_in.import_read_document(
        batch,
        extract_document(path, filename="report.html"),
        path,
        filename="report.html",
        acting_user=who,
        complete=lambda page: None,
    )


@act("sites.arrivals.actions.import_site", may="alpha_editor")
def _import_site() -> Doing:
    report = _report()
    folder = report.parent / str(uuid4())
    folder.mkdir()
    report.rename(folder / "a.html")
    return lambda who: arrivals.import_site(folder, host="old.example", acting_user=who)


@act("sites.documents_in.actions.queue_files", may="alpha_editor")
def _queue_files() -> Doing:
    def upload(who: User) -> ImportBatch:
        report = ContentFile(_report().read_bytes(), name="report.html")
        return documents_in.queue_files(factories.column(), [report], acting_user=who)

    return upload


@act("sites.documents_in.actions.retry_import", may="alpha_editor")
def _retry_import() -> Doing:
    batch = documents_in.start_batch(factories.column(), acting_user=factories.user("alpha_editor"))
    item = documents_in.queue_file(batch, ContentFile(_report().read_bytes(), name="report.html"), "report.html")
    item.note(state=ImportItem.State.FAILED)
    return lambda who: documents_in.retry_import(item, acting_user=who)


def differing_import() -> ImportItem:
    """A draft that differs from its original so much that somebody has to look."""
    made = documents_in.import_document(
        _report(), filename="report.html", column=factories.column(), acting_user=factories.user("alpha_editor")
    )
    made.item.note(compared={**made.item.compared, "must_look": True})
    return made.item


@act("sites.documents_in.actions.confirm_comparison", may="alpha_editor")
def _confirm_comparison() -> Doing:
    item = differing_import()
    return lambda who: documents_in.confirm_comparison(item, acting_user=who)


def repeating_import() -> ImportItem:
    """A draft that has two long paragraphs twice."""
    twice = ["各镇按月报送河道巡护情况，逾期不报的予以通报批评。", "巡护经费由县财政按每公里一千二百元的标准拨付。"]
    path = Path(settings.MEDIA_ROOT) / f"{uuid4()}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(["关于测试的通知", *twice, "中间另有一段说明文字。", *twice]), encoding="utf-8")
    return documents_in.import_document(
        path, filename="twice.txt", column=factories.column(), acting_user=factories.user("alpha_editor")
    ).item


@act("sites.documents_in.actions.remove_repeats", may="alpha_editor")
def _remove_repeats() -> Doing:
    item = repeating_import()
    keys = [run.key for run in repeats_of(item)]
    return lambda who: documents_in.remove_repeats(item, keys, acting_user=who)


@act("sites.documents_in.actions.submit_drafts", may="alpha_editor")
def _submit_drafts() -> Doing:
    editor = factories.user("alpha_editor")
    batch = documents_in.start_batch(factories.column(), acting_user=editor)
    made = documents_in.import_document(
        _report(), filename="report.html", column=factories.column(), acting_user=editor, batch=batch
    )

    def submit(who: Any) -> Any:
        answer = documents_in.submit_drafts(batch, [made.item.pk], acting_user=who)
        # One by one: each draft that was refused is named, and the others go on.
        for _title, reasons in answer[1]:
            raise Refused(reasons)
        return answer

    return submit


@act("govplatform.lifecycle.site_record.change_site_record", may="operator")
def _change_site_record() -> Doing:
    tenant = get_tenant("alpha")
    return lambda who: change_site_record(tenant, acting_user=who, contact="电话：0871-12345678")


def _proposed() -> Any:
    column = factories.column()
    change_column(column, acting_user=factories.user("alpha_admin"), title="要闻动态")
    return waiting(column)


@act("govplatform.review.frame.actions.confirm_words", may="alpha_content")
def _confirm_words() -> Doing:
    proposal = _proposed()
    return lambda who: confirm_words(proposal, acting_user=who, digest=proposal.digest, opinion="同意。")


@act("govplatform.review.frame.actions.refuse_words", may="alpha_content")
def _refuse_words() -> Doing:
    proposal = _proposed()
    return lambda who: refuse_words(proposal, acting_user=who, opinion="名称不规范。")


@act("govplatform.review.frame.actions.withdraw_words", may="alpha_admin", rests_on_role=False)
def _withdraw_words() -> Doing:
    proposal = _proposed()
    return lambda who: withdraw_words(proposal, acting_user=who)


_APPLICATIONS = "govplatform.lifecycle.applications.actions"


def _a_change() -> Any:
    return life.file("change", "alpha", wanted={"contact": "电话：0871-12345678"})


@act(f"{_APPLICATIONS}.file_application", may="alpha_admin")
def _file_application() -> Doing:
    asked = Asked(kind="change", reason="号码变更。", wanted={"contact": "电话：0871-12345678"})
    return lambda who: file_application(get_tenant("alpha"), asked, acting_user=who)


@act(f"{_APPLICATIONS}.decide_application", may="supervisor")
def _decide_application() -> Doing:
    application = _a_change()
    return lambda who: decide_application(application, acting_user=who, approve=True, opinion="同意。")


@act(f"{_APPLICATIONS}.withdraw_application", may="alpha_admin")
def _withdraw_application() -> Doing:
    application = _a_change()
    return lambda who: withdraw_application(application, acting_user=who, reason="不需要。")


@act("govplatform.lifecycle.states.actions.retire_site", may="operator")
def _retire_site() -> Doing:
    application = life.retiring("beta")
    announce_completion(application)
    life.clear_notices(application)
    return lambda who: retire_site(get_tenant("beta"), acting_user=who)
