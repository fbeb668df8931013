"""接收外来网站: the pages of a site from outside the platform, out of a crawl of it, as drafts of a site."""
