"""A code is never used again, whoever asks: terms are not deleted and keep the code they were given."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION public.gov_keep_term() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.code = OLD.code AND NEW.vocabulary = OLD.vocabulary THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'vocabulary: term % keeps its code for ever', OLD.code USING ERRCODE = 'GP002';
END $$;
"""
TRIGGER = """
CREATE TRIGGER keep_term BEFORE UPDATE OR DELETE ON public.vocabularies_term
  FOR EACH ROW EXECUTE FUNCTION public.gov_keep_term();
"""


class Migration(migrations.Migration):
    dependencies = [("vocabularies", "0002_first_terms")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION IF EXISTS public.gov_keep_term() CASCADE"),
        migrations.RunSQL(TRIGGER, migrations.RunSQL.noop),
    ]
