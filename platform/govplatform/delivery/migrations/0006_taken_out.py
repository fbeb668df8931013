from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0005_findings_of_nodes"),
    ]

    operations = [
        migrations.CreateModel(
            name="DownList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.BigIntegerField(default=0, verbose_name="撤下清单号")),
            ],
            options={
                "verbose_name": "撤下清单",
                "verbose_name_plural": "撤下清单",
            },
        ),
        migrations.AddField(
            model_name="sitedelivery",
            name="taken_out",
            field=models.BigIntegerField(default=0, verbose_name="先行撤下的编号"),
        ),
    ]
