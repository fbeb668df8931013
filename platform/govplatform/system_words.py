"""What the operating system says of a file or a connection, in the reader's language.

``OSError.strerror`` is English wherever the product runs without a language pack, and a refusal that names it is read
by people who have to do something about it. Refusals take these words.
"""

import errno
import socket
import ssl
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

_WORDS = MappingProxyType(
    {
        errno.ENOENT: _l("没有这个文件或目录"),
        errno.EACCES: _l("没有权限"),
        errno.EPERM: _l("不允许这样操作"),
        errno.EEXIST: _l("已经有同名的文件"),
        errno.ENOTDIR: _l("路径中有一段不是目录"),
        errno.EISDIR: _l("这是目录，不是文件"),
        errno.ENOTEMPTY: _l("目录不是空的"),
        errno.ENAMETOOLONG: _l("文件名太长"),
        errno.ELOOP: _l("链接绕成了圈"),
        errno.EINVAL: _l("路径或参数无效"),
        errno.ENOSPC: _l("磁盘空间不足"),
        errno.EDQUOT: _l("超出磁盘配额"),
        errno.EFBIG: _l("文件太大"),
        errno.EROFS: _l("磁盘是只读的"),
        errno.EIO: _l("磁盘读写出错"),
        errno.EXDEV: _l("两个目录不在同一磁盘上"),
        errno.EBUSY: _l("正被占用"),
        errno.ETXTBSY: _l("正被占用"),
        errno.EMFILE: _l("打开的文件太多"),
        errno.ENFILE: _l("打开的文件太多"),
        errno.ENOMEM: _l("内存不足"),
        errno.ECONNREFUSED: _l("对方拒绝连接"),
        errno.ECONNRESET: _l("连接被对方中断"),
        errno.ECONNABORTED: _l("连接中断"),
        errno.EPIPE: _l("连接中断"),
        errno.ETIMEDOUT: _l("等候超时"),
        errno.EHOSTUNREACH: _l("连不上对方主机"),
        errno.ENETUNREACH: _l("网络不通"),
    }
)


def system_words(error: Exception) -> str:
    """Why the system could not read, write or connect: words without a full stop.

    Of a fault that has no words here its name (``EPROTO``), which an administrator can look up; of anything but a
    fault of the system or of an encoding what it says itself.
    """
    if isinstance(error, UnicodeError):
        return _("不是 UTF-8 编码的文本")
    if isinstance(error, socket.gaierror):
        return _("找不到这个主机名")
    if isinstance(error, ssl.SSLError):
        return _("加密连接失败，对方的证书可能无效")
    if isinstance(error, TimeoutError):
        return str(_WORDS[errno.ETIMEDOUT])
    if not isinstance(error, OSError):
        return str(error)
    number = error.errno or 0
    if number in _WORDS:
        return str(_WORDS[number])
    name = errno.errorcode.get(number, type(error).__name__)
    return _("系统错误 %(name)s") % {"name": name}
