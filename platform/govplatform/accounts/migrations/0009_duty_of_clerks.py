"""Whoever takes in what citizens send neither answers, reviews, administers nor audits it on the same site.

The function of ``0002_separation`` with one line more.
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
    WHEN 'clerk' THEN 'intake'
  END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_clerk")]
    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
