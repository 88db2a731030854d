"""Puts the words of two names in the order in which they agree best."""

from rapidfuzz import fuzz


def aligned(words: list[str], others: list[str]) -> tuple[str, str]:
    """Both names with as many words as the shorter one has, paired by likeness.

    As in (["ahmd", "ali"], ["ali", "hasan", "ahmad"]) -> ("ahmd ali", "ahmad ali").
    """
    if len(words) > len(others):
        longer, shorter = aligned(others, words)
        return shorter, longer
    pairs = _equal(words, others)
    pairs |= _alike(
        [place for place in range(len(words)) if place not in pairs],
        set(range(len(others))) - set(pairs.values()),
        words,
        others,
    )
    return " ".join(words), " ".join(others[pairs[place]] for place in range(len(words)))


def _equal(words: list[str], others: list[str]) -> dict[int, int]:
    """Places of equal words, as pairs; what is left to compare is little then."""
    pairs: dict[int, int] = {}
    free = list(range(len(others)))
    for place, word in enumerate(words):
        for there in free:
            if others[there] == word:
                pairs[place] = there
                free.remove(there)
                break
    return pairs


def _alike(
    places: list[int], free: set[int], words: list[str], others: list[str]
) -> dict[int, int]:
    """Pairs of the places left, the most alike first."""
    ranked = sorted(
        (
            (fuzz.ratio(words[here], others[there]), here, there)
            for here in places
            for there in free
        ),
        reverse=True,
    )
    pairs: dict[int, int] = {}
    for _, here, there in ranked:
        if here not in pairs and there in free:
            pairs[here] = there
            free.discard(there)
    return pairs
