"""The operators' screen: the backups, what going back would mean, the reason, the result; supervisors read."""

from pathlib import Path

import pytest
from django.conf import settings
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.days import moment_words
from govplatform.lifecycle.backups.folder import moment_of
from govplatform.lifecycle.ending.tasks import keep_site_job
from govplatform.lifecycle.models import SiteDump
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.conftest import console_client
from tests.lifecycle.ending.ended import clean_folders

from .test_whole import taken

RETURN, DUMPS = "/admin/fleet/sites/alpha/returning/", "/admin/fleet/dumps/"


@pytest.fixture(autouse=True)
def _folders():
    with clean_folders():
        yield


def text(answer):
    return answer.content.decode()


def done(number):
    keep_site_job.call(number)
    work = SiteDump.objects.get(pk=number)
    assert work.state == "done", work.reasons
    return work


def test_a_site_goes_back_in_the_console(own_database, verb, live):
    client = console_client("operator", "console")
    assert "这里还没有备份。由运维人员" in text(client.get(RETURN))
    path = taken(verb, Path(settings.BACKUP_ROOT))
    with tenant_context(get_tenant("alpha")):
        since = factories.live_article(title="此后发布的通知")
    assert "恢复到过去的状态" in text(client.get("/admin/fleet/sites/alpha/ending/"))
    shown = text(client.get(RETURN))
    assert path.name in shown and moment_words(moment_of(path)) in shown
    for wrong in ("", "../../etc", str(path), ".backup-000000000000.working"):
        assert "请选择服务器上的一个备份" in text(client.post(RETURN, {"act": "preview", "backup": wrong}))
    for wrong in ("", "0", "x", "9" * 30):
        assert "请先预览" in text(client.post(RETURN, {"act": "return", "preview": wrong, "reason": "先试一试。"}))
    assert SiteDump.objects.count() == 0

    answer = client.post(RETURN, {"act": "preview", "backup": path.name})
    work = SiteDump.objects.get()
    assert answer.headers["Location"] == f"{DUMPS}{work.pk}/"
    done(work.pk)
    shown = text(client.get(f"{DUMPS}{work.pk}/"))
    assert "恢复以后会怎样" in shown and "此后发布的通知" in shown
    with tenant_context(get_tenant("alpha")):
        assert Page.objects.get(pk=since.pk).live

    # who only reads can look and not act
    reader = console_client("supervisor", "console")
    assert "预览恢复" not in text(reader.get(RETURN)) and 'value="return"' not in text(reader.get(f"{DUMPS}{work.pk}/"))
    assert reader.post(RETURN, {"act": "preview", "backup": path.name}).status_code == 403

    asked = {"act": "return", "preview": work.pk}
    assert "请写明理由" in text(client.post(RETURN, {**asked, "reason": " "}))
    # refused: what was typed stands in the form again, which leads on
    refused = text(client.post(RETURN, {**asked, "reason": f"栏目被误删。{'很' * 500}"}))
    assert ">栏目被误删。" in refused and f'name="preview" value="{work.pk}"' in refused
    assert client.post(RETURN, {**asked, "reason": "误删了栏目。"}).status_code == 302
    returned = done(SiteDump.objects.get(kind="return").pk)
    shown = text(client.get(f"{DUMPS}{returned.pk}/"))
    assert "已恢复到过去的状态" in shown and "误删了栏目。" in shown and "此后发布的通知" in shown
    with tenant_context(get_tenant("alpha")):
        assert not Page.objects.filter(pk=since.pk).exists()
    # and back, from what was set aside
    aside = SiteDump.objects.get(kind="copy")
    shown = text(client.get(RETURN))
    assert aside.name in shown and moment_words(aside.requested_at) in shown
