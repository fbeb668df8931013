"""不得转载 is said by the page; its 索引号, given by publishing, does not change."""

from django.db import migrations, models

TRIGGERS = """
CREATE TRIGGER gov_keep_index_number BEFORE UPDATE OF index_number ON articles_article
  FOR EACH ROW EXECUTE FUNCTION public.gov_keep_index_number();
CREATE TRIGGER gov_keep_index_number BEFORE UPDATE OF index_number ON articles_topicpage
  FOR EACH ROW EXECUTE FUNCTION public.gov_keep_index_number();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0002_initial"),
        ("content_library", "0002_kept"),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="repostable",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="不勾选即“不得转载”：其他站点在信息资源库中看不到这条信息，也不能转载。",
                verbose_name="允许转载",
            ),
        ),
        migrations.AddField(
            model_name="topicpage",
            name="repostable",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="不勾选即“不得转载”：其他站点在信息资源库中看不到这条信息，也不能转载。",
                verbose_name="允许转载",
            ),
        ),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
