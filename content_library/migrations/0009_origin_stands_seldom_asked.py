"""What the planner takes ``content_library_origin_stands`` to cost: it is asked of copies alone, one row in hundreds.

By its own guess, a hundred times an operator for every row, a list that two rows in five belong to was put together
from the index of terms (100 ms at a million rows) in place of reading rows until there are enough (10 ms).
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("content_library", "0008_versions_name_their_site"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION public.content_library_origin_stands(uuid) COST 1",
            "ALTER FUNCTION public.content_library_origin_stands(uuid) COST 100",
        ),
    ]
