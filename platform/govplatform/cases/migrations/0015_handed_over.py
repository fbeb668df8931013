"""A step of a case: its desk handed it over to another one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0014_accepted_late"),
    ]

    operations = [
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
                    ("handed_over", "移交受理"),
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
    ]
