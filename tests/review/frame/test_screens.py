"""The screens of the frame's words: work list, start page, the edit forms, the record of a site."""

import pytest
from django.urls import reverse

from content_library.vocabularies.queries import get_term, terms_of
from govplatform.review.models import FrameProposal
from govplatform.tenancy.models import Tenant
from sites.columns.actions import change_column, create_column
from sites.home.models import HomePage
from tests import factories

from .frame_cases import DOUBTFUL, column_form, waiting


@pytest.fixture
def proposal(alpha):
    column = factories.column()
    change_column(column, acting_user=factories.user("alpha_admin"), title="要闻动态")
    return waiting(column)


def text(answer) -> str:
    return answer.content.decode()


def test_the_confirmer_finds_it_on_the_start_page_and_confirms(proposal, console):
    reviewer = console("alpha_content", "alpha")
    assert f"/admin/frame-texts/{proposal.pk}/" in text(reviewer.get("/admin/"))
    assert f"/admin/frame-texts/{proposal.pk}/" in text(reviewer.get("/admin/frame-texts/"))
    shown = text(reviewer.get(f"/admin/frame-texts/{proposal.pk}/"))
    assert "<del>工作动态</del>" in shown
    assert "<ins>要闻动态</ins>" in shown
    answer = reviewer.post(
        f"/admin/frame-texts/{proposal.pk}/", {"act": "confirm", "digest": proposal.digest, "opinion": "同意。"}
    )
    assert answer.status_code == 302
    assert factories.column().title == "要闻动态"
    assert "没有等你确认的文字改动" in text(reviewer.get("/admin/frame-texts/"))


def test_a_confirmation_wants_an_opinion_and_a_known_act(proposal, console):
    reviewer = console("alpha_content", "alpha")
    for given in ({"act": "confirm", "digest": proposal.digest}, {"act": "refuse"}, {"opinion": "同意。"}):
        assert reviewer.post(f"/admin/frame-texts/{proposal.pk}/", given).status_code == 400
    proposal.refresh_from_db()
    assert proposal.state == FrameProposal.State.WAITING


def test_several_are_confirmed_at_once_and_what_cannot_be_is_told_by_name(proposal, console):
    """A batch of sites, or columns, would otherwise want as many visits."""
    reviewer = console("alpha_content", "alpha")
    facts = {"column_type": factories.column().column_type, "acting_user": factories.user("alpha_admin")}
    other, third = create_column("one", title="通知", **facts), create_column("two", title="公告", **facts)
    chosen = [f"{one.pk}:{one.digest}" for one in (proposal, waiting(other))]
    listed = text(reviewer.get("/admin/frame-texts/"))
    assert all(f'value="{one}"' in listed for one in chosen) and "<ins>要闻动态</ins>" in listed
    for part in ({"chosen": chosen}, {"opinion": "同意。"}):
        assert reviewer.post("/admin/frame-texts/", part).status_code == 400
    wrong = f"{waiting(third).pk}:{proposal.digest}"
    answer = text(reviewer.post("/admin/frame-texts/", {"chosen": [*chosen, wrong, "999999:x"], "opinion": "同意。"}))
    assert "已确认 2 项" in answer and "公告：要确认的文字与你看到的不一致" in answer and "999999" in answer
    assert factories.column().title == "要闻动态" and waiting(third) is not None and waiting(other) is None
    assert {one.opinion for one in FrameProposal.objects.filter(state="confirmed")} == {"同意。"}


def test_what_was_ticked_stays_ticked_when_the_opinion_is_missing(proposal, console):
    reviewer = console("alpha_content", "alpha")
    assert " checked>" not in text(reviewer.get("/admin/frame-texts/"))
    ticked = {"chosen": f"{proposal.pk}:{proposal.digest}"}
    assert f'value="{ticked["chosen"]}" checked>' in text(reviewer.post("/admin/frame-texts/", ticked))


def test_a_column_is_saved_by_its_button_alone(alpha, console):
    """A draft by itself would stand in everybody's tree, and 已保存 beside the refusal of the words."""
    editing = text(console("alpha_admin", "alpha").get(f"/admin/pages/{factories.column().pk}/edit/"))
    assert "data-w-autosave-interval-value" not in editing and 'name="action-publish"' in editing
    assert '<em data-w-progress-target="label">保存</em>' in editing
    writing = text(console("alpha_editor", "alpha").get(f"/admin/pages/add/articles/article/{factories.column().pk}/"))
    assert "data-w-autosave-interval-value" in writing


def test_what_the_scan_found_doubtful_is_opened_by_itself(alpha, console):
    column, reviewer = factories.column(), console("alpha_content", "alpha")
    change_column(column, acting_user=factories.user("alpha_admin"), title=DOUBTFUL, reason="本单位对外公布的电话。")
    one = waiting(column)
    assert f'value="{one.pk}:' not in text(reviewer.get("/admin/frame-texts/"))
    sent = {"chosen": [f"{one.pk}:{one.digest}"], "opinion": "同意。"}
    assert "请打开后单独办理" in text(reviewer.post("/admin/frame-texts/", sent))
    assert waiting(column) is not None


def test_nobody_confirms_their_own_or_another_s_by_the_list(proposal, console):
    sent = {"chosen": [f"{proposal.pk}:{proposal.digest}"], "opinion": "同意。"}
    console("alpha_admin", "alpha").post("/admin/frame-texts/", sent)
    console("beta_content", "beta").post("/admin/frame-texts/", sent)
    assert console("alpha_editor", "alpha").post("/admin/frame-texts/", sent).status_code == 403
    proposal.refresh_from_db()
    assert proposal.state == FrameProposal.State.WAITING


def test_the_proposer_sees_that_it_waits_and_takes_it_back(proposal, console):
    admin = console("alpha_admin", "alpha")
    edit = text(admin.get(f"/admin/pages/{proposal.object_id}/edit/"))
    assert "有一项文字改动待确认" in edit
    assert "要闻动态" in edit
    home = HomePage.objects.get()
    assert "文字待确认" in text(admin.get(f"/admin/pages/{home.pk}/"))
    assert "等" in text(admin.get("/admin/"))
    assert admin.post(f"/admin/frame-texts/{proposal.pk}/", {"act": "withdraw"}).status_code == 302
    assert waiting(factories.column()) is None
    assert "有一项文字改动待确认" not in text(admin.get(f"/admin/pages/{proposal.object_id}/edit/"))


def test_nobody_reads_proposals_of_another_site(proposal, console):
    assert console("beta_content", "beta").get(f"/admin/frame-texts/{proposal.pk}/").status_code == 404
    assert console("alpha_editor", "alpha").get(f"/admin/frame-texts/{proposal.pk}/").status_code in (403, 404)


def test_the_form_asks_for_a_reason_and_takes_it(alpha, console):
    column, admin = factories.column(), console("alpha_admin", "alpha")
    address = f"/admin/pages/{column.pk}/edit/"
    answer = admin.post(address, column_form(column, description=DOUBTFUL))
    assert "说明理由" in str(answer.context["form"].errors["frame_reason"])
    assert "--reason" not in text(answer), "the shell's words are not the console's"
    answer = admin.post(address, column_form(column, description=DOUBTFUL, frame_reason="值班电话。"))
    assert answer.status_code == 302
    assert waiting(column).reason == "值班电话。"


def test_words_that_wait_are_not_called_published(alpha, console):
    column, admin = factories.column(), console("alpha_admin", "alpha")
    address = f"/admin/pages/{column.pk}/edit/"

    def said(**changed):
        answer = admin.post(address, column_form(column, **changed), follow=True)
        return [str(message) for message in answer.context["messages"]]

    words_alone = said(title="要闻")
    assert len(words_alone) == 1 and "确认后生效" in words_alone[0] and "其他改动" not in words_alone[0]
    with_a_duty = said(title="要闻速递", responsible_unit="办公室")
    assert len(with_a_duty) == 1 and "其他改动已保存" in with_a_duty[0]
    assert "已经发布" in said(title=column.title, responsible_unit="秘书处")[0]


def test_a_new_column_is_edited_and_proposed_anew_before_anybody_confirmed(alpha, console):
    column = create_column("gonggao", title="公告", column_type="news", acting_user=factories.user("alpha_admin"))
    answer = console("alpha_admin", "alpha").post(
        f"/admin/pages/{column.pk}/edit/", column_form(column, title="公告通知")
    )
    assert answer.status_code == 302, text(answer)
    assert waiting(column).after["title"] == "公告通知"
    assert FrameProposal.objects.filter(object_id=column.pk, state="withdrawn").count() == 1
    column.refresh_from_db()
    assert not column.live


def test_a_term_is_proposed_on_its_screen_and_confirmed_in_the_console(alpha, console):
    operator = console("operator", "console")
    term = get_term("subject", "0203")
    address = reverse("vocabularies_term", args=["subject", "0203"])
    given = {"label": "新的名称", "parent": "02", "aliases": "", "note": "", "frame_reason": ""}
    assert operator.post(address, given).status_code == 302
    assert "有一项文字改动待确认" in text(operator.get(address))
    assert "文字改动待确认" in text(operator.get(reverse("vocabularies_tree", args=["subject"])))
    proposal = waiting(term)
    supervisor = console("supervisor", "console")
    assert f"/admin/frame-texts/{proposal.pk}/" in text(supervisor.get("/admin/"))
    answer = supervisor.post(
        f"/admin/frame-texts/{proposal.pk}/", {"act": "confirm", "digest": proposal.digest, "opinion": "同意。"}
    )
    assert answer.status_code == 302
    assert terms_of("subject")["0203"].label == "新的名称"


def test_the_record_of_a_site_is_proposed_on_its_screen(alpha, console):
    operator = console("operator", "console")
    address = reverse("lifecycle_site_record", args=["alpha"])
    shown = operator.get(address)
    given = {**shown.context["form"].initial, "contact": "机密★10年", "frame_reason": ""}
    given = {name: value or "" for name, value in given.items()}
    assert "contact" in operator.post(address, given).context["form"].errors
    assert operator.post(address, {**given, "contact": "电话：0871-12345678"}).status_code == 302
    assert "有一项文字改动待确认" in text(operator.get(address))
    assert Tenant.objects.get(code="alpha").contact == alpha.contact
    assert waiting(alpha).after == {"contact": "电话：0871-12345678"}
