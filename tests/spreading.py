"""Which worker of pytest-xdist runs a test, and what begins first: of `make test`, which has two.

A test goes to whichever worker is free, in the order below (`--no-loadscope-reorder`). Those marked
with one `xdist_group` stay together: what they share takes longer to set up than they would gain
side by side. pytest-xdist 3.8 writes the group to an attribute that pytest 9.2 does not read any
more, so it is written here to the one that it does read; once pytest-xdist does so itself, that
half of the hook can go.
"""

import pytest
from _pytest.nodeid import NodeId

# Minutes long each, with neither rows nor a browser: begun last, one worker would wait for them.
FIRST = ("deploy", "serve", "received", "huge uploads")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    _refuse_mixed_groups(items)
    items.sort(key=lambda item: FIRST.index(_group(item)) if _group(item) in FIRST else len(FIRST))
    if hasattr(config, "workerinput"):
        for item in items:
            if (group := _group(item)) and not item.nodeid.endswith(f"@{group}"):
                item._id = NodeId.parse(f"{item.nodeid}@{group}")


def _refuse_mixed_groups(items: list[pytest.Item]) -> None:
    """A group runs where its first test stands: one that empties the tables would come before others
    that count on what is in them.
    """
    empties: dict[str, bool] = {}
    for item in items:
        mark, group = item.get_closest_marker("django_db"), _group(item)
        if mark and group:
            is_emptying = bool(mark.kwargs.get("transaction"))
            if empties.setdefault(group, is_emptying) != is_emptying:
                raise pytest.UsageError(f"Only some tests of the group “{group}” empty the tables.")


def _group(item: pytest.Item) -> str:
    """The name of the group that the test is marked with, or nothing."""
    mark = item.get_closest_marker("xdist_group")
    return str(mark.args[0]) if mark else ""
