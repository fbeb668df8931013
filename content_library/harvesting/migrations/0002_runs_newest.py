"""The newest runs of a source, from an index."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("harvesting", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="harvestrun",
            index=models.Index(fields=["source", "-id"], name="harvest_runs_newest"),
        ),
    ]
