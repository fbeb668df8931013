"""What the scripts of uploads (``console/uploads.js``) are told: their words, and which files are taken how large."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _


def kinds_of_files(*, pictures: bool = True, attachments: bool = True) -> list[dict[str, Any]]:
    """``[{"endings", "most"}]``: extensions that are taken, and how many bytes a file of these may have."""
    kinds = []
    if pictures:
        kinds.append(_kind(settings.WAGTAILIMAGES_EXTENSIONS, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE))
    if attachments:
        kinds.append(_kind(settings.WAGTAILDOCS_EXTENSIONS, settings.WAGTAILDOCS_MAX_UPLOAD_SIZE))
    return kinds


def words_of_uploads() -> dict[str, str]:
    """The words of the rows, by the names that the script has for them."""
    return {
        "choose": _("选择文件"),
        "list": _("上传的文件"),
        "sum": _("上传：完成 {done} 个，共 {all} 个，未上传 {bad} 个"),
        "progress": _("“{name}”的上传进度"),
        "waits": _("等待上传"),
        "sends": _("上传中 {part}%"),
        "checks": _("检查中"),
        "lost": _("连接不上服务器，恢复后自动再传。"),
        "ended": _("登录已经结束，还没有传上。重新登录后自动再传。"),
        "cancelled": _("已取消，没有上传。"),
        "again": _("再传一次"),
        "cancel": _("取消"),
        "cancelAll": _("全部取消"),
        "close": _("关闭"),
        "closeAll": _("全部关闭"),
        "twice": _("同一个文件正在上传，没有再传一份。"),
        "unnamed": _("未命名"),
        "folder": _("“{name}”是文件夹。请打开它，选择里面的文件。"),
        "kind": _("“{name}”不能上传。可用的格式：{kinds}；其他格式请另存后上传。"),
        "empty": _("“{name}”是空的，没有上传。"),
        "large": _("“{name}”有 {size} MB，最大 {most} MB，没有上传。请压缩或拆分后重新选择。"),
        "notTaken": _("服务器没有收下“{name}”。请刷新页面后再试；还不行时请联系平台运维人员。"),
        "tooMuch": _("“{name}”超过了服务器一次能收下的大小，没有上传。请压缩或拆分后重新选择。"),
    }


def add_many_options(address: str, *, pictures: bool) -> dict[str, Any]:
    """What the screens for many pictures or attachments at once are told; ``address``: where each is posted."""
    words = {
        "added": _("已加入：{title}"),
        "saved": _("已保存。"),
        "duplicate": _("库里已有一张同样的图片。"),
        "kept": _("两张都保留。"),
    }
    kinds = kinds_of_files(pictures=pictures, attachments=not pictures)
    return {"words": {**words_of_uploads(), **words}, "kinds": kinds, "address": address}


def _kind(endings: list[str], most: int) -> dict[str, Any]:
    return {"endings": list(endings), "most": most}
