from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0008_frozen_into"),
    ]

    operations = [
        migrations.AddField(
            model_name="tenant",
            name="dropped_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="内容移除时间"),
        ),
    ]
