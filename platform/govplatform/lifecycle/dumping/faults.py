"""What is wrong with a dump, and where."""

from django.utils.translation import gettext as _

from govplatform.refusals import Refused


class DumpBroken(Refused):
    """A dump that is not what it was when it was written. ``place``: offset in the file, or the part inside it."""

    def __init__(self, place: str, problem: str) -> None:
        self.place = place
        super().__init__(_("备份文件在“%(place)s”处有问题：%(problem)s") % {"place": place, "problem": problem})
