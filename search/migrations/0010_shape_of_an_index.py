"""Which shape of documents an index was made of, and how much of a rebuild there is.

What is there has the shape 0, which no version of the platform writes: each index is made anew once, by a job.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0009_comparisons"),
    ]

    operations = [
        migrations.AddField("rebuild", "shape", models.PositiveSmallIntegerField(default=0, verbose_name="结构版本")),
        migrations.AddField("rebuild", "total", models.BigIntegerField(default=0, verbose_name="总数")),
    ]
