"""Who may sign in, and what they may do in the schema that is current."""

from typing import Any

from django.contrib.auth.backends import ModelBackend


class SiteRoleBackend(ModelBackend):
    """Rights come from the roles held on the current site; there are no personal permissions."""

    def _get_user_permissions(self, user_obj: Any) -> Any:
        from django.contrib.auth.models import Permission

        return Permission.objects.none()
