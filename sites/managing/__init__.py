"""网站设置: what a site's administrator changes of the site, in one place of the console and by one verb."""
