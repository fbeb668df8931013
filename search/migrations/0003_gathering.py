"""While an index is made anew, new lexemes are gathered and entered many at once, which takes half the time.

By the owner's right, for the application's role owns no index. When it is not made anew nothing is gathered: whoever
publishes would have to enter what others have gathered.
"""

from django.db import migrations

CREATE = """
CREATE OR REPLACE FUNCTION public.search_gather(gathering boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public SET maintenance_work_mem = '256MB' AS $$
BEGIN
  IF gathering THEN
    ALTER INDEX public.search_lexemes SET (fastupdate = on, gin_pending_list_limit = 16384);
  ELSE
    ALTER INDEX public.search_lexemes SET (fastupdate = off);
    PERFORM gin_clean_pending_list('public.search_lexemes'::regclass);
  END IF;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0002_index_beside_its_rows"),
    ]

    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION IF EXISTS public.search_gather(boolean)"),
    ]
