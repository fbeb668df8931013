"""What a cleared page shows of its pictures and attachments does not change under it, whichever door is tried."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from wagtail.models import Collection

from govplatform.review.queries import find_gate_faults
from govplatform.review.submission.actions import withdraw_page
from sites.articles.models import Article
from sites.media.models import SiteDocument, SiteImage
from tests.factories import document, draft_article, image, publish, user

from .conftest import execute, is_live, refused

NOT_REVIEWED = "没有审过的话"
TABLES = {"image": "media_siteimage", "document": "media_sitedocument"}


@pytest.fixture
def shown(alpha, live) -> dict[str, Any]:
    """A picture and an attachment that live pages show."""
    return {"image": live("rich").picture, "document": live("paper").body[1].value["document"]}


def others_collection() -> Collection:
    return Collection.get_first_root_node().add_child(name="别处")


def stored(item: Any) -> dict[str, Any]:
    """What is stored of it, besides what is noted when somebody first asks."""
    row = type(item).objects.filter(pk=item.pk).values().get()
    return {name: value for name, value in row.items() if name not in ("file_size", "file_hash")}


def kept(item: Any) -> bool:
    """Still there as it was."""
    return stored(item) == item.before


@pytest.fixture(autouse=True)
def remembered(shown) -> None:
    for item in shown.values():
        item.before = stored(item)


def form(item: Any, **changes: Any) -> dict[str, Any]:
    values = {"title": item.title, "collection": item.collection_id, "tags": ""}
    if isinstance(item, SiteImage):
        values |= {"description": item.description, "map_number": item.map_number}
        values |= {f"focal_point_{name}": "" for name in ("x", "y", "width", "height")}
    return values | changes


def edit_address(item: Any) -> str:
    return f"/admin/images/{item.pk}/" if isinstance(item, SiteImage) else f"/admin/documents/edit/{item.pk}/"


@pytest.mark.parametrize("kind", TABLES)
def test_the_edit_form_refuses_new_words_and_names_the_pages(alpha, live, shown, console, kind):
    item, page = shown[kind], live("rich" if kind == "image" else "paper")
    words = {"description": NOT_REVIEWED} if kind == "image" else {"title": NOT_REVIEWED}
    answer = console("alpha_editor", "alpha").post(edit_address(item), form(item, **words))
    assert kept(item)
    assert answer.status_code == 200, "the form again, with the reason"
    told = answer.content.decode()
    assert page.title in told and "重新上传" in told


@pytest.mark.parametrize("kind", TABLES)
def test_the_edit_form_refuses_another_file_and_another_collection(alpha, shown, console, kind):
    item, client = shown[kind], console("alpha_editor", "alpha")
    with item.file.open("rb") as stream:
        content = stream.read()
    name = "other.jpg" if kind == "image" else "other.txt"
    client.post(edit_address(item), form(item, file=ContentFile(content + b" ", name=name)))
    assert kept(item)
    client.post(edit_address(item), form(item, collection=others_collection().pk))
    assert kept(item)


def test_the_edit_form_refuses_another_cut_of_the_picture(alpha, shown, console):
    cut = {"focal_point_x": 1, "focal_point_y": 1, "focal_point_width": 2, "focal_point_height": 2}
    console("alpha_editor", "alpha").post(edit_address(shown["image"]), form(shown["image"], **cut))
    assert kept(shown["image"])


@pytest.mark.parametrize("kind", TABLES)
def test_the_form_that_attacks_is_one_that_saves(alpha, console, kind):
    item = image(uploader="alpha_editor") if kind == "image" else document(uploader="alpha_editor")
    console("alpha_editor", "alpha").post(edit_address(item), form(item, title="别的标题"))
    assert type(item).objects.get(pk=item.pk).title == "别的标题"


@pytest.mark.parametrize("kind", TABLES)
def test_the_form_after_an_upload_refuses(alpha, shown, console, kind):
    item, client = shown[kind], console("alpha_editor", "alpha")
    item_form, folder = ("image", "images") if kind == "image" else ("doc", "documents")
    changed = {f"{item_form}-{item.pk}-{name}": value for name, value in form(item, title=NOT_REVIEWED).items()}
    client.post(f"/admin/{folder}/multiple/{item.pk}/", changed, headers={"x-requested-with": "XMLHttpRequest"})
    client.post(f"/admin/{folder}/multiple/{item.pk}/delete/", headers={"x-requested-with": "XMLHttpRequest"})
    assert kept(item)


@pytest.mark.parametrize("kind", TABLES)
def test_deleting_one_refuses_and_names_the_pages(alpha, live, shown, console, kind):
    item, page = shown[kind], live("rich" if kind == "image" else "paper")
    client = console("alpha_editor", "alpha")
    address = f"/admin/images/{item.pk}/delete/" if kind == "image" else f"/admin/documents/delete/{item.pk}/"
    answer = client.post(address)
    assert kept(item)
    assert answer.status_code == 409 and page.title in answer.content.decode()


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("action", ["delete", "add_to_collection"])
def test_bulk_forms_refuse_and_touch_nothing_else_either(alpha, live, shown, console, kind, action):
    item, page = shown[kind], live("rich" if kind == "image" else "paper")
    other = image(uploader="alpha_editor") if kind == "image" else document(uploader="alpha_editor")
    address = f"/admin/bulk/media/site{kind}/{action}/?next=/admin/&id={item.pk}&id={other.pk}"
    answer = console("alpha_editor", "alpha").post(address, {"collection": others_collection().pk})
    assert kept(item)
    assert type(other).objects.get(pk=other.pk).collection_id == other.collection_id
    assert answer.status_code == 409 and page.title in answer.content.decode()


@pytest.mark.parametrize("kind", TABLES)
def test_saving_deleting_and_updating_from_the_shell(alpha, shown, kind):
    item, model = shown[kind], type(shown[kind])
    fresh = model.objects.get(pk=item.pk)
    fresh.title = NOT_REVIEWED
    with refused("重新上传"):
        fresh.save()
    fresh = model.objects.get(pk=item.pk)
    with refused("重新上传"):
        fresh.file.save("other.jpg", ContentFile(b"other"))
    with refused("重新上传"):
        model.objects.get(pk=item.pk).delete()
    with refused("重新上传"):
        model.objects.filter(pk=item.pk).delete()
    with refused("重新上传"):
        model.objects.filter(pk=item.pk).update(title=NOT_REVIEWED)
    with refused("重新上传"):
        model.objects.bulk_update([fresh], ["title"])
    with refused():
        others = others_collection()
        others.delete()
        Collection.objects.filter(pk=item.collection_id).delete()
    assert kept(item) and find_gate_faults()[1] == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET title = 'x' WHERE id = %s", "UPDATE {} SET file = 'x' WHERE id = %s",
        "UPDATE {} SET collection_id = collection_id + 1 WHERE id = %s", "UPDATE {} SET id = id + 70000 WHERE id = %s",
        "UPDATE {} SET file_size = 1 WHERE id = %s", "UPDATE {} SET created_at = now() WHERE id = %s",
        "DELETE FROM {} WHERE id = %s", "TRUNCATE {} CASCADE",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", TABLES)
def test_raw_sql(alpha, shown, kind, statement):
    item = shown[kind]
    item.get_file_size()
    with refused():
        execute(statement.format(TABLES[kind]), [item.pk] if "%s" in statement else None)


@pytest.mark.parametrize("column", ["description", "map_number", "focal_point_x", "width"])
def test_raw_sql_on_what_pictures_alone_have(alpha, shown, column):
    with refused("gate"):
        execute(f"UPDATE media_siteimage SET {column} = '7' WHERE id = %s", [shown["image"].pk])


def test_size_and_hash_are_still_noted_when_they_are_first_asked_for(alpha):

    paper = document()
    page = publish(draft_article(body=[{"type": "attachment", "value": {"document": paper.pk, "title": "附表"}}]))
    noted = SiteDocument.objects.get(pk=paper.pk)
    assert noted.get_file_size() and noted.get_file_hash()
    assert SiteDocument.objects.get(pk=paper.pk).file_hash == noted.file_hash
    with refused("gate"):
        execute("UPDATE media_sitedocument SET file_hash = 'x' WHERE id = %s", [paper.pk])
    assert is_live(page)


def test_what_nothing_public_shows_is_its_editor_s_own(alpha, live):
    """A draft's picture may be changed, and that of a page which was withdrawn."""
    item, page = image(), live("rich")
    draft_article(picture=item)
    item.title = "改过的标题"
    item.save()
    withdraw_page(page, acting_user=user("alpha_content"), reason="内容有误。")
    former = SiteImage.objects.get(pk=page.picture_id)
    former.title = "改过的标题"
    former.save()
    assert SiteImage.objects.filter(title="改过的标题").count() == 2


def test_a_new_version_frees_the_file_that_it_no_longer_shows(alpha, live):

    page = live("rich")
    before = page.picture
    page.picture = image("另一张")
    page.save_revision(user=user("alpha_editor"))
    with refused("重新上传"):
        before.delete()
    publish(Article.objects.get(pk=page.pk))
    in_body = any(block.block_type == "image" and block.value["image"].pk == before.pk for block in page.body)
    assert not in_body, "the picture stands in the body as well: another one is wanted for this test"
    before.delete()
    assert find_gate_faults()[1] == []
