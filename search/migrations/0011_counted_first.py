"""What hits are counted and ordered by stands first in a row, where every number has its place.

Behind words, which are as long as they are, a number is reached by walking over all of them: that was a fifth of counting a
hundred thousand hits. PostgreSQL adds columns at the end alone, so the table is written anew with its indexes; the
index over the lexemes takes most of the time, as long as a rebuild of the search does at most. Nothing is searched
meanwhile: the platform stands still while it is migrated.
"""

from django.db import migrations

FIRST = """
LOCK TABLE public.search_postgresentry IN ACCESS EXCLUSIVE MODE;
CREATE TABLE public.search_counted_first (
  id bigint NOT NULL,
  published timestamp with time zone NOT NULL,
  form bigint GENERATED ALWAYS AS (hashtextextended(kind || chr(31) || validity, year::bigint)) STORED,
  subject bigint GENERATED ALWAYS AS (hashtextextended(topic, 0)) STORED,
  office bigint GENERATED ALWAYS AS (hashtextextended(organisation, 0)) STORED,
  places bigint GENERATED ALWAYS AS (hash_array_extended(sites, 0)) STORED,
  stands bigint GENERATED ALWAYS AS (hashtextextended(columns, 0)) STORED,
  version bigint NOT NULL,
  year smallint NOT NULL,
  lexemes tsvector,
  removed_at timestamp with time zone,
  kind varchar(20) NOT NULL,
  sites bigint[] NOT NULL,
  title_key varchar(30) NOT NULL,
  topic varchar(8) NOT NULL,
  organisation varchar(120) NOT NULL,
  validity varchar(12) NOT NULL,
  columns text NOT NULL
) WITH (toast_tuple_target = 128);
ALTER TABLE public.search_counted_first ALTER COLUMN title_key SET STORAGE MAIN;
ALTER TABLE public.search_counted_first ALTER COLUMN sites SET STORAGE MAIN;
INSERT INTO public.search_counted_first
  (id, published, version, year, lexemes, removed_at, kind, sites, title_key, topic, organisation, validity, columns)
  SELECT id, published, version, year, lexemes, removed_at, kind, sites, title_key, topic, organisation, validity, columns
  FROM public.search_postgresentry ORDER BY id;
DROP TABLE public.search_postgresentry;
ALTER TABLE public.search_counted_first RENAME TO search_postgresentry;
SET LOCAL maintenance_work_mem = '256MB';
ALTER TABLE public.search_postgresentry ADD CONSTRAINT search_postgresentry_pkey PRIMARY KEY (id);
CREATE INDEX search_lexemes ON public.search_postgresentry USING gin (lexemes) WITH (fastupdate = off);
CREATE INDEX search_newest ON public.search_postgresentry (published DESC, id DESC) WHERE removed_at IS NULL;
CREATE INDEX search_titles ON public.search_postgresentry (title_key varchar_pattern_ops);
CREATE INDEX search_removed ON public.search_postgresentry (removed_at) WHERE removed_at IS NOT NULL;
ANALYZE public.search_postgresentry;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0010_shape_of_an_index"),
    ]

    operations = [
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
    ]
