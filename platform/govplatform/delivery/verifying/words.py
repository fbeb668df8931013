"""Faults in words."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .faults import Done, Fault, Kind, printable

_FAULTS: Mapping[Kind, Promise] = MappingProxyType(
    {
        Kind.CHANGED: gettext_lazy("内容被改动"),
        Kind.MISSING: gettext_lazy("文件缺失"),
        Kind.FOREIGN: gettext_lazy("多出的文件"),
        Kind.LINK: gettext_lazy("被换成链接"),
        Kind.NO_FILE: gettext_lazy("被换成目录或设备"),
        Kind.LINKED: gettext_lazy("另有硬链接指向该文件"),
        Kind.MODE: gettext_lazy("访问权限被改动"),
        Kind.UNREADABLE: gettext_lazy("无法读取"),
        Kind.MOUNTED: gettext_lazy("目录上挂载了别的文件系统"),
        Kind.UNPROVEN: gettext_lazy("清单已丢失，无法核对"),
        Kind.UNSIGNED: gettext_lazy("清单没有发布者的签名"),
        Kind.REPLAYED: gettext_lazy("清单是旧的版本"),
        Kind.OTHER_HOST: gettext_lazy("清单属于别的域名"),
        Kind.CURRENT: gettext_lazy("当前版本的链接被改动"),
        Kind.UNKNOWN_HOST: gettext_lazy("没有任何版本的域名目录"),
        Kind.LEFT_OVER: gettext_lazy("没有在用的旧版本"),
        Kind.PART: gettext_lazy("文件库里的清单缺失或损坏"),
        Kind.WATCH: gettext_lazy("监视中断"),
        Kind.SPOOL: gettext_lazy("核验记录缺失，或者别人也能改写"),
    }
)
_DONE: Mapping[Done, Promise] = MappingProxyType(
    {
        Done.NOTHING: gettext_lazy("未处理"),
        Done.RESTORED: gettext_lazy("已恢复"),
        Done.TAKEN_AWAY: gettext_lazy("已移走"),
        Done.NOT_IN_STORE: gettext_lazy("文件库里没有完好的副本，已移走，由应用程序应答"),
        Done.FAILED: gettext_lazy("处理失败"),
    }
)


def fault_words(kind: str) -> str:
    """What is wrong, in words."""
    return str(_FAULTS[Kind(kind)])


def done_words(done: str) -> str:
    """What became of it, in words."""
    return str(_DONE[Done(done)])


def describe(fault: Fault) -> str:
    """One line: where, what, and what became of it."""
    where = printable("/".join(part for part in (fault.host, fault.place) if part)) or "/"
    words = {
        "where": _("节点 %(node)s 的 %(where)s") % {"node": fault.node, "where": where} if fault.node else where,
        "fault": _FAULTS[fault.fault],
        "done": _DONE[fault.done],
        "detail": printable(fault.detail),
    }
    if fault.detail:
        return _("%(where)s：%(fault)s（%(detail)s），%(done)s") % words
    return _("%(where)s：%(fault)s，%(done)s") % words
