"""The newest repost of a site, what its editors have to look at, what was corrected or withdrawn last: from indexes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content_library", "0004_managed_disclosure"),
        ("tenancy", "0002_site_fault"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="repost",
            index=models.Index(
                condition=models.Q(("state", "live")), fields=["tenant", "-published_at"], name="repost_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="repost",
            index=models.Index(
                condition=models.Q(("pending__isnull", False)), fields=["tenant", "-updated_at"], name="repost_behind"
            ),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(
                condition=models.Q(("status__in", ["corrected", "withdrawn"])),
                fields=["status", "-updated_at", "-id"],
                name="resource_changed",
            ),
        ),
    ]
