"""The last anchor names every chain: none of them has to be anchored again for being unknown here."""

from django.db import migrations

HEADS = """
INSERT INTO public.audit_anchoredhead (chain, number, hash, at)
SELECT head.key, (head.value ->> 0)::bigint, head.value ->> 1, last.at
  FROM (SELECT detail, at FROM public.audit_entry WHERE chain = 'platform' AND act = 'audit.anchor'
         ORDER BY number DESC LIMIT 1) last,
       jsonb_each(last.detail -> 'heads') head
ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_anchored_heads")]
    operations = [migrations.RunSQL(HEADS, migrations.RunSQL.noop)]
