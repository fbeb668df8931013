"""The gate lets a draft be of another kind of content, and nothing else."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, transaction
from wagtail.models import Page

from sites.articles.models import Article
from sites.columns.models import Column
from sites.policies.models import PolicyDocument
from tests import factories


def turned(page, model):
    """Write the kind past the platform, as SQL does it."""
    with transaction.atomic():
        Page.objects.filter(pk=page.pk).update(content_type=ContentType.objects.get_for_model(model))


def test_only_drafts_that_were_never_cleared_become_another_kind_of_content(alpha, subtests):
    turned(factories.draft_article(), PolicyDocument)
    withdrawn = factories.live_article()
    scheduled = factories.draft_article(go_live_at="2099-01-01T00:00:00+00:00")
    factories.submit(scheduled)
    factories.approve(scheduled, "alpha_content")
    factories.approve(scheduled, "alpha_secret")
    cases = {
        "live": (factories.live_article(), PolicyDocument),
        "cleared for later": (scheduled, PolicyDocument),
        "a draft into the frame": (factories.draft_article(), Column),
        "the frame into content": (factories.column(), Article),
        "public once": (withdrawn, PolicyDocument),
    }
    from govplatform.review.submission.actions import withdraw_page

    withdraw_page(withdrawn, acting_user=factories.user("alpha_content"), reason="来源有误。")
    for words, (page, model) in cases.items():
        with subtests.test(words), pytest.raises(DatabaseError, match="may not change its kind"):
            turned(page, model)
