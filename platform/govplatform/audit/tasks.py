"""Regular anchoring of all chains into the platform's own."""

from procrastinate.contrib.django import app

from .actions import anchor_chains


@app.periodic(cron="*/5 * * * *")
@app.task(name="govplatform.anchor_chains", queueing_lock="anchor_chains")
def anchor_chains_regularly(timestamp: int) -> None:
    """Anchor all chains, every five minutes."""
    anchor_chains()
