"""Static separation of duties in the database: raw inserts are refused as well.

It carries out 《江苏省政府办公厅关于促进政府网站有序健康发展的实施意见》第二部分第（五）项.
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION public.gov_role_duty(role text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE role
    WHEN 'editor' THEN 'editing'
    WHEN 'content-reviewer' THEN 'review'
    WHEN 'confidentiality-reviewer' THEN 'review'
    WHEN 'site-admin' THEN 'administration'
    WHEN 'auditor' THEN 'audit'
  END
$$;

CREATE OR REPLACE FUNCTION public.gov_check_separation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE other text; site_kind text;
BEGIN
  -- Two grants at the same moment must see each other.
  PERFORM pg_advisory_xact_lock(hashtext('membership:' || NEW.user_id || ':' || NEW.tenant_id));
  SELECT m.role INTO other FROM public.accounts_membership m
    WHERE m.user_id = NEW.user_id AND m.tenant_id = NEW.tenant_id AND m.id IS DISTINCT FROM NEW.id
      AND public.gov_role_duty(m.role) <> public.gov_role_duty(NEW.role)
    LIMIT 1;
  IF other IS NOT NULL THEN
    RAISE EXCEPTION 'separation of duties: % and % on one site', other, NEW.role USING ERRCODE = 'GP003';
  END IF;
  IF NEW.role IN ('operator', 'supervisor') THEN
    SELECT kind INTO site_kind FROM public.tenancy_tenant WHERE id = NEW.tenant_id;
    IF site_kind IS DISTINCT FROM 'console' THEN
      RAISE EXCEPTION 'role % exists in the console only', NEW.role USING ERRCODE = 'GP003';
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER check_separation BEFORE INSERT OR UPDATE ON public.accounts_membership
  FOR EACH ROW EXECUTE FUNCTION public.gov_check_separation();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
