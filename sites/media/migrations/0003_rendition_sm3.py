"""The SM3 of each rendition, as it was made."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("media", "0002_cleared_files")]
    operations = [
        migrations.AddField(
            model_name="siterendition",
            name="sm3",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=64, verbose_name="SM3"
            ),
        ),
    ]
