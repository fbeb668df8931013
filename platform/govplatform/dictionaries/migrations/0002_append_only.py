"""What happened to a word is added to, never changed (decision 004)."""

from django.db import migrations

TRIGGERS = """
CREATE TRIGGER gov_append_only BEFORE UPDATE OR DELETE ON public.dictionaries_wordchange
  FOR EACH ROW EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER gov_no_truncate BEFORE TRUNCATE ON public.dictionaries_wordchange
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("dictionaries", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop)]
