"""The hosts of old addresses are found without reading the addresses."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("addresses", "0002_address_draft"),
        ("tenancy", "0010_close_frozen"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="address",
            index=models.Index(
                condition=models.Q(("host", ""), _negated=True), fields=["host", "tenant"], name="address_of_old_host"
            ),
        ),
    ]
