"""Which files a source has sent. Empty at first: nobody knows what came by delivery and what by its name alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content_library", "0006_origin_stands"),
        ("harvesting", "0002_runs_newest"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeliveredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("delivered_at", models.DateTimeField(auto_now_add=True, verbose_name="送达时间")),
                (
                    "blob",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="content_library.blob",
                        verbose_name="文件",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delivered",
                        to="harvesting.harvestsource",
                        verbose_name="来源",
                    ),
                ),
            ],
            options={
                "verbose_name": "来源送达的文件",
                "verbose_name_plural": "来源送达的文件",
            },
        ),
        migrations.AddConstraint(
            model_name="deliveredfile",
            constraint=models.UniqueConstraint(fields=("source", "blob"), name="delivered_once"),
        ),
    ]
