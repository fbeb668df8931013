"""The imports of a site: batches of files on one column, and each file with its progress and result.

Nothing of an import has an address on a public host; the originals lie in the site's private storage.
"""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: A job whose item has not changed for so long is taken for lost.
LOST_AFTER = timedelta(minutes=10)
#: What was read and not made a draft of is kept so long after it was last touched, then it goes with its original.
KEPT_UNMADE = timedelta(days=14)
#: Files in one batch.
MOST_FILES = 200


_DOCUMENTS = ("docx", "pdf", "html", "htm", "txt")


def extension_of(filename: str) -> str:
    """Return the ending of a file's name in small letters, without its dot; "" without one."""
    return filename.rpartition(".")[2].lower() if "." in filename else ""


def is_document(filename: str) -> bool:
    """Say whether files of this name are read; others can be attachments at most."""
    return extension_of(filename) in _DOCUMENTS


def original_path(_item: "ImportItem", filename: str) -> str:
    """Return the storage name of an original, which nobody can guess: of the given name only a known ending is kept."""
    extension = extension_of(filename)
    kept = f".{extension}" if extension in (*_DOCUMENTS, *settings.WAGTAILDOCS_EXTENSIONS) else ""
    return f"imports/{secrets.token_hex(16)}{kept}"


class ImportBatch(models.Model):
    """The files that one person imported together on one column."""

    column = models.ForeignKey(
        "columns.Column", verbose_name=_("栏目"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    column_title = models.CharField(_("栏目名称"), max_length=255)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("导入人"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    submit = models.BooleanField(_("导入后送审"), default=False)
    created_at = models.DateTimeField(_("导入时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("导入批次")
        verbose_name_plural = _("导入批次")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.column_title} #{self.pk}"


class ImportItem(models.Model):
    """One file of a batch: read first, shown to whoever uploaded it, and made a draft of when they say so.

    ``given``: what they typed in its card, by name of the field, as typed; ``enclosed_in``: the file to whose draft it
    goes as an attachment, ``enclosed_as``: the name that this file's line 附件： has for it; ``recognised``: what
    `describe_recognised` returns; ``reason``: why there is no page, or why its page was not submitted; ``compared``: a
    Comparison of page and original as JSON, with who looked at it when; ``again``: it is imported even if the column
    has a page of the same bytes; ``duplicate_of``: that page.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待处理")
        RUNNING = "running", _("处理中")
        READ = "read", _("待确认")
        MAKING = "making", _("正在建稿")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未导入")

    batch = models.ForeignKey(ImportBatch, verbose_name=_("批次"), on_delete=models.CASCADE, related_name="items")
    filename = models.CharField(_("文件名"), max_length=255)
    original = models.FileField(_("原件"), upload_to=original_path, max_length=120, blank=True)
    size = models.PositiveBigIntegerField(_("字节数"), default=0)
    sm3 = models.CharField(_("SM3 摘要"), max_length=64, blank=True, db_index=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    progress = models.CharField(_("进度"), max_length=100, blank=True)
    again = models.BooleanField(_("允许重复"), default=False)
    recognised = models.JSONField(_("识别结果"), default=dict)
    warnings = models.JSONField(_("提示"), default=list)
    given = models.JSONField(_("填写内容"), default=dict, db_default={})
    enclosed_in = models.ForeignKey(
        "self", verbose_name=_("所属文稿"), null=True, on_delete=models.SET_NULL, related_name="enclosed"
    )
    enclosed_as = models.CharField(_("附件名称"), max_length=200, blank=True, db_default="")
    compared = models.JSONField(_("与原件对照"), default=dict, db_default={})
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("对照人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    looked_at = models.DateTimeField(_("对照时间"), null=True)
    page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("草稿"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    duplicate_of = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("已有页面"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.TextField(_("原因"), blank=True)
    changed_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        verbose_name = _("导入文件")
        verbose_name_plural = _("导入文件")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.filename

    @property
    def finished(self) -> bool:
        """Whether the import is done or failed, so that no further change comes by itself."""
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def rests(self) -> bool:
        """Whether nothing changes by itself: the import has ended, or waits for a person."""
        return self.finished or self.state == self.State.READ

    @property
    def unmade(self) -> bool:
        """Whether it is still the matter of whoever uploaded it alone: no page has come of it."""
        return self.state != self.State.DONE

    @property
    def only_file(self) -> bool:
        """Whether it is of a kind that nothing is read from, which can be nothing but an attachment."""
        return bool(self.original) and not is_document(self.filename)

    @property
    def lost(self) -> bool:
        """Whether its job seems to have ended without a result, for example because the machine stopped."""
        return not self.rests and timezone.now() - self.changed_at > LOST_AFTER

    @property
    def must_be_looked_at(self) -> bool:
        """Whether page and original differ so much that a person has to look before the page is handed in."""
        return bool(self.compared.get("must_look")) and self.looked_at is None

    @property
    def may_retry(self) -> bool:
        return bool(self.original and self.page_id is None and (self.state == self.State.FAILED or self.lost))

    def note(self, **values: Any) -> bool:
        """Store ``values`` (fields of the item) at once, so that whoever watches the import sees them.

        Returns whether there is such an item still: it may have been dropped while its file was read.
        """
        self.changed_at = timezone.now()
        for name, value in values.items():
            setattr(self, name, value)
        return bool(ImportItem.objects.filter(pk=self.pk).update(**values, changed_at=self.changed_at))
