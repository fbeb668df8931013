"""A state is said in one word everywhere: the words of the choices alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("addresses", "0003_old_hosts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="address",
            name="ending",
            field=models.CharField(
                blank=True,
                choices=[
                    ("moved", "已迁至新网址"),
                    ("withdrawn", "已撤回"),
                    ("expired", "已到期"),
                    ("replaced", "已由新版本代替"),
                    ("closed", "网站已关停"),
                    ("by_hand", "人工设定"),
                ],
                default="",
                max_length=10,
                verbose_name="不再公开的原因",
            ),
        ),
    ]
