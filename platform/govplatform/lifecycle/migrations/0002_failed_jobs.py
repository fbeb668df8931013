"""Jobs that failed, by site: the operators' start page counts them without reading those that did not."""

from django.db import migrations

INDEX = """
CREATE INDEX IF NOT EXISTS lifecycle_failed_jobs ON public.procrastinate_jobs ((args ->> 'schema'))
 WHERE status = 'failed';
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0001_initial"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [migrations.RunSQL(INDEX, "DROP INDEX IF EXISTS public.lifecycle_failed_jobs;")]
