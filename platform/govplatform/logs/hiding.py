"""What no line of a log has, whoever writes it and whatever it quotes: logs are kept for a year, and read by many.

Most lines with an address, an error of the database or a text of citizens are not ours but Django's, so it is taken out
where lines are written, not where they are said.
"""

import re

#: One-time links (accounts/urls.py): until it is used, whoever reads the line chooses the password. The front server
#: writes them down alike (deploy/nginx/govplatform/http.conf).
_LINK = re.compile(r"(/admin/(?:[^\s?\"']{0,100}/)?start/)[^\s/?\"']+(?:/[^\s/?\"']+)?")
#: What PostgreSQL quotes of rows: ``Key (email)=(…)`` says which column, and that is enough.
_KEY = re.compile(
    r"(Key \([^\n]*?\)=)\(.*?\)(?= (?:already exists|is (?:not|still)|conflicts)|\.?$)", re.DOTALL | re.MULTILINE
)
_ROW = re.compile(r"(Failing row contains )\(.*?\)\.$", re.DOTALL | re.MULTILINE)
_LINE = re.compile(r"(CONTEXT:  COPY [^:\n]*): [^\n]*")
#: 居民身份证号 (GB 11643): the place stays, the person does not.
_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])([1-9]\d{5})(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)


def without_secrets(text: str) -> str:
    """``text`` without what opens an account, what rows of the database hold, and numbers of identity cards."""
    text = _LINK.sub(lambda found: found[1] + "*/*", text)
    if "Key (" in text:
        text = _KEY.sub(r"\1(…)", text)
    if "Failing row" in text:
        text = _ROW.sub(r"\1(…)", text)
    if "CONTEXT:" in text:
        text = _LINE.sub(r"\1: …", text)
    return _IDENTITY.sub(r"\1************", text)
