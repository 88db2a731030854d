"""What `manage.py bench_pages` measures with: bare pages to compare with, rows, and the meter."""
