"""A state is said in one word everywhere: the words of the choices alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content_library", "0009_origin_stands_seldom_asked"),
    ]

    operations = [
        migrations.AlterField(
            model_name="repost",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "草稿"),
                    ("in_review", "审核中"),
                    ("live", "已发布"),
                    ("rejected", "已退回"),
                    ("withdrawn", "已撤回"),
                ],
                default="draft",
                max_length=10,
                verbose_name="状态",
            ),
        ),
    ]
