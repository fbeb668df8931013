"""Memberships as Django's permission queries want to see them, inside each site's schema.

Both are database views (see the migration): rights come from ``accounts_membership`` alone, so
there is no second registry to keep in step, and a group cannot be handed out past the rules.
"""

from django.conf import settings
from django.db import models


class UserGroup(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+")
    group = models.ForeignKey("auth.Group", on_delete=models.DO_NOTHING, related_name="+")

    class Meta:
        managed = False
        db_table = "site_roles_usergroup"


class UserPermission(models.Model):
    """Always empty: nobody holds a permission but through a role."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+")
    permission = models.ForeignKey("auth.Permission", on_delete=models.DO_NOTHING, related_name="+")

    class Meta:
        managed = False
        db_table = "site_roles_userpermission"
