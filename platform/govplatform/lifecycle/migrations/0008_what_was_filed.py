"""What an application asks for stays as it was filed, with its papers and decisions (decision 004).

Its state, its way through the levels and what came of it go on; papers come with the filing alone.
"""

from django.db import migrations

FUNCTIONS = """
CREATE OR REPLACE FUNCTION public.gov_keep_application() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE goes_on text[] := ARRAY['state', 'step', 'due_at', 'counted', 'carried_out_at', 'ended_at', 'reminded_of'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'application: application % is kept', OLD.id USING ERRCODE = 'GP001';
  END IF;
  IF to_jsonb(NEW) - goes_on IS DISTINCT FROM to_jsonb(OLD) - goes_on THEN
    RAISE EXCEPTION 'application: what application % asks for is kept as it was filed', OLD.id
      USING ERRCODE = 'GP001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION public.gov_check_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM public.lifecycle_siteapplication a
      WHERE a.id = NEW.application_id AND (a.step > 0 OR a.state NOT IN ('pending', 'reported'))) THEN
    RAISE EXCEPTION 'application: the papers of application % are kept as they were filed', NEW.application_id
      USING ERRCODE = 'GP001';
  END IF;
  RETURN NEW;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER gov_keep BEFORE UPDATE OR DELETE ON public.lifecycle_siteapplication
  FOR EACH ROW EXECUTE FUNCTION public.gov_keep_application();
CREATE TRIGGER gov_no_truncate BEFORE TRUNCATE ON public.lifecycle_siteapplication
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER gov_check_paper BEFORE INSERT ON public.lifecycle_applicationpaper
  FOR EACH ROW EXECUTE FUNCTION public.gov_check_paper();
CREATE TRIGGER gov_append_only BEFORE UPDATE OR DELETE ON public.lifecycle_applicationpaper
  FOR EACH ROW EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER gov_no_truncate BEFORE TRUNCATE ON public.lifecycle_applicationpaper
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER gov_append_only BEFORE UPDATE OR DELETE ON public.lifecycle_applicationdecision
  FOR EACH ROW EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER gov_no_truncate BEFORE TRUNCATE ON public.lifecycle_applicationdecision
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0007_site_dumps"), ("audit", "0002_append_only")]
    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
