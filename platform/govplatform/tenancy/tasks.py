"""Jobs whose worker died are taken up again (kill -9 of a worker must not lose work)."""

import logging

from procrastinate.contrib.django import app

logger = logging.getLogger("govplatform.jobs")
#: A worker says every ten seconds that it lives; three silences mean that it does not.
SILENT_SECONDS = 30.0


@app.periodic(cron="* * * * *")
@app.task(name="govplatform.rescue_stalled_jobs", queueing_lock="rescue_stalled_jobs", pass_context=False)
async def rescue_stalled_jobs(timestamp: int) -> None:
    """Give every job of a silent worker back to its queue."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS)
    for job in stalled:
        logger.warning("job %s of a dead worker is taken up again", job.id)
        await app.job_manager.retry_job(job)
