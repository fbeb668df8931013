"""查询码: with the number of a case it shows its sender how far it is. Only a keyed hash of it is kept."""

import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

#: Without letters and digits that are taken for one another on paper.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 12
_SALT = "govplatform.cases"


def new_nonce() -> str:
    """Return what a form is told apart by: 128 bits as hexadecimal digits."""
    return secrets.token_hex(16)


def code_for(nonce: str) -> str:
    """Return the query code of the case that the form ``nonce`` makes: sent twice, it answers with the same code."""
    number = int.from_bytes(salted_hmac(f"{_SALT}.code", nonce, algorithm="sha256").digest())
    letters = []
    for _place in range(_LENGTH):
        number, rest = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return "".join(letters)


def kept_hash(what: str, value: str) -> str:
    """Return the keyed hash by which ``value`` is known again. ``what``: for what, so that none stands for another."""
    return salted_hmac(f"{_SALT}.{what}", value, algorithm="sha256").hexdigest()


def code_hash(number: str, code: str) -> str:
    """Return what is kept of a query code. Blanks, hyphens and small letters do not count."""
    plain = "".join(letter for letter in code.upper() if letter in _LETTERS)
    return kept_hash("kept-code", f"{number}\0{plain}")


def is_code(number: str, code: str, kept: str) -> bool:
    """Tell whether ``code`` belongs to the case ``number``, in the same time whether it does or not."""
    return constant_time_compare(code_hash(number, code), kept)
