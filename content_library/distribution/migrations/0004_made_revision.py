"""A delivery knows which version it made itself; what was delivered before is published under no standing clearance."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pushes", "0003_fill_open_and_done"),
    ]

    operations = [
        migrations.AddField(
            model_name="pushtarget",
            name="made_revision",
            field=models.BigIntegerField(editable=False, null=True, verbose_name="生成的版本"),
        ),
    ]
