"""Screening of names against the UN Security Council Consolidated List.

`spelling`, `reading` and `matching` know nothing of Django; `snapshots` keeps the list in the
database, `names` what is screened, `runs` compares the two. People decide what it finds.
"""
