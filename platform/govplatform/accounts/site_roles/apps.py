from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteRolesConfig(AppConfig):
    name = "govplatform.accounts.site_roles"
    label = "site_roles"
    verbose_name = _("站点角色")
