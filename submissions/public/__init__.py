"""What the public sees of Demands, Offers and organizations, in one table.

`content` says what stands in an entry, `writing` writes it with whatever makes something public or
takes it back, `finding` answers lists and searches.
"""
