"""Pages of a list that was counted elsewhere."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

PER_PAGE = 20


class CountedPaginator(Paginator):
    """A paginator that was told how many rows there are."""

    def __init__(self, total: int, per_page: int = PER_PAGE) -> None:
        super().__init__([], per_page)
        self.total = total

    @cached_property
    def count(self) -> int:
        return self.total
