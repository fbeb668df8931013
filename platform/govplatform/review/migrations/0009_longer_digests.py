"""Digests name their form before their 64 digits."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0008_pages_by_time")]

    operations = [
        migrations.AlterField(
            model_name=model, name="digest", field=models.CharField(max_length=80, verbose_name="内容摘要")
        )
        for model in ("clearance", "decision")
    ]
