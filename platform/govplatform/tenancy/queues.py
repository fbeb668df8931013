"""The queues by urgency, how many slots each has, and what one site may have waiting (decision 035).

A queue has slots of its own: whatever fills another queue, the next job of this one starts at once. Inside a queue
sites take turns (``turns``), and a site holds at most its ``share`` of the slots.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.refusals import Refused

URGENT, PUBLISHING, SCANS, DELIVERIES, BULK = "urgent", "publishing", "scans", "deliveries", "bulk"
DEFAULT, OWNER = "default", "owner"


@dataclass(frozen=True)
class Queue:
    """A queue of jobs. ``name`` in code, ``label`` in words.

    ``most_waiting``: how many jobs one site may have waiting before its people are asked to wait, None for no bound. A
    bound stands only where a person asks for more; what follows from an act that was done is never refused.
    ``gives_way``: a process that has such queues alone leaves the processor to others, who serve people that wait.
    """

    name: str
    label: str | Promise
    most_waiting: int | None = None
    gives_way: bool = False

    @property
    def slots(self) -> int:
        """The number of its jobs that run at once."""
        return int(settings.JOB_SLOTS[self.name])

    @property
    def share(self) -> int:
        """The number of slots that one site may hold at once, not counting one job that is tried again."""
        return max(1, self.slots - 2)


#: In order of urgency. The bounds are the product's own numbers: four uploads of 50 files, a day's submissions of a
#: large site, a push of one item to every site of a province in batches of 50, many times over.
QUEUES = (
    Queue(URGENT, _("撤回与收回")),
    Queue(PUBLISHING, _("发布与到期撤下")),
    Queue(SCANS, _("保密扫描"), most_waiting=500, gives_way=True),
    Queue(DELIVERIES, _("推送与转载"), most_waiting=500, gives_way=True),
    Queue(BULK, _("导入、采集与批量处理"), most_waiting=200, gives_way=True),
    Queue(DEFAULT, _("检索索引与日常维护"), gives_way=True),
    Queue(OWNER, _("开设与并入站点")),
)
_BY_NAME = {queue.name: queue for queue in QUEUES}

#: The site on whose behalf a job runs: ``site``, where it is named, is not always the schema in which it runs.
SITE_OF_JOB = "COALESCE(args ->> 'site', args ->> 'schema')"
_WAITING_OF_SITE = f"""
SELECT count(*) FROM public.procrastinate_jobs
WHERE status = 'todo' AND queue_name = %s AND {SITE_OF_JOB} = %s
"""


def get_queue(name: str) -> Queue:
    """The queue of that name. Raises KeyError for an unknown one."""
    return _BY_NAME[name]


def require_room(name: str, site: str, more: int = 1) -> None:
    """Raise Refused when ``more`` jobs would be too many waiting in the queue ``name`` for one site.

    ``site``: its schema. For acts of people, to be called before anything is kept. Two people who ask in the same
    moment may together exceed the bound a little.
    """
    queue = get_queue(name)
    if queue.most_waiting is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(_WAITING_OF_SITE, [name, site])
        waiting = int(cursor.fetchone()[0])
    if waiting + more > queue.most_waiting:
        words: dict[str, Any] = {"queue": queue.label, "waiting": waiting, "most": queue.most_waiting, "more": more}
        raise Refused(
            _t(
                "本站在“%(queue)s”队列中已有 %(waiting)d 项等待处理，"
                "加上这次的 %(more)d 项超过每个站点最多 %(most)d 项。"
                "已经排队的不受影响，会依次处理；请等其中一部分完成后再提交，或减少这次的数量。"
            )
            % words
        )
