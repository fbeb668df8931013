"""Digests name their form before their 64 digits."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("confidentiality", "0004_unfinished_scans")]

    operations = [
        migrations.AlterField(
            model_name="scan", name="digest", field=models.CharField(max_length=80, verbose_name="内容摘要")
        ),
    ]
