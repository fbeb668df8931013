"""Words of the frame do not go back with a site: they were corrected for a reason, and stand on every page at once."""

from typing import Any

import pytest

from govplatform.lifecycle.backups.frame_words import keep_words, words_that_stand
from govplatform.locks.holding import holding
from govplatform.review.frame.actions import change_words
from govplatform.review.frame.guard import words_are_cleared
from govplatform.tenancy.models import Tenant
from sites.home.models import HomePage
from sites.home.pictures import with_bytes
from tests import factories

pytestmark = pytest.mark.django_db
LINK = {"group": "部门", "title": "友情链接", "url": "https://www.gov.cn/"}


def test_words_of_today_stand_and_pictures_that_are_not_there_go(alpha: Any):
    image = factories.image()
    with holding():
        change_words(HomePage.objects.get(), {"links": [LINK]}, acting_user=None)
    logo = with_bytes([{"image": image.pk, "alt": "标识"}])
    with holding():
        change_words(HomePage.objects.get(), {"links": [], "logo": logo}, acting_user=None)
    today = words_that_stand()
    kind_and_number = next(key for key in today if key[0] == "home.homepage")
    # the earlier state: another link, no logo, and of the pictures none that came since
    today[kind_and_number]["logo"] = [{**logo[0], "image": image.pk + 1000}]
    with holding():
        change_words(HomePage.objects.get(), {"links": [LINK]}, acting_user=None)
        kept = keep_words(today, acting_user=None)
    home = HomePage.objects.get()
    assert kept == [f"home.homepage:{home.pk}"]
    assert (home.links, home.logo) == ([], []) and words_are_cleared(home)
    assert Tenant.objects.get(code="alpha").masthead == {}
    with holding():
        assert keep_words(words_that_stand(), acting_user=None) == []
