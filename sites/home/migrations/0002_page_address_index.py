from django.db import migrations


class Migration(migrations.Migration):
    """Citizens' pages are found by their address, which Wagtail does not index; hashed: addresses may be long."""

    dependencies = [
        ("home", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS wagtailcore_page_address ON wagtailcore_page USING hash (url_path)",
            "DROP INDEX IF EXISTS wagtailcore_page_address",
        ),
    ]
