"""我为政府网站找错: reports of errors on pages (deploy/decisions/094-error-reports.md)."""
