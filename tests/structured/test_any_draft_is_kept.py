"""Every field of every kind of page filled in wrongly: the draft is kept, and each fault stands against 送审 alone."""

from html import unescape
from typing import Any

import pytest
from django import forms
from django.utils import timezone
from django.utils.html import escape
from wagtail.blocks.base import BlockField

from content_library.vocabularies.widgets import TermField
from govplatform.refusals import Refused
from govplatform.review.submission.actions import submit_for_review
from sites.articles.models import Article, TopicPage
from sites.disclosure.figures import FiguresFormField
from sites.pages.content_page import content_models
from sites.policies.models import Interpretation, PolicyDocument
from sites.reposts.models import RepostPage
from tests import factories
from tests.structured.samples import SAMPLES, draft
from tests.structured.test_offices import rich, sent_with

PLAIN = {Article: "news", TopicPage: "news", PolicyDocument: "policies", Interpretation: "policies"}
#: Of nobody's making: its words are the source's, its form has its times and its address alone.
REPOSTS = {RepostPage}
BY_ITSELF = {"HTTP_ACCEPT": "application/json"}


def wrongly(name: str, field: Any) -> dict[str, str]:
    """What a browser sends for a field when something is typed in it that it cannot take; {} where nothing can be."""
    if isinstance(field, FiguresFormField):
        return {f"{name}-requests.new.person": "五件", f"{name}-fees.fee.collected": "1.005"}
    if isinstance(field, BlockField):
        kind = next(iter(field.block.child_blocks))
        long = {"level": "2", "kind": "columns", "table-grid": "{}", "people": "-5"}
        long |= dict.fromkeys(("text", "title", "name", "alt"), "长" * 300)
        block = {"type": kind, "order": "0", "deleted": "", "id": f"0000-{name}"}
        return {
            f"{name}-count": "1",
            **{f"{name}-0-{key}": value for key, value in block.items()},
            **{f"{name}-0-value-{key}": value for key, value in long.items()},
        }
    if isinstance(field, forms.DateField | forms.DateTimeField):
        return {name: "2026-13-45"}
    if isinstance(field, forms.IntegerField):
        return {name: "-5"}
    if isinstance(field, forms.ModelChoiceField):
        return {name: "999999"}
    if isinstance(field, forms.ChoiceField | TermField):
        return {name: "nonsense"}
    if name == "slug":
        return {name: "不是 网址"}
    if isinstance(field, forms.CharField) and field.max_length:
        return {name: "长" * (field.max_length + 1)}
    return {}


def a_draft(model: Any) -> Any:
    return draft(model) if model in SAMPLES else factories.draft_page(model, PLAIN[model], "alpha_editor")


def form_of(page: Any) -> Any:
    return type(page).get_edit_handler().get_form_class()(instance=page, for_user=factories.user("alpha_editor"))


def test_every_kind_is_tried() -> None:
    assert {*SAMPLES, *PLAIN} == set(content_models()) - REPOSTS


@pytest.mark.parametrize("model", [*SAMPLES, *PLAIN])
def test_whatever_is_typed_is_kept_and_told_by_its_field(alpha, console, model):
    page = a_draft(model)
    editor, address = console("alpha_editor", "alpha"), f"/admin/pages/{page.pk}/edit/"
    fields = form_of(page).fields
    wrong = {name: sent for name, field in fields.items() if (sent := wrongly(name, field))}
    texts = {name: rich("写了半天的话。") for name in getattr(model, "SECTIONS", ())}
    _html, sent = sent_with(editor, address, title="标题", **texts)
    answer = editor.post(address, {**sent, **{k: v for typed in wrong.values() for k, v in typed.items()}}, **BY_ITSELF)
    assert answer.json()["success"] is True, answer.content.decode()

    page = model.objects.get(pk=page.pk)
    kept = page.get_latest_revision_as_object()
    assert set(kept.left_as_typed) == set(wrong)
    assert all("写了半天的话" in getattr(kept, name) for name in texts)
    html = editor.get(address).content.decode()
    for name, typed in wrong.items():
        told = [said for said, _at in kept.left_as_typed[name]["said"]]
        assert told, name
        assert all(escape(said) in html or said.startswith("第 ") for said in told), name
        if isinstance(fields[name], forms.DateField | forms.IntegerField | FiguresFormField):
            assert all(f'value="{value}"' in html for value in typed.values()), name
    with pytest.raises(Refused) as refused:
        submit_for_review(page, acting_user=factories.user("alpha_editor"))
    places = {getattr(reason, "at", "") for reason in refused.value.reasons}
    assert {name if not isinstance(fields[name], BlockField) else f"0000-{name}" for name in wrong} <= places


def test_what_is_put_right_is_told_no_more(alpha, console):
    page = a_draft(PolicyDocument)
    editor, address = console("alpha_editor", "alpha"), f"/admin/pages/{page.pk}/edit/"
    _html, sent = sent_with(editor, address, title="标题", validity="in_force", issued_on="三月二日")
    editor.post(address, sent)
    assert "“成文日期”里填的还不能用" in editor.get(address).content.decode()
    editor.post(address, {**sent, "issued_on": "2026-03-02"})
    page = PolicyDocument.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert str(page.issued_on) == "2026-03-02"
    assert not page.left_as_typed


@pytest.mark.parametrize("typed", ["2026-3-2", "2026年3月2日", "2026/03/02", "2026.3.2"])
def test_a_date_is_read_as_people_write_it(alpha, console, typed):
    page = a_draft(PolicyDocument)
    editor, address = console("alpha_editor", "alpha"), f"/admin/pages/{page.pk}/edit/"
    html, sent = sent_with(editor, address, title="标题", validity="in_force", issued_on=typed)
    # Else the calendar puts today's date in place of what it cannot read.
    assert unescape(html).count('"validateOnBlur": false') >= 3
    editor.post(address, {**sent, "expire_at": f"{typed.replace('2026', '2099')} 18:30"})
    kept = PolicyDocument.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert str(kept.issued_on) == "2026-03-02"
    assert timezone.localtime(kept.expire_at).isoformat()[:16] == "2099-03-02T18:30"


@pytest.mark.parametrize("model", [*(model for model in SAMPLES if model.is_creatable), *PLAIN])
def test_a_new_page_with_everything_wrong_is_kept_too(alpha, console, model):
    page = a_draft(model)
    column = page.get_parent()
    wrong: dict[str, str] = {}
    for name, field in form_of(page).fields.items():
        wrong |= wrongly(name, field)
    editor = console("alpha_editor", "alpha")
    address = f"/admin/pages/add/{model._meta.app_label}/{model._meta.model_name}/{column.pk}/"
    texts = {name: rich("写了半天的话。") for name in getattr(model, "SECTIONS", ())}
    _html, sent = sent_with(editor, address, **texts)
    answer = editor.post(address, {**sent, **wrong}, **BY_ITSELF)
    assert answer.json()["success"] is True, answer.content.decode()
    made = model.objects.exclude(pk=page.pk).get()
    assert made.title == "（还没有标题）"
    assert made.slug


def test_what_saves_itself_is_called_paused_only_when_saving_failed(alpha, console):
    html = console("alpha_editor", "alpha").get(f"/admin/pages/{a_draft(Article).pk}/edit/").content.decode()
    assert "w-autosave:error@document-&gt;w-messages#add" in html.replace("->", "-&gt;")
    assert "w-unsaved:add@document->w-messages#add" not in html
