"""What fails in a site, kept until it works again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SiteFault",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("job", models.CharField(max_length=60, verbose_name="任务")),
                ("subject", models.CharField(blank=True, max_length=60, verbose_name="事项代码")),
                ("title", models.CharField(blank=True, max_length=255, verbose_name="事项")),
                ("since", models.DateTimeField(verbose_name="开始时间")),
                ("last_at", models.DateTimeField(verbose_name="最近一次")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="已试次数")),
                ("error", models.TextField(blank=True, verbose_name="错误")),
                ("next_at", models.DateTimeField(null=True, verbose_name="下次尝试")),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="faults",
                        to="tenancy.tenant",
                        verbose_name="站点",
                    ),
                ),
            ],
            options={
                "verbose_name": "站点异常",
                "verbose_name_plural": "站点异常",
                "ordering": ["since", "pk"],
                "constraints": [models.UniqueConstraint(fields=("tenant", "job", "subject"), name="site_fault_once")],
            },
        ),
    ]
