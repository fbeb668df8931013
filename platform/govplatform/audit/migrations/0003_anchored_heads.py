"""Where each chain stood when it was last anchored; the acts on an object are found by chain."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnchoredHead",
            fields=[
                ("chain", models.CharField(max_length=63, primary_key=True, serialize=False, verbose_name="链")),
                ("number", models.BigIntegerField(verbose_name="序号")),
                ("hash", models.CharField(max_length=64, verbose_name="哈希")),
                ("at", models.DateTimeField(verbose_name="锚定时间")),
            ],
            options={
                "verbose_name": "已锚定的链头",
                "verbose_name_plural": "已锚定的链头",
            },
        ),
        migrations.RemoveIndex(
            model_name="entry",
            name="audit_object",
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["chain", "object_type", "object_id"], name="audit_chain_object"),
        ),
    ]
