"""A reset is of a password or of a second factor; the shell may ask for one as well."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_second_factor_ways_back")]
    operations = [
        migrations.RenameModel("SecondFactorReset", "AccountReset"),
        migrations.AlterModelOptions(
            "AccountReset",
            {"verbose_name": "账号重设", "verbose_name_plural": "账号重设", "ordering": ["-requested_at", "-pk"]},
        ),
        migrations.AddField(
            "AccountReset",
            "what",
            models.CharField(
                choices=[("second-factor", "动态口令"), ("password", "密码")],
                default="second-factor",
                max_length=20,
                verbose_name="重设的内容",
            ),
        ),
        migrations.AlterField(
            "AccountReset",
            "person",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="resets",
                to=settings.AUTH_USER_MODEL,
                verbose_name="姓名",
            ),
        ),
        migrations.AlterField(
            "AccountReset",
            "requested_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="申请人",
            ),
        ),
        migrations.RemoveConstraint("AccountReset", "one_reset_of_a_person_waits"),
        migrations.AddConstraint(
            "AccountReset",
            models.UniqueConstraint(
                condition=models.Q(("state", "waiting")), fields=("person", "what"), name="one_reset_of_a_kind_waits"
            ),
        ),
    ]
