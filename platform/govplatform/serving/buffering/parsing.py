"""One request as it comes in: its head and body within bounds, and nothing that two servers could read differently."""

import copy
from typing import Any

from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser, ParsingError, TransferEncodingNotImplemented
from waitress.utilities import BadRequest

from . import limits


class BoundedAdjustments(Adjustments):
    """The settings of a process; ``on_consoles`` are those for hosts that take uploads, ``with_files`` those for the
    forms of citizens to which files belong.
    """

    def __init__(self, *, console_domain: str, **kw: Any) -> None:
        super().__init__(max_request_body_size=limits.PUBLIC_BODY_BYTES + 1, **kw)
        self.console_domain = console_domain
        self.on_consoles = copy.copy(self)
        self.on_consoles.max_request_body_size = limits.CONSOLE_BODY_BYTES + 1
        self.with_files = copy.copy(self)
        self.with_files.max_request_body_size = limits.FILES_BODY_BYTES + 1


class BoundedParser(HTTPRequestParser):
    """Refuses a request whose length is said twice or in two ways, and a chunked body that is all framing."""

    adj: BoundedAdjustments
    completed: bool

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if self.chunked and not self.completed and self._framing() > limits.CHUNK_LINE_BYTES:
            self.error = BadRequest("chunk header too long")
            self.completed = True
        if self.error:
            # Who is refused is not told to go on.
            self.expect_continue = False
            self.connection_close = True
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
        except TransferEncodingNotImplemented as error:
            raise ParsingError(str(error)) from error
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding")
        if "TRANSFER_ENCODING" in self.headers:
            # Only HTTP/1.1 has it; another server might believe it in any version.
            raise ParsingError("Transfer-Encoding in HTTP/1.0")
        if _is_below(self.headers.get("HOST", ""), self.adj.console_domain):
            self.adj = self.adj.on_consoles
        elif self.path in limits.FILES_PATHS:
            self.adj = self.adj.with_files

    def _framing(self) -> int:
        return len(self.body_rcv.control_line) + len(self.body_rcv.trailer)


def _is_below(host: str, domain: str) -> bool:
    name = host.rsplit(":", 1)[0].lower().rstrip(".")
    return name == domain or name.endswith(f".{domain}")
