"""Every figure that processes count themselves. No label but words of a short list that stands in the code: a site, an
address or a person as a label would make a row in Prometheus for each of them and each of the other labels.
"""

from prometheus_client import Counter, Histogram

from . import kept

kept.begin()

#: ``host``: kind of host; ``kind``: see ``requests.kind_of``; ``status``: 2xx to 5xx.
REQUESTS = Counter("govplatform_requests", "Requests answered by the application", ["host", "kind", "status"])
REQUEST_SECONDS = Histogram(
    "govplatform_request_seconds",
    "From the request in whole to the headers of its answer",
    ["host", "kind"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
#: ``queue``: one of seven; ``end``: done or failed.
JOB_SECONDS = Histogram(
    "govplatform_job_seconds", "Length of jobs", ["queue", "end"], buckets=(0.05, 0.25, 1, 5, 15, 60, 300, 1800)
)
SCAN_SECONDS = Histogram(
    "govplatform_scan_seconds",
    "Confidentiality scans of pages with their files that came to their end",
    buckets=(0.1, 0.5, 1, 2.5, 5, 15, 60, 300, 1800),
)
SCANS_FAILED = Counter("govplatform_scans_failed", "Scans that ended without a result")
#: ``kind``: change, whole (of a whole site), down.
VISIBLE_SECONDS = Histogram(
    "govplatform_publish_to_visible_seconds",
    "From the commit of a change to the files that show it",
    ["kind"],
    buckets=(0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800),
)
BAKED = Counter("govplatform_baked_files", "Addresses rendered as files")
BAKE_SECONDS = Counter("govplatform_bake_seconds", "Time spent with deliveries that rendered something")
RELEASES = Counter("govplatform_releases", "Signed releases", ["cause"])
