"""Which page of a site expires next and which was published last: from indexes, every minute and on every site.

Wagtail has none for them, and a site's pages are read as a whole without.
"""

from django.db import migrations

INDEXES = """
CREATE INDEX IF NOT EXISTS gov_page_expires ON wagtailcore_page (expire_at) WHERE live AND expire_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS gov_page_newest ON wagtailcore_page (last_published_at) WHERE live AND depth > 2;
"""
NO_INDEXES = """
DROP INDEX IF EXISTS gov_page_expires;
DROP INDEX IF EXISTS gov_page_newest;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0007_open_followups"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]
    operations = [migrations.RunSQL(INDEXES, NO_INDEXES)]
