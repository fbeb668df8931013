"""A page says itself from which resource its words were copied."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reposts", "0002_managed_disclosure"),
    ]

    operations = [
        migrations.AddField(
            model_name="repostpage",
            name="copied_from",
            field=models.UUIDField(blank=True, editable=False, null=True, verbose_name="复制自"),
        ),
    ]
