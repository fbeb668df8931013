"""What a site puts on its home page: rows that a reviewer confirms, pictures that are public by that, days that end."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from govplatform.addresses.models import Address
from govplatform.audit.models import Entry
from govplatform.lifecycle.site_record import change_site_record
from govplatform.refusals import Refused
from govplatform.review.frame.actions import withdraw_words
from govplatform.review.frame.queries import find_frame_faults
from govplatform.tenancy.queries import get_tenant
from sites.home.actions import change_home
from sites.home.models import HomePage
from tests import factories
from tests.review.frame.frame_cases import confirm, waiting
from tests.statements import Statements

#: Some day to come, also where the run goes on over midnight.
COMING = (timezone.localdate() + timedelta(days=2)).isoformat()
LINKS = [
    {"group": "上级政府", "title": "省政府", "url": "https://www.yunjiang.gov.cn/"},
    {"group": "其他", "title": "某企业", "url": "https://www.example.com/"},
    {"group": "上级政府", "title": "国务院", "url": "https://www.gov.cn/"},
]


@pytest.fixture
def home(alpha):
    return HomePage.objects.get()


def change(home, **rows):
    return change_home(home, acting_user=factories.user("alpha_admin"), **rows)


def shown(citizen, path="/"):
    return citizen("alpha").get(path).content.decode()


def confirmed(home, **rows):
    confirm(change(home, **rows))
    return HomePage.objects.get()


def test_words_are_seen_when_they_are_confirmed_and_not_before(home, citizen):
    waits = change(home, notices=[{"title": "系统维护通知", "until": COMING}], links=LINKS)
    assert "系统维护通知" not in shown(citizen) and "友情链接" not in shown(citizen)
    confirm(waits)
    told = shown(citizen)
    assert "系统维护通知" in told
    assert re.findall(r"<h3>(.*?)</h3>", told.split("site-links")[1]) == ["上级政府", "其他"]
    outside = told.split("某企业")[1].split("</li>")[0]
    assert "外部链接" in outside and "外部链接" not in told.split("省政府")[1].split("</li>")[0]
    assert find_frame_faults(get_tenant("alpha")) == []


def test_one_list_after_the_other_is_wished_and_both_are_confirmed(home):
    change(home, notices=[{"title": "维护", "until": COMING}])
    confirm(change(home, links=LINKS[:1]))
    stored = HomePage.objects.get()
    assert [row["title"] for row in stored.notices] == ["维护"] and stored.links == LINKS[:1]


def test_a_title_that_is_edited_keeps_what_waits(home, console):
    """The edit form of the home page has its title alone; what waits of the lists goes on waiting."""
    change(home, links=LINKS[:1])
    form = {
        "title": "澄州市政府网", "slug": home.slug, "headline_page": "", "address_style": "date", "frame_reason": "",
        "action-publish": "1",
        "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "1000",
    }  # fmt: skip
    answer = console("alpha_admin", "alpha").post(f"/admin/pages/{home.pk}/edit/", form)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert set(waiting(home).after) == {"title", "links"}


def test_what_was_cleared_before_these_lists_existed_still_is(home):
    assert find_frame_faults(get_tenant("alpha")) == []
    HomePage.objects.filter(pk=home.pk).update(links=LINKS)
    (fault,) = find_frame_faults(get_tenant("alpha"))
    assert fault["fields"] == ["links"]


def test_a_notice_ends_with_its_day_and_stands_in_nobodys_way(home, citizen):
    home = confirmed(home, notices=[{"title": "维护", "until": COMING}], floating=[{"title": "征集", "until": COMING}])
    assert "维护" in shown(citizen) and "<details open" in shown(citizen)
    past = (timezone.localdate() - timedelta(days=1)).isoformat()
    rows = [{"title": "维护", "until": past}]
    HomePage.objects.filter(pk=home.pk).update(notices=rows, floating=[{"title": "征集", "until": past}])
    assert "site-notices" not in shown(citizen) and "floating-notice" not in shown(citizen)
    assert change(HomePage.objects.get(), notices=[*rows, {"title": "新的", "until": COMING}]) is not None


def test_sections_are_shown_in_their_order_and_form(home, citizen):
    factories.live_article(title="甲信息", column="notices", slug="a")
    factories.publish(factories.draft_policy(title="乙政策"))
    confirmed(home, links=LINKS)
    usual = shown(citizen)
    assert usual.index("甲信息") < usual.index("pair-title") < usual.index("site-links")
    change(home, sections=["links:folded", "policies:titles", "headline"])
    told = shown(citizen)
    assert told.index("site-links") < told.index("乙政策") < told.index("甲信息")
    assert "pair-title" not in told and '<details class="link-group">' in told
    entry = Entry.objects.filter(act="home.change").latest("pk")
    assert entry.detail["before"] == {"sections": []}
    assert entry.detail["after"] == {"sections": ["links:folded", "policies:titles", "headline"]}


def test_layout_costs_the_home_page_no_statement(home, citizen):
    def statements():
        with Statements() as found:
            citizen("alpha").get("/")
        return len(list(found))

    factories.live_article()
    statements()
    before = statements()
    confirmed(home, links=LINKS, notices=[{"title": "维护", "until": COMING}])
    change(home, sections=["links", "headline"])
    statements()
    assert statements() <= before


# --- pictures -----------------------------------------------------------------------------


def address_in(page, kind):
    found = re.search(rf'class="{kind}" src="([^"]+)"', page)
    return found[1] if found else None


def test_a_logo_is_public_by_its_confirmation_and_gone_with_the_next(home, citizen):
    picture = factories.image("徽标")
    waits = change(home, logo=[{"image": picture.pk, "alt": "澄州市徽标"}])
    assert "site-logo" not in shown(citizen)
    confirm(waits)
    address = address_in(shown(citizen), "site-logo")
    assert citizen("alpha").get(address).status_code == 200
    assert address_in(shown(citizen, "/news/"), "site-logo") == address
    assert Address.objects.get(path=address).state == Address.State.PUBLIC
    home.refresh_from_db()
    confirmed(home, logo=[])
    assert "site-logo" not in shown(citizen)
    assert citizen("alpha").get(address).status_code == 410
    assert Address.objects.get(path=address).state == Address.State.PAST


def test_a_picture_that_nobody_confirmed_has_no_public_address(home, citizen):
    picture = factories.image("徽标")
    change(home, logo=[{"image": picture.pk, "alt": "徽标"}])
    rendition = picture.get_rendition("max-480x128|format-png")
    assert citizen("alpha").get(rendition.url).status_code == 404


def test_other_bytes_than_were_seen_are_not_confirmed(home):
    picture, other = factories.image("徽标"), factories.image("别的", colour="red")
    waits = change(home, logo=[{"image": picture.pk, "alt": "徽标"}])
    with other.file.open("rb") as source, open(picture.file.path, "wb") as target:
        target.write(source.read())
    with pytest.raises(Refused, match="与提出时的不同"):
        confirm(waits)


def test_a_picture_in_use_is_neither_deleted_nor_exchanged(home):
    picture = factories.image("徽标")
    confirmed(home, logo=[{"image": picture.pk, "alt": "徽标"}])
    for touch in (picture.delete, lambda: type(picture).objects.filter(pk=picture.pk).delete()):
        with pytest.raises(Refused, match="网站设置"), transaction.atomic():
            touch()
    picture.title = "另一个名字"
    with pytest.raises(Refused, match="网站设置"):
        picture.save()


def test_a_carousel_shows_its_pictures_and_moves_nothing(home, citizen):
    rows = [{"image": factories.image(f"图{n}").pk, "title": f"第{n}张", "url": "/news/"} for n in (1, 2)]
    confirmed(home, carousel=rows)
    told = shown(citizen)
    assert told.count('class="slide"') == 2 and 'href="#slide-2"' in told
    for address in re.findall(r'<img src="(/media/[^"]+)"', told):
        assert citizen("alpha").get(address).status_code == 200
    assert "<script" not in told.split('class="carousel"')[1].split("</section>")[0]


def test_a_renamed_site_keeps_its_logo(home, citizen):
    picture = factories.image("徽标")
    confirmed(home, logo=[{"image": picture.pk, "alt": "徽标"}])
    change_site_record(get_tenant("alpha"), acting_user=None, verb="test", full_name="云江省新州市人民政府")
    address = address_in(shown(citizen), "site-logo")
    assert citizen("alpha").get(address).status_code == 200
    assert find_frame_faults(get_tenant("alpha")) == []


def test_what_was_proposed_is_taken_back(home):
    waits = change(home, links=LINKS)
    withdraw_words(waits, acting_user=factories.user("alpha_admin"))
    assert waiting(home) is None and HomePage.objects.get().links == []
