"""Which page of a site expires next, which was published last, what is not published: from indexes.

Asked every minute on every site, on the operators' start page and on that of every editor.
Wagtail has none for them, and a site's pages are read as a whole without.
"""

from django.db import migrations

INDEXES = """
CREATE INDEX IF NOT EXISTS gov_page_expires ON wagtailcore_page (expire_at) WHERE live AND expire_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS gov_page_newest ON wagtailcore_page (last_published_at) WHERE live AND depth > 2;
CREATE INDEX IF NOT EXISTS gov_page_unpublished ON wagtailcore_page (latest_revision_created_at)
 WHERE NOT live OR has_unpublished_changes;
"""
NO_INDEXES = """
DROP INDEX IF EXISTS gov_page_expires;
DROP INDEX IF EXISTS gov_page_newest;
DROP INDEX IF EXISTS gov_page_unpublished;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0007_open_followups"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]
    operations = [migrations.RunSQL(INDEXES, NO_INDEXES)]
