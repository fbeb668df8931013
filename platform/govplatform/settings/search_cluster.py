"""Search on a cluster: where it is, who asks, and how its indices are cut (docs/features/search-cluster.md)."""

import os

#: Addresses of a cluster of Elasticsearch or OpenSearch, separated by commas; none: PostgreSQL searches.
SEARCH_URL = os.environ.get("SEARCH_URL", "")
#: How the platform signs in there: by an API key, or by name and password; and which certificates it trusts, as a file.
SEARCH_API_KEY = os.environ.get("SEARCH_API_KEY", "")
SEARCH_USER = os.environ.get("SEARCH_USER", "")
SEARCH_PASSWORD = os.environ.get("SEARCH_PASSWORD", "")
SEARCH_CA_FILE = os.environ.get("SEARCH_CA_FILE", "")
#: What names of indices begin with: several installations may share a cluster.
SEARCH_INDEX = os.environ.get("SEARCH_INDEX", "govplatform")
#: Shards of an index, and copies of each; read when an index is made (``rebuild_search``).
SEARCH_SHARDS = int(os.environ.get("SEARCH_SHARDS", "1"))
SEARCH_REPLICAS = int(os.environ.get("SEARCH_REPLICAS", "1"))
#: So long a page waits for the cluster; then PostgreSQL answers.
SEARCH_ANSWER_SECONDS = float(os.environ.get("SEARCH_ANSWER_SECONDS", "3"))
