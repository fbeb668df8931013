"""The two views. The schema's own name is written into the first: a site sees its own people."""

from django.db import migrations


def create_views(apps, schema_editor):
    schema = schema_editor.connection.schema_name
    if schema == "public":
        return
    schema_editor.execute(
        "CREATE VIEW site_roles_usergroup AS"
        " SELECT m.id, m.user_id, g.id AS group_id FROM public.accounts_membership m"
        " JOIN auth_group g ON g.name = m.role"
        " JOIN public.tenancy_tenant t ON t.id = m.tenant_id"
        f" WHERE t.schema_name = '{schema}'"
    )
    schema_editor.execute(
        "CREATE VIEW site_roles_userpermission AS"
        " SELECT 0::bigint AS id, 0::bigint AS user_id, 0 AS permission_id WHERE false"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("site_roles", "0001_initial"),
        ("accounts", "0001_initial"),
        ("tenancy", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(create_views, migrations.RunPython.noop)]
