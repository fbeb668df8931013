"""What went live before duties were marked is done; what was refused, or taken back with its page, is over."""

from django.db import migrations

TARGETS = """
UPDATE pushes_pushtarget t
   SET done_at = r.published_at,
       ended_at = coalesce(r.published_at, CASE WHEN r.state = 'withdrawn' THEN r.updated_at END)
  FROM content_library_repost r
 WHERE r.tenant_id = t.tenant_id AND r.page_id = t.page_id
   AND (r.published_at IS NOT NULL OR r.state = 'withdrawn');

UPDATE pushes_pushtarget t SET ended_at = p.requested_at
  FROM pushes_push p WHERE p.id = t.push_id AND t.state = 'refused' AND t.ended_at IS NULL;
"""

RECALLS = """
UPDATE pushes_recall r SET total = n.receipts
  FROM (SELECT recall_id, count(*) AS receipts FROM pushes_recallreceipt GROUP BY recall_id) n
 WHERE n.recall_id = r.id;

UPDATE pushes_recallreceipt q SET next_at = NULL
  FROM pushes_recall r WHERE r.id = q.recall_id AND r.restored AND q.state <> 'confirmed';
"""


class Migration(migrations.Migration):
    dependencies = [("pushes", "0002_open_and_done"), ("content_library", "0005_newest")]
    operations = [
        migrations.RunSQL(TARGETS, migrations.RunSQL.noop),
        migrations.RunSQL(RECALLS, migrations.RunSQL.noop),
    ]
