"""What citizens ask for, counted for those who run a site, without anybody who asked (decision 052)."""
