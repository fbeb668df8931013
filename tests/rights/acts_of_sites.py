"""Sites, archives, the frame of a site, documents and sites that are brought in; on site alpha."""

from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_tenants.utils import schema_context
from wagtail.images.fields import WagtailImageField

from govplatform.accounts.models import User
from govplatform.archive.actions import request_archive, request_verification
from govplatform.archive.models import Archive
from govplatform.lifecycle.actions import NewSite, open_site
from govplatform.lifecycle.batches.actions import keep_batch, start_batch
from govplatform.lifecycle.site_facts import change_site_facts
from govplatform.lifecycle.site_record import change_site_record
from govplatform.refusals import Refused
from govplatform.review.frame.actions import confirm_words, refuse_words, withdraw_words
from govplatform.tenancy.queries import get_tenant
from sites.arrivals import actions as arrivals
from sites.arrivals import clearing
from sites.arrivals.models import Arrival, HistoricalClearance, SurveyedAddress
from sites.columns.actions import arrange_columns, change_column, create_column
from sites.columns.models import Column
from sites.documents_in import actions as documents_in
from sites.documents_in import confirming, trying
from sites.documents_in.extraction.extract import extract_document
from sites.documents_in.models import ImportBatch, ImportItem
from sites.documents_in.queries import repeats_of
from sites.home.actions import change_home, choose_address_style, pin_headline
from sites.home.models import HomePage
from sites.managing.actions import change_site
from sites.managing.fields import Asked
from sites.managing.pictures import add_frame_picture
from tests import factories
from tests.lifecycle.tables import row, table_of
from tests.review.frame.frame_cases import waiting
from tests.writing.fragments import RED

from .acts import Doing, act


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


@act("sites.columns.actions.arrange_columns", may="alpha_admin")
def _arrange_columns() -> Doing:
    home = HomePage.objects.get()
    order = list(Column.objects.child_of(home).order_by("-path").values_list("pk", flat=True))
    return lambda who: arrange_columns(home, order, acting_user=who)


@act("sites.home.actions.change_home", may="alpha_admin")
def _change_home() -> Doing:
    home = HomePage.objects.get()
    return lambda who: change_home(home, sections=["headline"], acting_user=who)


@act("sites.managing.actions.change_site", may="alpha_admin")
def _change_site() -> Doing:
    return lambda who: change_site(get_tenant("alpha"), Asked(facts={"theme": "county"}), acting_user=who)


@act("sites.managing.pictures.add_frame_picture", may="alpha_admin")
def _add_frame_picture() -> Doing:
    file = SimpleUploadedFile("logo.png", RED, content_type="image/png")
    return lambda who: add_frame_picture(WagtailImageField().to_python(file), title="标识", acting_user=who)


@act("govplatform.lifecycle.site_facts.change_site_facts", may="alpha_admin")
def _change_site_facts() -> Doing:
    return lambda who: change_site_facts(get_tenant("alpha"), acting_user=who, theme="county")


@act("sites.home.actions.pin_headline", may="alpha_admin")
def _pin() -> Doing:
    page = factories.live_article()
    return lambda who: pin_headline(HomePage.objects.get(), page.pk, acting_user=who)


@act("sites.home.actions.choose_address_style", may="alpha_admin")
def _choose_address_style() -> Doing:
    return lambda who: choose_address_style(HomePage.objects.get(), "pinyin", acting_user=who)


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


def surveyed_arrival() -> Arrival:
    """An arrival whose report is there: one page, which comes in, and the file of its crawl."""
    arrival = arrivals.upload_crawl(
        ContentFile(b"WARC", name="old.warc"),
        name="old.warc",
        host="old.example",
        acting_user=factories.user("alpha_editor"),
    )
    arrival.note(state=Arrival.State.SURVEYED, surveyed_at=timezone.now())
    SurveyedAddress.objects.create(arrival=arrival, number=1, address="http://old.example/", key="0", result="page")
    return arrival


@act("sites.arrivals.actions.upload_crawl", may="alpha_editor")
def _upload_crawl() -> Doing:
    def upload(who: User) -> Arrival:
        file = ContentFile(b"WARC", name="old.warc")
        return arrivals.upload_crawl(file, name="old.warc", host="old.example", acting_user=who)

    return upload


@act("sites.arrivals.actions.change_arrival", may="alpha_admin")
def _change_arrival() -> Doing:
    arrival = surveyed_arrival()
    return lambda who: arrivals.change_arrival(arrival, acting_user=who, rules="", column=None, limit=5)


@act("sites.arrivals.actions.start_import", may="alpha_editor")
def _start_import() -> Doing:
    arrival = surveyed_arrival()
    return lambda who: arrivals.start_import(arrival, acting_user=who)


@act("sites.arrivals.actions.stop_arrival", may="alpha_editor")
def _stop_arrival() -> Doing:
    arrival = surveyed_arrival()
    arrival.note(state=Arrival.State.RUNNING)
    return lambda who: arrivals.stop_arrival(arrival, acting_user=who)


@act("sites.arrivals.actions.discard_crawl", may="alpha_editor")
def _discard_crawl() -> Doing:
    arrival = surveyed_arrival()
    return lambda who: arrivals.discard_crawl(arrival, acting_user=who)


def _proposed_for_arrival() -> HistoricalClearance:
    return clearing.propose_historical_clearance(
        surveyed_arrival(), acting_user=factories.user("alpha_content"), reason="旧网站已公开。"
    )


@act("sites.arrivals.clearing.propose_historical_clearance", may="alpha_content")
def _propose_historical() -> Doing:
    arrival = surveyed_arrival()
    return lambda who: clearing.propose_historical_clearance(arrival, acting_user=who, reason="旧网站已公开。")


@act("sites.arrivals.clearing.approve_historical_clearance", may="alpha_secret")
def _approve_historical() -> Doing:
    made = _proposed_for_arrival()
    return lambda who: clearing.approve_historical_clearance(made, acting_user=who, opinion="同意。")


@act("sites.arrivals.clearing.revoke_historical_clearance", may="alpha_secret")
def _revoke_historical() -> Doing:
    made = _proposed_for_arrival()
    return lambda who: clearing.revoke_historical_clearance(made, acting_user=who, reason="暂停。")


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


def _read_import(name: str = "report.html") -> ImportItem:
    """A file that alpha_editor uploaded and that was read, without the job."""
    batch = documents_in.start_batch(factories.column(), acting_user=factories.user("alpha_editor"))
    item = documents_in.queue_file(batch, ContentFile(_report().read_bytes(), name=name), name)
    item.note(state=ImportItem.State.READ, recognised={"title": "关于测试的通知"})
    return item


@act("sites.documents_in.confirming.add_file", may="alpha_editor")
def _add_import_file() -> Doing:
    batch = documents_in.start_batch(factories.column(), acting_user=factories.user("alpha_editor"))
    file = ContentFile(_report().read_bytes(), name="report.html")
    return lambda who: confirming.add_file(batch, file, acting_user=who)


@act("sites.documents_in.confirming.keep_typed", may="alpha_editor")
def _keep_typed() -> Doing:
    item = _read_import()
    return lambda who: confirming.keep_typed(item, {"title": "关于另一件事的通知"}, acting_user=who)


@act("sites.documents_in.confirming.make_drafts", may="alpha_editor")
def _make_drafts() -> Doing:
    item = _read_import()
    return lambda who: confirming.make_drafts(item.batch, [item.pk], acting_user=who)


@act("sites.documents_in.confirming.drop_files", may="alpha_editor")
def _drop_files() -> Doing:
    item = _read_import()
    return lambda who: confirming.drop_files(item.batch, None, acting_user=who)


@act("sites.documents_in.confirming.clear_batch", may="alpha_admin")
def _clear_batch() -> Doing:
    item = _read_import()
    return lambda who: confirming.clear_batch(item.batch, acting_user=who)


@act("sites.documents_in.trying.try_files", may="alpha_editor")
def _try_files() -> Doing:
    asked = [trying.AskedFile("report.html", _report(), {})]
    return lambda who: trying.try_files(asked, factories.column(), acting_user=who)


@act("sites.documents_in.trying.lay_enclosed", may="alpha_editor")
def _lay_enclosed() -> Doing:
    batch = documents_in.start_batch(factories.column(), acting_user=factories.user("alpha_editor"))
    asked = [trying.AskedFile("report.html", _report(), {})]
    return lambda who: trying.lay_enclosed(batch, asked, acting_user=who)


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
