"""Jobs that look after the queue: those of a dead worker are taken up again, old ones are removed."""

import logging

from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

logger = logging.getLogger("govplatform.jobs")
#: A worker says every ten seconds that it lives; three silences mean that it does not.
SILENT_SECONDS = 30.0
#: Three days in which one can look at what ran; a quarter of a year for what failed, which operators see.
DONE_JOBS_KEPT_HOURS, FAILED_JOBS_KEPT_HOURS = 72, 92 * 24


@app.periodic(cron="* * * * *")
@app.task(
    name="govplatform.rescue_stalled_jobs", queue="urgent", queueing_lock="rescue_stalled_jobs", pass_context=False
)
async def rescue_stalled_jobs(timestamp: int) -> None:
    """Give the jobs of a worker that has been silent for SILENT_SECONDS back to their queues; every minute."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS)
    for job in stalled:
        logger.warning("job %s of a dead worker is taken up again", job.id)
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:
            # The same waits already, and would stand there twice: that one does what was left.
            await app.job_manager.finish_job(job, status=Status.ABORTED, delete_job=False)


@app.periodic(cron="41 3 * * *")
@app.task(name="govplatform.remove_old_jobs", queueing_lock="remove_old_jobs", pass_context=False)
async def remove_old_jobs(timestamp: int) -> None:
    """Delete jobs that ended long ago, with the events of each; every night.

    A platform runs some ten thousand a day, and nothing reads them once they are done.
    """
    await app.job_manager.delete_old_jobs(nb_hours=DONE_JOBS_KEPT_HOURS)
    await app.job_manager.delete_old_jobs(
        nb_hours=FAILED_JOBS_KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
