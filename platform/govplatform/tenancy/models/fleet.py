"""What provisioning and the fleet migration replay (decision 003)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TemplateDump(models.Model):
    """The template schema as SQL, from which new sites are built. There is one row.

    ``fingerprint``: the state of the template that it was taken of (``template_schema.template_fingerprint``).
    """

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


class SchemaState(models.Model):
    """What was last read of a schema: which migrations it has, and which rights its roles hold.

    Triggers in every schema take the digests away whenever the tables change that they were made of, so what stands
    here holds, as long as it is still the same schema and the triggers are there (``tenancy.schema_states``).
    """

    schema_name = models.CharField(_("模式"), max_length=63, unique=True)
    #: Object id of its table django_migrations: another one when the schema was dropped and made again.
    table_oid = models.BigIntegerField(_("迁移表编号"), default=0)
    migrations = models.CharField(_("迁移摘要"), max_length=32, null=True)
    rights = models.CharField(_("权限摘要"), max_length=32, null=True)
    #: Grows with every change; whoever writes a digest says of which state it is.
    changes = models.BigIntegerField(_("变更次数"), default=0)

    class Meta:
        verbose_name = _("站点模式的状态")
        verbose_name_plural = _("站点模式的状态")

    def __str__(self) -> str:
        return self.schema_name
