"""Every schema says itself when its migrations or its roles' rights have changed."""

from django.db import migrations

TABLES = (
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "wagtailcore_groupcollectionpermission",
    "wagtailcore_grouppagepermission",
)
TRIGGERS = "\n".join(
    f"CREATE TRIGGER gov_note_state AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION public.gov_note_state();"
    for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [
        ("site_roles", "0002_views"),
        ("tenancy", "0004_state_noted"),
        ("wagtailcore", "0094_alter_page_locale"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop)]
