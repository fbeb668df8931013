"""A state is said in one word everywhere: the words of the choices alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pushes", "0007_homeproposal"),
    ]

    operations = [
        migrations.AlterField(
            model_name="recallreceipt",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "等待撤回"),
                    ("taken_down", "已撤回，待核对"),
                    ("confirmed", "已确认"),
                    ("failed", "未成功，将重试"),
                    ("offline", "站点未运行，恢复后核对"),
                ],
                default="waiting",
                max_length=10,
                verbose_name="状态",
            ),
        ),
    ]
