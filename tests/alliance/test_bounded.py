"""The store that never takes more than so many bytes."""

from alliance.bounded import Bounded


def test_what_was_asked_for_longest_ago_makes_room() -> None:
    store: Bounded[str] = Bounded(10)
    store.put("a", "A", 4)
    store.put("b", "B", 4)
    assert store.get("a") == "A"
    store.put("c", "C", 4)
    assert [store.get(key) for key in "abc"] == ["A", None, "C"]


def test_what_takes_the_place_of_something_counts_once() -> None:
    store: Bounded[str] = Bounded(10)
    for value in "12345":
        store.put("a", value, 6)
    store.put("b", "B", 4)
    assert (store.get("a"), store.get("b")) == ("5", "B")


def test_what_is_larger_than_all_is_not_kept() -> None:
    store: Bounded[str] = Bounded(10)
    store.put("a", "A", 11)
    assert store.get("a") is None
    store.put("b", "B", 10)
    assert store.get("b") == "B"
