"""A new term waits until a second person has confirmed its words."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("vocabularies", "0003_codes_stay"),
    ]

    operations = [
        migrations.AlterField(
            model_name="term",
            name="status",
            field=models.CharField(
                choices=[("active", "使用中"), ("retired", "已停用"), ("waiting", "待确认")],
                default="active",
                max_length=8,
                verbose_name="状态",
            ),
        ),
    ]
