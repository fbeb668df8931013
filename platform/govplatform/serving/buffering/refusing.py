"""What a person reads whose request did not get as far as the application."""

from django.utils.html import escape
from django.utils.translation import gettext as _
from waitress.task import ErrorTask

_PAGE = (
    "<!doctype html><html lang='zh-CN'><head><meta charset='utf-8'>"
    "<meta name='viewport' content='width=device-width,initial-scale=1'><meta name='color-scheme' content='light dark'>"
    "<title>{title}</title><style>{style}</style></head>"
    "<body><h1>{title}</h1><p>{text}</p></body></html>\n"
)
_STYLE = (
    "body{max-width:36em;margin:15vh auto;padding:0 1.25em;font:1.125rem/1.8 system-ui,sans-serif}"
    "h1{font-size:1.75rem;line-height:1.4}"
)


def refusal_page(code: int) -> tuple[str, str]:
    """Title and advice for a status."""
    return {
        413: (
            _("提交的内容太大"),
            _("请用浏览器的“后退”回到填写的内容：文字请缩短，文件请减小或者分几次上传，然后再提交。"),
        ),
        431: (_("请求的标头太长"), _("请清除浏览器中本网站的 Cookie，或者缩短网址，再试一次。")),
        500: (_("服务器出现错误"), _("请稍后再试。")),
    }.get(code, (_("无法理解这个请求"), _("请检查网址是否输入正确，再试一次。")))


class RefusalTask(ErrorTask):
    """Answers with a short page in Chinese and closes the connection."""

    def execute(self) -> None:
        error = self.request.error
        title, text = refusal_page(error.code)
        body = _PAGE.format(title=escape(title), text=escape(text), style=_STYLE).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
        ]
        self.set_close_on_finish()
        self.content_length = len(body)
        # a request that cannot be read at all has no method
        self.write(b"" if getattr(self.request, "command", "") == "HEAD" else body)
