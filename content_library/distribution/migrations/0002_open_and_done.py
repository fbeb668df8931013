"""A duty says that it is done or over, and what is open is found without what is past."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pushes", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="pushtarget",
            name="target_open",
        ),
        migrations.AddField(
            model_name="pushtarget",
            name="done_at",
            field=models.DateTimeField(null=True, verbose_name="完成时间"),
        ),
        migrations.AddField(
            model_name="pushtarget",
            name="ended_at",
            field=models.DateTimeField(null=True, verbose_name="办结时间"),
        ),
        migrations.AddField(
            model_name="recall",
            name="total",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="回执数"),
        ),
        migrations.AlterField(
            model_name="recallreceipt",
            name="next_at",
            field=models.DateTimeField(default=django.utils.timezone.now, null=True, verbose_name="下次"),
        ),
        migrations.AddIndex(
            model_name="pushtarget",
            index=models.Index(
                condition=models.Q(
                    ("state__in", ["waiting", "postponed"]),
                    models.Q(("followed_up", False), ("state", "delivered")),
                    _connector="OR",
                ),
                fields=["push", "id"],
                name="target_unready",
            ),
        ),
        migrations.AddIndex(
            model_name="pushtarget",
            index=models.Index(condition=models.Q(("ended_at", None)), fields=["tenant", "due_at"], name="target_due"),
        ),
        migrations.AddIndex(
            model_name="pushtarget",
            index=models.Index(condition=models.Q(("done_at", None)), fields=["push", "due_at"], name="target_undone"),
        ),
        migrations.AddIndex(
            model_name="recallreceipt",
            index=models.Index(
                condition=models.Q(("state", "confirmed"), _negated=True),
                fields=["recall", "state"],
                name="receipt_unconfirmed",
            ),
        ),
    ]
