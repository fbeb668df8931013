from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0006_taken_out"),
    ]

    operations = [
        migrations.AddField(
            model_name="deliveredfile",
            name="headers",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=64, verbose_name="应答头的 SHA-256"
            ),
        ),
    ]
