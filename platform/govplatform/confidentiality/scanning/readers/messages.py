"""Reads mail messages and web archives: head, body, and every part by its own reader."""

import email
import email.policy
import io
from email.message import EmailMessage
from typing import cast

from govplatform.untrusted_files.encodings import decode

from .context import Context, Items, ReadSource, Source
from .flow import piece
from .unreadable import TOO_BIG, Unreadable, unreadable

HEADS = ("Subject", "From", "To", "Cc", "Bcc", "Reply-To", "Date", "X-Originating-IP")
MOST = 40 * 1024 * 1024


def read_message(source: Source, context: Context, read_source: ReadSource) -> Items:
    """Read a message (EML, MHT): the heads in HEADS, texts, and its parts as files."""
    if source.size() > MOST:
        raise Unreadable(TOO_BIG)
    message = cast(EmailMessage, email.message_from_bytes(source.head(MOST), policy=email.policy.default))
    heads = [f"{name}: {message[name]}" for name in HEADS if message[name]]
    yield from piece(context, "message head", "\n".join(heads))
    number = 0
    for part in message.walk():
        if part.is_multipart():
            continue
        context.budget.spend_members(1)
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        context.budget.spend_bytes(len(data))
        name = part.get_filename() or ""
        if part.get_content_type() == "text/plain" and not name:
            yield from piece(context, "body", decode(data, part.get_content_charset() or ""))
            continue
        number += 1
        html = part.get_content_type() == "text/html" and not name
        try:
            inner = context if html else context.attachment(name or f"part {number}")
            yield from read_source(Source(io.BytesIO(data), name or ("part.html" if html else "")), inner)
        except Unreadable as problem:
            if type(problem) is not Unreadable:
                raise
            yield unreadable(context.place(f"attachment {name}"), problem.message, problem.severity)
