"""A guide, the documents it rests on and what interprets them name each other; so do an answer and its question."""

import json

import pytest
from django.test import RequestFactory
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.delivery.delivering import deliver
from govplatform.rendering.reads import ReadOf, recording
from govplatform.rendering.state import one_state
from govplatform.review.gate.digest import page_digest
from govplatform.review.queries import site_path
from govplatform.review.screens.screen import changes_between
from govplatform.review.submission.actions import withdraw_page
from govplatform.review.transfers.rewriting import rewrite, undo
from govplatform.tenancy.queries import get_tenant
from search.indexing.following import page_to_index
from sites.columns.searched_pages import page_facts
from sites.interaction.models import QuestionEntry
from sites.pages.guides_and_policies import guides_resting_on
from sites.service_guides.actions import column_of_services, import_services
from sites.service_guides.documents_named import documents_named
from sites.service_guides.models import ServiceItem
from tests.delivery.looking import delivered, out_of_date
from tests.factories import draft_interpretation, draft_policy, publish, submit, user
from tests.service_guides.test_guides import ROW, table
from tests.statements import Statements
from tests.structured.samples import draft, live
from tests.structured.test_offices import rich, sent_with
from tests.verbs import call_verb


def named(*pages):
    return [{"type": "policy", "value": page.pk, "id": f"00-{page.pk}"} for page in pages]


def down(page):
    withdraw_page(page, acting_user=user("alpha_content"), reason="测试撤回")


def test_each_names_the_others_while_they_are_public(alpha, citizen):
    policy, draft_only = publish(draft_policy(title="营商办法")), draft_policy(title="还没有发布", slug="later")
    explained = publish(draft_interpretation(policy, title="一图读懂"))
    guide = live(ServiceItem, title="企业开办", policies=named(draft_only, policy))
    draft(ServiceItem, slug="not-yet", title="还没有发布的指南", policies=named(policy))
    reader = citizen("alpha")

    def shown(page):
        return reader.get(site_path(page)).content.decode()

    html = shown(guide)
    assert site_path(policy) in html and "澄政发〔2026〕3号" in html and site_path(explained) in html
    assert "还没有发布" not in html
    for page in (policy, explained):
        html = shown(page)
        assert "相关办事指南" in html and site_path(guide) in html and "还没有发布" not in html
    down(explained)
    html = shown(guide)
    assert site_path(explained) not in html and site_path(policy) in html
    down(guide)
    assert "相关办事指南" not in shown(policy)
    other = live(ServiceItem, slug="other", title="注销登记", policies=named(policy))
    assert site_path(other) in shown(policy)
    down(policy)
    html = shown(other)
    assert "政策文件和解读" not in html and site_path(policy) not in html


def test_a_document_that_is_not_in_force_says_so_on_the_guide(alpha, citizen):
    policy = publish(draft_policy(validity="repealed", validity_note="由新办法代替。"))
    guide = live(ServiceItem, policies=named(policy))
    assert "badge-repealed" in citizen("alpha").get(site_path(guide)).content.decode()


def test_guides_cost_one_statement_however_many(alpha):
    policy = publish(draft_policy())
    for number in range(3):
        live(ServiceItem, slug=f"guide-{number}", policies=named(policy))
    with Statements() as captured, recording() as reads:
        assert len(guides_resting_on(policy.pk)) == 3
    assert len(captured) == 1
    assert len([key for kind, key in reads if kind == ReadOf.PAGE]) == 3
    ServiceItem.objects.update(policies=[])
    with one_state(), Statements() as captured:
        assert guides_resting_on(policy.pk) == guides_resting_on(policy.pk + 1) == []
    assert len(captured) == 1


def test_what_was_cleared_before_stays_cleared_and_a_document_counts(alpha):
    policy, other = draft_policy(), draft_policy(slug="other")
    page = draft(ServiceItem)
    before = page_digest(page)
    kept = page.get_latest_revision()
    del kept.content["policies"]
    assert page_digest(kept.as_object()) == before
    page.policies = named(policy)
    assert page_digest(page) != before
    page.save_revision(user=user("alpha_editor"))
    assert page_digest(page.get_latest_revision_as_object()) == page_digest(page)
    request = RequestFactory().get("/")
    request.user = user("alpha_editor")
    after = page.get_latest_revision_as_object()
    after.policies = named(other)
    [changed] = changes_between(page, page.get_latest_revision_as_object(), after, request)
    assert str(changed.field_label()) == "所依据的政策文件" and other.title in str(changed.htmldiff())
    copied = page.copy(update_attrs={"slug": "copied"}, keep_live=False, user=user("alpha_editor"))
    assert copied.specific.named_on() == [policy.pk]


def test_a_merge_leads_to_the_document_as_it_is_there(alpha):
    page = draft(ServiceItem, policies=named(draft_policy()))
    content = page.serializable_data()

    class Elsewhere:
        def slug(self, slug):
            return slug

        def number(self, model, number):
            return number + 5_000 if issubclass(model, Page) else number

        def tag(self, tag):
            return tag

    there, trail = rewrite(ServiceItem, content, Elsewhere())
    [block] = json.loads(there["policies"])
    assert block["value"] == page.named_on()[0] + 5_000
    back = undo(ServiceItem, there, trail)
    assert json.loads(back["policies"]) == json.loads(content["policies"])


def test_whoever_reviews_reads_which_documents_are_named(alpha, console):
    policies = publish(draft_policy(title="营商办法")), draft_policy(title="另一办法", slug="other")
    page = draft(ServiceItem, policies=named(*policies))
    submit(page)
    screen = console("alpha_content", "alpha").get(f"/admin/review/{page.pk}/").content.decode()
    assert "营商办法、另一办法（尚未公开）" in screen


def test_it_is_chosen_in_the_editor(alpha, console):
    policy, article = draft_policy(), draft(ServiceItem, slug="no-document")
    page = draft(ServiceItem)
    editor, address = console("alpha_editor", "alpha"), f"/admin/pages/{page.pk}/edit/"
    block = {"type": "policy", "order": "0", "deleted": "", "id": "0000-policies"}
    chosen = {
        "policies-count": "1",
        "materials-count": "0",
        "steps-count": "0",
        **{f"policies-0-{key}": value for key, value in block.items()},
    }
    texts = {name: rich("写了半天的话。") for name in ServiceItem.SECTIONS}
    html, sent = sent_with(editor, address, title="食品经营许可", organisation="市监局", for_whom="both", **texts)
    assert "所依据的政策文件" in html
    for number, kept in ((str(policy.pk), [policy.pk]), (str(article.pk), []), ("", [])):
        editor.post(address, {**sent, **chosen, "policies-0-value": number})
        page = ServiceItem.objects.get(pk=page.pk).get_latest_revision_as_object()
        assert page.named_on() == kept
        said = [str(one) for one in page.reasons_against_submitting()]
        assert any("请选择政策文件，或者删去这一块。" in one for one in said) is not bool(kept), said


@pytest.mark.parametrize(
    ("text", "pages", "others"),
    [
        ("根据澄政发〔2026〕3号第五条", [7], []),
        ("《办法》（澄政发(2026) 3号）、澄政发[2026]3号", [7], []),
        ("政发〔2026〕3号、南澄政发〔2026〕3号", [], ["政发〔2026〕3号", "南澄政发〔2026〕3号"]),
        ("国发〔2019〕8号；澄政发2026年第4号", [8], ["国发〔2019〕8号"]),
        ("食品安全法第三十五条", [], []),
    ],
)
def test_numbers_in_a_basis(text, pages, others):
    assert documents_named(text, {"澄政发2026:3": 7, "澄政发2026:4": 8}) == (pages, others)


def test_a_table_links_the_documents_that_are_found(alpha, console, tmp_path):
    policy = publish(draft_policy())
    draft_policy(slug="draft", document_number="澄政发〔2026〕9号")
    rows = [
        {**ROW, "basis": "根据澄政发[2026]3号和澄政发〔2026〕9号。"},
        {**ROW, "item_code": "2", "title": "无文号"},
    ]
    path = table(tmp_path / "t.xlsx", *rows)
    brought = import_services(path, "t.xlsx", column=column_of_services(), acting_user=user("alpha_editor"))
    linked, plain = (page for _line, page in brought.items)
    assert (linked.named_on(), plain.named_on()) == ([policy.pk], [])
    assert ServiceItem.objects.get(pk=linked.pk).get_latest_revision_as_object().named_on() == [policy.pk]
    [(line, title, numbers)] = brought.unlinked
    assert (line, title, len(numbers)) == (2, "失业保险金申领", 1) and "澄政发〔2026〕9号" in numbers[0]
    assert linked.verb_facts() == {"policies": [policy.pk]}
    again = table(tmp_path / "again.xlsx", {**rows[0], "item_code": "3", "title": "又一项"})
    with again.open("rb") as file:
        sent = {"column": column_of_services().pk, "file": file}
        said = console("alpha_editor", "alpha").post("/admin/services/import/", sent).content.decode()
    assert "设定依据里没有链接的文号" in said and "澄政发〔2026〕9号" in said


def test_the_search_groups_a_guide_with_its_document(alpha):
    policy = publish(draft_policy())
    guide = live(ServiceItem, policies=named(policy))
    assert page_facts([guide.pk])[guide.pk].about == (policy.pk,)
    assert page_to_index(guide)


@pytest.fixture
def files(live, db, settings, tmp_path):
    settings.WHITENOISE_USE_FINDERS = True
    settings.DELIVERY_ROOT = tmp_path / "delivery"
    return get_tenant("alpha")


def test_files_follow(files):
    site = files

    def lies(page):
        return (delivered(site, site_path(page)) or b"").decode()

    def after():
        deliver(site)
        return out_of_date(site)

    with tenant_context(site):
        policy, other = publish(draft_policy()), publish(draft_policy(slug="other", title="另一个办法"))
        explained = publish(draft_interpretation(policy))
    deliver(site)
    with tenant_context(site):
        guide = live(ServiceItem, policies=named(policy))
    assert after() == []
    assert site_path(guide) in lies(policy) and site_path(guide) in lies(explained)
    with tenant_context(site):
        # It rests on another document from now on.
        guide.policies = named(other)
        guide.save_revision(user=user("alpha_editor"))
        guide = publish(guide)
    deliver(site)
    assert site_path(guide) not in lies(policy) and site_path(guide) not in lies(explained)
    assert site_path(guide) in lies(other) and site_path(explained) not in lies(guide)
    with tenant_context(site):
        again = publish(draft_interpretation(other, slug="again", title="再解读"))
    deliver(site)
    assert site_path(again) in lies(guide) and site_path(guide) in lies(again)
    with tenant_context(site):
        entry = live(QuestionEntry, about=again)
    deliver(site)
    assert site_path(entry) in lies(again) and site_path(again) in lies(entry)
    with tenant_context(site):
        down(other)
    deliver(site)
    assert site_path(other) not in lies(guide) and site_path(guide) not in lies(again)
    with tenant_context(site):
        down(guide)
    assert after() == []


def test_the_verb_says_what_was_linked(alpha, tmp_path):
    publish(draft_policy())
    path = table(tmp_path / "t.xlsx", {**ROW, "basis": "澄政发〔2026〕3号、国发〔2019〕8号"})
    done = call_verb("services", "import", str(path), "--site", "alpha", "--as", "alpha_editor", "--json")
    said = json.loads(done.stdout)
    assert len(said["items"][0]["policies"]) == 1 and said["unlinked"][0]["numbers"] == ["国发〔2019〕8号"]
