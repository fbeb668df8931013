from django.db import migrations, models

# What was decided without an end gets one: a year after it was approved, or proposed.
FILL = """
UPDATE public.pushes_standingclearance
   SET ends_on = (coalesce(approved_at, proposed_at) AT TIME ZONE 'Asia/Shanghai')::date + 365
 WHERE ends_on IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("pushes", "0004_made_revision")]

    operations = [
        migrations.AddField("standingclearance", "ends_on", models.DateField("最后一日", null=True)),
        migrations.AddField(
            "standingclearance",
            "opinion",
            models.TextField("批准意见", blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField("standingclearance", "checklist", models.JSONField("检查清单", default=dict)),
        migrations.AddField(
            "pushtarget",
            "standing",
            models.ForeignKey(
                "pushes.StandingClearance",
                verbose_name="常设审查决定",
                null=True,
                on_delete=models.PROTECT,
                related_name="targets",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField("standingclearance", "ends_on", models.DateField("最后一日")),
    ]
