from django.db import migrations, models

from tests.bench.added_field.newest import newest_migration
from tests.bench.stock.content import migrations as own


class Migration(migrations.Migration):
    dependencies = [("content", newest_migration(own))]
    operations = [
        migrations.AddField("article", "bench_note", models.CharField(max_length=40, default="", db_default="")),
    ]
