"""Whether a merge takes pages along that are cleared for a later day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0008_what_was_filed")]

    operations = [
        migrations.AddField(
            model_name="merge",
            name="scheduled",
            field=models.BooleanField(db_default=True, default=True, verbose_name="含待发布的信息"),
        ),
    ]
