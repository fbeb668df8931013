"""Jobs by queue and site, for whose turn it is; and workers are told when a lock is free again.

Whoever found nothing but jobs behind a lock would otherwise look again only when its pause is over.
"""

from django.db import migrations

INDEX = """
CREATE INDEX IF NOT EXISTS tenancy_jobs_of_sites ON public.procrastinate_jobs
 (queue_name, (COALESCE(args ->> 'site', args ->> 'schema')), priority) WHERE status IN ('todo', 'doing');
"""
TRIGGER = """
CREATE OR REPLACE TRIGGER tenancy_lock_is_free AFTER UPDATE OF status ON public.procrastinate_jobs
 FOR EACH ROW WHEN (old.status = 'doing' AND new.status <> 'doing' AND old.lock IS NOT NULL)
 EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0004_state_noted"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [
        migrations.RunSQL(INDEX, "DROP INDEX IF EXISTS public.tenancy_jobs_of_sites;"),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER IF EXISTS tenancy_lock_is_free ON public.procrastinate_jobs;"),
    ]
