"""要求遮盖: asked for by a reviewer, done by an editor's hand in a new version, never by the reviewer's."""

import pytest
from django.db import connection
from django_tenants.utils import tenant_context

from govplatform.audit.models import Entry
from govplatform.confidentiality.models import Disposition
from govplatform.refusals import Refused
from govplatform.review.findings.dispositions import dispose_finding
from govplatform.review.findings.masking import mask_as_requested, mask_requests
from govplatform.review.gate.scans import current_scan
from govplatform.review.submission.actions import decide_review
from govplatform.tenancy.queries import get_tenant
from sites.articles.models import Article
from tests import factories
from tests.confidentiality.records.records_content import NUMBER, attached, docx_with_comment
from tests.layers import layered

MASKED = f"{NUMBER[:6]}********{NUMBER[-4:]}"


@pytest.fixture
def console(alpha, console):
    """As everywhere; and after every answer the test is back inside site alpha's schema."""

    def sign_in(username, code):
        client = console(username, code)
        ask = client.request

        def request(**asked):
            try:
                return ask(**asked)
            finally:
                connection.set_tenant(alpha)

        client.request = request
        connection.set_tenant(alpha)
        return client

    return sign_in


@layered
def once_returned():
    """Two values in the text and one in an attachment are to be masked; then the page came back. Its key."""
    with tenant_context(get_tenant("alpha")):
        return _returned().pk


@pytest.fixture
def returned(alpha, once_returned):
    return Article.objects.get(pk=once_returned)


def _returned():
    file = factories.document(docx_with_comment(), "岗位表.docx", uploader="alpha_editor")
    text = f"<p>身份证号 {NUMBER[:6]}<b>{NUMBER[6:]}</b>，电话 138 1234 5678。</p>"
    page = factories.draft_article(
        title=f"公示{NUMBER}",
        body=[
            {"type": "rich_text", "value": text},
            {"type": "table", "value": {"caption": "", "header_row": False, "rows": [["甲", NUMBER]]}},
            *attached(file)[1:],
        ],
    )
    factories.submit(page)
    reviewer = factories.user("alpha_content")
    for finding in current_scan(page).findings.filter(rule__in=("id-card", "mobile")):
        dispose_finding(finding, acting_user=reviewer, verdict=Disposition.Verdict.TO_MASK, reason="与公示无关。")
    decide_review(page, acting_user=reviewer, approve=False, opinion="请遮盖个人信息。")
    return page


def text_of(page):
    return " ".join(piece.text for piece in page.get_latest_revision().as_object().scan_pieces())


def test_the_editor_finds_the_list_at_the_start_on_the_screen_and_before_saving(returned, console):
    client = console("alpha_editor", "alpha")
    assert f"/admin/review/{returned.pk}/mask/" in client.get("/admin/").content.decode()
    screen = client.get(f"/admin/review/{returned.pk}/").content.decode()
    assert "要求遮盖" in screen
    assert MASKED in screen
    assert "与公示无关。" in screen
    before = returned.revisions.count()
    shown = client.get(f"/admin/review/{returned.pk}/mask/").content.decode()
    assert MASKED in shown
    assert "替换附件" in shown
    assert "deletion" in shown, "the difference is shown"
    assert returned.revisions.count() == before, "looking saves nothing"


def test_the_editor_s_hand_makes_a_new_version_and_submits_it_as_usual(returned, console):
    client = console("alpha_editor", "alpha")
    before = returned.latest_revision_id
    response = client.post(f"/admin/review/{returned.pk}/mask/", {"revision": before})
    assert response.status_code == 302
    page = type(returned).objects.get(pk=returned.pk)
    revision = page.get_latest_revision()
    assert revision.pk != before
    assert revision.user.username == "alpha_editor"
    shown = revision.as_object()
    said = text_of(page)
    assert NUMBER not in said.replace(" ", "")
    assert shown.title == f"公示{MASKED}"
    assert str(shown.body[0].value.source) == (f"<p>身份证号 {MASKED[:6]}<b>{MASKED[6:]}</b>，电话 138 **** 5678。</p>")
    assert shown.body[1].value["rows"][0][1] == MASKED
    assert NUMBER in returned.revisions.get(pk=before).as_object().title, "the version before stays as it was"
    assert Entry.objects.filter(act="page.mask").exists()
    factories.submit(page)
    scan = current_scan(page)
    assert not scan.findings.filter(rule="id-card", attachment_kind="").exists()
    assert scan.findings.filter(rule="id-card").exclude(attachment_kind="").exists(), "the attachment is not touched"


def test_what_is_no_longer_there_is_no_longer_asked_for(returned):
    mask_as_requested(returned, acting_user=factories.user("alpha_editor"), revision_id=returned.latest_revision_id)
    left = mask_requests(type(returned).objects.get(pk=returned.pk))
    assert [request.finding.attachment_kind for request in left] == ["document"]
    assert all(request.by_hand for request in left)


@pytest.mark.parametrize("who", ["alpha_content", "alpha_secret", "alpha_admin", "beta_editor"])
def test_no_reviewer_can_do_it(returned, console, who):
    before = returned.revisions.count()
    client = console(who, who.split("_")[0])
    address = f"/admin/review/{returned.pk}/mask/"
    expected = 404 if who == "beta_editor" else 403
    assert client.get(address).status_code == expected
    assert client.post(address, {"revision": returned.latest_revision_id}).status_code == expected
    assert returned.revisions.count() == before
    with pytest.raises(Refused):
        mask_as_requested(returned, acting_user=factories.user(who), revision_id=returned.latest_revision_id)


def test_who_asked_for_it_does_not_do_it_even_with_an_editor_s_role(returned, alpha):
    from govplatform.accounts.models import Membership

    person = factories.user("alpha_content")
    Membership.objects.filter(user=person).delete()
    Membership.objects.create(user=person, tenant=alpha, role="editor")
    with pytest.raises(Refused, match="不能自己动手"):
        mask_as_requested(returned, acting_user=person, revision_id=returned.latest_revision_id)


def test_a_version_that_nobody_compared_is_not_saved(returned, console):
    newer = returned.get_latest_revision().as_object()
    newer.summary = "改过"
    newer.save_revision(user=factories.user("alpha_editor2"))
    client = console("alpha_editor", "alpha")
    answer = client.post(f"/admin/review/{returned.pk}/mask/", {"revision": returned.latest_revision_id})
    assert "又有了新的版本" in answer.content.decode()


def test_nothing_is_masked_while_it_is_under_review(returned, console):
    factories.submit(returned)
    answer = console("alpha_editor", "alpha").post(
        f"/admin/review/{returned.pk}/mask/", {"revision": returned.latest_revision_id}
    )
    assert "正在审核中" in answer.content.decode()
