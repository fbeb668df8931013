"""One exception for every refusal: the platform says no, and says why."""

from collections.abc import Iterable

from django.utils.translation import gettext as _


class PlacedReason(str):
    """A reason that is about one place of what is being written.

    ``at``: the name of a field, or the id of a block of its body; a screen leads there.
    """

    at: str

    def __new__(cls, words: object, at: str) -> "PlacedReason":
        made = super().__new__(cls, words)
        made.at = at
        return made


def by_place(reasons: Iterable[str]) -> dict[str, str]:
    """Return place -> words of the reasons that are about one place each; of several about one, the last."""
    return {at: str(reason) for reason in reasons if (at := getattr(reason, "at", ""))}


class Refused(Exception):
    """An act that the rules do not allow.

    ``reasons`` are sentences in the reader's language, each naming what is wrong and, where
    there is one, the way out.  Views show them, verbs print them and end with status 3.
    """

    def __init__(self, reasons: str | Iterable[str]) -> None:
        listed = [reasons] if isinstance(reasons, str) else list(reasons)
        self.reasons: list[str] = [r if isinstance(r, PlacedReason) else str(r) for r in listed]
        super().__init__("；".join(self.reasons))


class Busy(Refused):
    """A refusal because somebody else works on the same thing just now; nothing was done, and the act may be repeated.

    A job that works through many things does not count it as their result: it tries those things again later.
    """


def checked_reason(reason: str, most: int) -> str:
    """``reason`` as it is kept. Raises Refused where there is none, or one of more than ``most`` characters."""
    reason = reason.replace("\x00", "").strip()
    if not reason:
        raise Refused(_("请写明理由。"))
    if len(reason) > most:
        raise Refused(_("理由不能超过 %(most)s 个字。") % {"most": most})
    return reason
