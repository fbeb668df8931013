"""Floods of applications and of verifications: bounded in rows and in work, and refused with the way out."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from govplatform.archive.actions import request_archive, request_verification
from govplatform.archive.models import Archive
from govplatform.archive.tasks import verify_kept_archive
from govplatform.lifecycle.applications import papers as reading
from govplatform.lifecycle.applications.actions import decide_application, withdraw_application
from govplatform.lifecycle.applications.checking import MOST_A_DAY
from govplatform.lifecycle.models import ApplicationPaper, SiteApplication
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from tests import factories

from .life import file, paper

pytestmark = pytest.mark.django_db

CHANGE = {"wanted": {"columns": "增设“乡村振兴”栏目。"}}


def flood(number):
    for _time in range(number):
        withdraw_application(file("change", **CHANGE), acting_user=factories.user("beta_admin"), reason="改天再说。")


def test_a_site_that_files_and_withdraws_without_end_is_told_when_it_may_again(monkeypatch):
    flood(MOST_A_DAY)
    opened = []
    monkeypatch.setattr(reading, "read_file_guarded", lambda *args: opened.append(args))
    with pytest.raises(Refused) as refused:
        file("change", papers=[paper("other")], **CHANGE)
    [reason] = refused.value.reasons
    assert f"一天内已经提交 {MOST_A_DAY} 项申请" in reason and "以后再提交" in reason
    assert opened == [] and ApplicationPaper.objects.count() == 0
    assert SiteApplication.objects.count() == MOST_A_DAY
    # Another site is none of its business, and what cannot wait does not.
    file("change", "alpha", **CHANGE)
    file("offline", ground="ordered")


def test_the_day_after_it_may_again(monkeypatch):
    flood(MOST_A_DAY)
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: tomorrow)
    assert file("change", **CHANGE).state == "pending"


@pytest.fixture
def archive(db, tmp_path):
    return Archive.objects.create(
        tenant=get_tenant("beta"), name="beta-1", folder=str(tmp_path / "gone"), state=Archive.State.DONE
    )


def test_many_requests_to_verify_make_one_job(archive):
    operator, told = factories.user("operator"), []
    for _time in range(20):
        try:
            with transaction.atomic():
                request_verification(archive, acting_user=operator)
                verify_kept_archive.enqueue(archive.pk, operator.pk)
        except Refused as refusal:
            told += refusal.reasons
    jobs = ProcrastinateJob.objects.filter(args__task_path="govplatform.archive.tasks.verify_kept_archive")
    assert jobs.count() == 1
    assert told == ["这个归档正在核验，请等它完成。"] * 19


def test_many_requests_for_an_archive_make_one(db):
    operator = factories.user("operator")
    request_archive(get_tenant("beta"), acting_user=operator)
    for _time in range(5):
        with pytest.raises(Refused, match="正在进行，请等它完成"):
            request_archive(get_tenant("beta"), acting_user=operator)
    assert Archive.objects.count() == 1


def test_a_verification_that_breaks_down_can_be_asked_for_again(archive, monkeypatch):
    request_verification(archive, acting_user=factories.user("operator"))

    def broken(*_args, **_named):
        raise MemoryError

    monkeypatch.setattr("govplatform.archive.actions.verify_archive", broken)
    with pytest.raises(MemoryError):
        verify_kept_archive.call(archive.pk, None)
    archive.refresh_from_db()
    assert archive.verdict == Archive.Verdict.NONE
    request_verification(archive, acting_user=factories.user("operator"))


def test_what_is_written_has_its_limits_in_the_shell_as_on_screens():
    for told, asked in (
        ("“申请理由”最多 2000 个字", {**CHANGE, "reason": "长" * 2001}),
        ("“栏目结构的调整”最多 1000 个字", {"wanted": {"columns": "长" * 1001}}),
    ):
        with pytest.raises(Refused, match=told):
            file("change", **asked)
    application = file("change", **CHANGE)
    with pytest.raises(Refused, match="“审批意见”最多"):
        decide_application(application, acting_user=factories.user("supervisor"), approve=True, opinion="长" * 2001)
    with pytest.raises(Refused, match="“撤回理由”最多"):
        withdraw_application(application, acting_user=factories.user("beta_admin"), reason="长" * 501)
