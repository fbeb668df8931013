"""What a scan found, shown to the reviewer, judged and masked."""
