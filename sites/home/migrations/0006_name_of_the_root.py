"""The root of the tree is called by what it holds: 根 says nothing to whoever is no programmer."""

from django.db import migrations

RENAME = """
UPDATE wagtailcore_page SET title = '全部页面', draft_title = '全部页面' WHERE depth = 1 AND title = '根';
"""
BACK = """
UPDATE wagtailcore_page SET title = '根', draft_title = '根' WHERE depth = 1 AND title = '全部页面';
"""


class Migration(migrations.Migration):
    dependencies = [("home", "0005_writing_settings")]
    operations = [migrations.RunSQL(RENAME, BACK)]
