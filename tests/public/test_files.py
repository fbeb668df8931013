"""Images and attachments: only those of live, cleared pages, and harmless in a browser."""

import io
import re
from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from django_tenants.utils import tenant_context
from PIL import Image

from content_library.resources.record_faults import find_record_faults
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from sites.media.models import SiteImage
from tests import factories
from tests.factories import user
from tests.public import contents


def attachment(name: str, content: bytes = b"test") -> tuple[str, list]:
    """Address of a new document, and a body that shows it."""
    item = factories.document(content, name, uploader="alpha_editor")
    return f"/documents/{item.pk}/{item.filename}", [{"type": "attachment", "value": {"document": item.pk}}]


def address_of(page) -> str:
    """Of the attachment that a live page shows."""
    item = next(block.value["document"] for block in page.body if block.block_type == "attachment")
    return f"/documents/{item.pk}/{item.filename}"


def test_an_attachment_of_a_live_page_comes_as_a_download(visit, alpha):
    stored = contents.small_pdf()
    address, body = attachment("岗位表.pdf", stored)
    page = factories.live_article(body=body)
    response = visit(address)
    assert response.status_code == 200
    assert response.whole == stored
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%B2%97")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert not response.cookies
    assert quote(address) in visit(site_path(page)).content.decode()


def test_what_a_browser_would_run_comes_as_bytes(visit, alpha):
    names = ("page.html", "drawing.svg", "data.xml", "script.js")
    stored = [attachment(name, b"<script>alert(1)</script>") for name in names]
    factories.live_article(body=[block for _address, body in stored for block in body])
    for address, _body in stored:
        response = visit(address)
        assert response.status_code == 200, address
        assert response.headers["Content-Type"] == "application/octet-stream", address
        assert response.headers["Content-Disposition"].startswith("attachment"), address


def test_a_picture_comes_in_place(visit, read, live):
    pictures = {path for path in read(site_path(live("rich"))).pictures if path.startswith("/media/")}
    assert len(pictures) >= 6
    for path in pictures:
        response = visit(path)
        assert response.status_code == 200, path
        assert response.headers["Content-Type"] in ("image/jpeg", "image/webp")
        assert response.headers["Content-Disposition"].startswith("inline")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"].startswith("sandbox")


def test_a_file_not_changed_is_not_sent_twice(visit, live):
    address = address_of(live("paper"))
    first = visit(address)
    assert visit(address, if_none_match=first.headers["ETag"]).status_code == 304
    assert visit(address, if_modified_since=first.headers["Last-Modified"]).status_code == 304


def test_the_file_of_a_draft_has_no_address(visit, alpha):
    address, body = attachment("draft.pdf")
    page = factories.draft_article(body=body)
    assert visit(address).status_code == 404
    factories.submit(page)
    factories.approve(page, "alpha_content")
    assert visit(address).status_code == 404


def test_the_file_of_a_scheduled_page_waits_with_it(visit, alpha):
    address, body = attachment("scheduled.pdf")
    page = factories.draft_article(body=body, go_live_at=timezone.now() + timezone.timedelta(days=2))
    factories.publish(page)
    assert visit(address).status_code == 404


def test_the_file_of_a_scheduled_new_version_waits_with_it(visit, alpha):
    old, body = attachment("old.pdf")
    page = factories.live_article(body=body)
    new, body = attachment("new.pdf")
    page.body = body
    page.go_live_at = timezone.now() + timezone.timedelta(days=2)
    page.save_revision(user=user("alpha_editor"))
    factories.publish(page)
    assert visit(old).status_code == 200
    assert visit(new).status_code == 404


def test_a_withdrawn_page_takes_its_files_with_it(visit, read, live):
    page = live("rich")
    taken = read(site_path(page))
    files = [path for path in taken.pictures + taken.links if path.startswith(("/media/", "/documents/"))]
    assert all(visit(path).status_code == 200 for path in files)
    withdraw_page(page, acting_user=user("alpha_content"), reason="来源有误。")
    assert {visit(path).status_code for path in files} == {410}


def test_a_file_removed_by_a_new_version_is_gone(visit, live):
    page = live("paper")
    address = address_of(page)
    assert visit(address).status_code == 200
    page.body = [{"type": "rich_text", "value": "<p>不再附表。</p>"}]
    page.save_revision(user=user("alpha_editor"))
    factories.publish(page)
    assert visit(address).status_code == 410


def test_a_file_has_one_name_and_one_site(visit, live):
    address = address_of(live("paper"))
    assert visit(address).status_code == 200
    assert visit(address.replace(".txt", "2.txt")).status_code == 404
    assert visit(address, site="beta").status_code == 404


def test_an_original_of_a_picture_has_no_address(visit, live):
    assert visit(f"/media/site_alpha/{live('rich').picture.file.name}").status_code == 404


def test_pictures_of_a_text_come_in_two_widths_and_the_library_keeps_its_one(alpha, citizen, live):
    page = live("rich")
    html = citizen("alpha").get(site_path(page)).content.decode().split('class="prose')[1]
    tag = html.split("<picture>")[1].split("</picture>")[0]
    assert re.search(r'srcset="[^"]+ \d+w, [^"]+ 400w"', tag) and 'sizes="(min-width: 48em) 720px, 100vw"' in tag
    for address in re.findall(r"(/media/\S+) \d+w", tag):
        assert citizen("alpha").get(address).status_code == 200
    # What reviewers of other sites cleared is the digest of this.
    assert "400w" not in live.resource("rich").current.html
    with tenant_context(alpha):
        assert find_record_faults(alpha)[1] == []


@pytest.mark.parametrize(("mode", "ending", "size"), [("I;16", "PNG", (900, 400)), ("CMYK", "JPEG", (9000, 1))])
def test_odd_pictures_are_shown_in_all_sizes(visit, read, alpha, mode, ending, size):
    stream = io.BytesIO()
    Image.new(mode, size, 40_000 if mode == "I;16" else 0).save(stream, ending)
    file = ContentFile(stream.getvalue(), name=f"odd.{ending.lower()}")
    picture = SiteImage.objects.create(title="图", file=file, uploaded_by_user=user("alpha_editor"))
    body = [{"type": "image", "value": {"image": picture.pk, "alt": "现场", "caption": "", "decorative": False}}]
    shown = read(site_path(factories.live_article(body=body, picture=picture))).pictures
    widths = {path: visit(path) for path in shown if "/odd" in path}
    assert len(widths) >= 4 and {answer.status_code for answer in widths.values()} == {200}
    small = next(answer.whole for path, answer in widths.items() if "width-400.jpg" in path)
    with Image.open(io.BytesIO(small)) as pixels:
        assert pixels.width == 400
        # The upper eight of sixteen bits: what was grey is not white.
        assert mode != "I;16" or abs(pixels.convert("L").getpixel((0, 0)) - 156) < 4
