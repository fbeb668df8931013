"""Has the row of a dump or a restoring follow its work."""

from contextlib import AbstractContextManager

from govplatform.telling import Teller, telling

from ..models import SiteDump


def following(work: SiteDump) -> AbstractContextManager[Teller]:
    """Have the row of ``work`` follow what is told inside, as ``(step, done, total)``."""

    def write(step: str, done: int, total: int) -> None:
        SiteDump.objects.filter(pk=work.pk).update(step=step, done=done, total=total)

    return telling(f"dump-{work.pk}", write)
