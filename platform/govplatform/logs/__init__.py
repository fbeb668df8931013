"""Lines of the log: what processes write down of their work, with the site, the request, the job, the person's id."""
