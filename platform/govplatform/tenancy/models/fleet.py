"""What provisioning and the fleet migration replay (decision 003)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TemplateDump(models.Model):
    """The template schema as SQL, for one state of its migrations. One row is current."""

    fingerprint = models.CharField(_("迁移指纹"), max_length=64, unique=True)
    sql = models.TextField(_("SQL"))
    created_at = models.DateTimeField(_("生成时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("模板快照")
        verbose_name_plural = _("模板快照")


class FleetMigration(models.Model):
    """One migration as it ran on the template.

    Kept until every site has it, so that a fleet migration killed half-way goes on where it
    was.  ``sql`` is null where the migration runs Python and needs Django's executor.
    """

    app = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    sql = models.TextField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("批量迁移")
        verbose_name_plural = _("批量迁移")
        constraints = [models.UniqueConstraint(fields=["app", "name"], name="fleet_migration_once")]

    def __str__(self) -> str:
        return f"{self.app}.{self.name}"
