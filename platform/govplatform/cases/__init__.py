"""What citizens send in: intake, assignment, clock and answer, the same for every kind (deploy/decisions/090-cases.md).

A case crosses sites, so it lies in ``public``; its answer is a page of the site that answers (``sites.interaction``).
"""
