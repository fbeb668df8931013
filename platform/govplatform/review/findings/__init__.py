"""The findings of a scan: shown to the reviewer, judged and masked."""
