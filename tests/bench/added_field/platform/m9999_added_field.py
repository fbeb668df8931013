from django.db import migrations, models

from sites.articles import migrations as own
from tests.bench.added_field.newest import newest_migration


class Migration(migrations.Migration):
    dependencies = [("articles", newest_migration(own))]
    operations = [
        migrations.AddField("article", "bench_note", models.CharField(max_length=40, default="", db_default="")),
    ]
