from django.db import migrations, models


class Migration(migrations.Migration):
    """Since when a site can only be read, and where its content goes."""

    dependencies = [("tenancy", "0007_frozen_sites")]

    operations = [
        migrations.AddField(
            model_name="tenant",
            name="frozen_since",
            field=models.DateTimeField(blank=True, null=True, verbose_name="只读起始时间"),
        ),
        migrations.AddField(
            model_name="tenant",
            name="frozen_into",
            field=models.CharField(blank=True, db_default="", default="", max_length=100, verbose_name="内容去处"),
        ),
    ]
