"""What `manage.py bench_search` measures with: a library of any size, and questions to it."""
