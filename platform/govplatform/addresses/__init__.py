"""网址台账: every address that was ever public on any site, and what each answers today."""
