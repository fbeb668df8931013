"""Closes the schema of a frozen site for writing, whoever asks: rights are only taken, and only there.

So a merge freezes its source when it is asked for, in a web server that does not have the owner's login. Everybody but
the owner loses the rights; three tables stay writable that hold no content (``database_roles.WRITTEN_WHILE_READING``).
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION public.gov_close_frozen(asked text) RETURNS void LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  one record;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.tenancy_tenant WHERE schema_name = asked AND frozen) THEN
    RAISE EXCEPTION 'the site with the schema % is not frozen', asked;
  END IF;
  -- Whoever writes there now has ended before anything is carried; whoever begins to waits, and is refused.
  FOR one IN SELECT relname FROM pg_class
    WHERE relnamespace = to_regnamespace(quote_ident(asked)) AND relkind IN ('r', 'p') ORDER BY relname
  LOOP
    EXECUTE format('LOCK TABLE %I.%I IN SHARE MODE', asked, one.relname);
  END LOOP;
  FOR one IN SELECT DISTINCT c.relname, c.relkind, r.rolname
    FROM pg_class c, aclexplode(c.relacl) acl JOIN pg_roles r ON r.oid = acl.grantee
    WHERE c.relnamespace = to_regnamespace(quote_ident(asked)) AND c.relkind IN ('r', 'p', 'S')
      AND acl.grantee <> c.relowner AND acl.privilege_type <> 'SELECT'
      AND c.relname NOT IN ('wagtailadmin_editingsession', 'wagtailadmin_editingsession_id_seq',
                            'wagtailcore_pagesubscription', 'wagtailcore_pagesubscription_id_seq',
                            'wagtailusers_userprofile', 'wagtailusers_userprofile_id_seq')
  LOOP
    IF one.relkind = 'S' THEN
      EXECUTE format('REVOKE USAGE, UPDATE ON SEQUENCE %I.%I FROM %I', asked, one.relname, one.rolname);
    ELSE
      EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON %I.%I FROM %I', asked, one.relname, one.rolname);
    END IF;
  END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0009_dropped_sites")]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION public.gov_close_frozen(text)")]
