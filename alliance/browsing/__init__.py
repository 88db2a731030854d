"""What public lists share: what is asked for, narrowed by facets, counted, kept and paged.

Nothing here knows what stands in a list.
"""
