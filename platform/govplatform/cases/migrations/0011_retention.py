"""When personal data of a case was removed, what holds it back, and how much was removed on which day."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0010_disclosure_requests"),
        ("tenancy", "0012_traditional_pages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField(verbose_name="理由")),
                ("at", models.DateTimeField(verbose_name="时间")),
            ],
            options={
                "verbose_name": "暂缓删除",
                "verbose_name_plural": "暂缓删除",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("holder", models.CharField(max_length=40, verbose_name="信息类别")),
                ("day", models.DateField(verbose_name="日期")),
                ("rows", models.PositiveIntegerField(verbose_name="件数")),
            ],
            options={
                "verbose_name": "到期删除",
                "verbose_name_plural": "到期删除",
                "ordering": ["-day", "holder", "site"],
            },
        ),
        migrations.AddField(
            model_name="case",
            name="erased_at",
            field=models.DateTimeField(null=True, verbose_name="个人信息删除时间"),
        ),
        migrations.AlterField(
            model_name="casestep",
            name="act",
            field=models.CharField(
                choices=[
                    ("submitted", "来信"),
                    ("accepted", "受理"),
                    ("assigned", "交办"),
                    ("taken", "接办"),
                    ("returned", "退回"),
                    ("extended", "延期"),
                    ("handed_in", "答复送审"),
                    ("given_back", "答复退回修改"),
                    ("replied", "答复"),
                    ("closed", "办结"),
                    ("looked", "查看联系方式"),
                    ("correcting", "打开更正稿"),
                    ("dropped", "不以更正答复"),
                    ("hidden", "定为不公开"),
                    ("opened", "打开附件"),
                    ("supplemented", "来信人补充"),
                    ("judged", "来信人评价"),
                    ("joined", "并案"),
                    ("parted", "撤销并案"),
                    ("abused", "按滥用办结"),
                    ("consulted", "征求意见"),
                    ("opinion", "提出意见"),
                    ("recalled", "收回征求意见"),
                    ("restored", "撤销滥用标记"),
                    ("completing", "通知补正"),
                    ("completed", "收到补正"),
                    ("asked_third", "征求第三方意见"),
                    ("heard_third", "收到第三方意见"),
                    ("charged", "通知缴费"),
                    ("paid", "收到费用"),
                    ("identified", "查看身份信息"),
                    ("letter", "下载答复书"),
                    ("delivered", "送达"),
                    ("held", "暂缓删除个人信息"),
                    ("released", "不再暂缓删除个人信息"),
                    ("erased", "个人信息到期删除"),
                ],
                max_length=12,
                verbose_name="步骤",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False), ("erased_at", None)),
                fields=["desk", "ended_at"],
                name="case_to_erase",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at", None), models.Q(("contact", None), ("text", ""), ("title", "")), _connector="OR"
                ),
                name="case_erased_is_empty",
            ),
        ),
        migrations.AddField(
            model_name="casehold",
            name="case",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="hold", to="cases.case", verbose_name="来信"
            ),
        ),
        migrations.AddField(
            model_name="casehold",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="经手人",
            ),
        ),
        migrations.AddField(
            model_name="erasure",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.tenant", verbose_name="站点"
            ),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.UniqueConstraint(fields=("holder", "site", "day"), name="case_erasure_once"),
        ),
    ]
