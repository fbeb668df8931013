"""Pieces that pages share: the same markup for the same values, and for nobody else's."""

from typing import Any

import pytest
from django.core.cache import caches
from django.template import engines
from django_tenants.utils import tenant_context

from govplatform.tenancy.queries import get_tenant

MASTHEAD = '{% load pieces %}{% piece "layout/masthead.html" full_name=name search_url="/search/" %}'


def drawn(source: str, **context: Any) -> str:
    return str(engines["django"].from_string(source).render(context))


def test_a_piece_is_what_including_it_gives(db: None):
    included = '{% include "layout/masthead.html" with full_name=name search_url="/search/" only %}'
    for name in ("云江市", "<b>云江</b>", "云江市"):
        assert drawn(MASTHEAD, name=name) == drawn(included, name=name)


def test_a_piece_knows_what_stands_in_its_tag_alone(db: None):
    assert drawn(MASTHEAD, name="甲", asked="words of a reader") == drawn(MASTHEAD, name="甲")
    assert "甲" not in drawn(MASTHEAD, name="乙")


def test_sites_share_no_piece_and_themes_differ(db: None, settings: Any):
    caches["pieces"].clear()
    kept = caches["pieces"]._cache  # type: ignore[attr-defined]
    counts = []
    for code in ("alpha", "beta", "alpha"):
        with tenant_context(get_tenant(code)):
            drawn(MASTHEAD, name="同名")
        counts.append(len(kept))
    assert counts == [1, 2, 2]


def test_what_may_change_behind_its_key_is_no_value(db: None):
    with pytest.raises(TypeError, match="Tenant"):
        drawn(MASTHEAD, name=get_tenant("alpha"))
