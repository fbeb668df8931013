"""Rows of the index are small and their lexemes lie beside them: counting hits reads the rows alone.

A page of rows is read for each hit that is counted, so a row that holds its own lexemes costs twenty times as much.
"""

from django.db import migrations

SET = """
ALTER TABLE public.search_postgresentry SET (toast_tuple_target = 128);
ALTER TABLE public.search_postgresentry ALTER COLUMN title_key SET STORAGE MAIN;
ALTER TABLE public.search_postgresentry ALTER COLUMN sites SET STORAGE MAIN;
"""
UNSET = """
ALTER TABLE public.search_postgresentry RESET (toast_tuple_target);
ALTER TABLE public.search_postgresentry ALTER COLUMN title_key SET STORAGE EXTENDED;
ALTER TABLE public.search_postgresentry ALTER COLUMN sites SET STORAGE EXTENDED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(SET, UNSET),
    ]
