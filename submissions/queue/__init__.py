"""The secretariat's queue: what an address asks for, which cases that is, how many, and their rows.

`filtered` answers for everybody who has such an address: the list, its export, the next case.
"""

from submissions.queue.selection import filtered

__all__ = ["filtered"]
