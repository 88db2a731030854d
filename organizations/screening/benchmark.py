"""Names to measure the screening with, made from the list itself with a fixed seed.

Distorted: listed names as they come in a hurry. Ordinary: people whom the list does not know,
from common given and family names of many languages.
"""

import json
import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from organizations.screening.matching import Index
from organizations.screening.reading import Quality, SanctionsList
from organizations.screening.spelling import latin_words, one_spelling

_DATA = Path(__file__).resolve().parent.parent / "data"
COMMON_NAMES = _DATA / "ordinary_names.json"
OWN_COPY = _DATA / "un_consolidated.xml.gz"
SEED = 20260227


def distorted(parties: SanctionsList, seed: int = SEED) -> Iterator[tuple[str, str]]:
    """(reference, distorted name) for every listed name that is compared by more than equality.

    Each name gets one distortion: one or two typing errors, a word dropped, two words swapped, or
    another order with a typing error besides.
    """
    chance = random.Random(seed)  # noqa: S311 - measures, keeps no secret
    kinds: tuple[Callable[[str, random.Random], str], ...] = (
        mistype,
        lambda name, chance: mistype(mistype(name, chance), chance),
        drop_word,
        swap_words,
        lambda name, chance: mistype(shuffle_words(name, chance), chance),
    )
    for party in parties.parties:
        for name in party.names:
            if name.quality is Quality.GOOD and len(latin_words(name.text)) > 1:
                yield party.reference, chance.choice(kinds)(name.text, chance)


def ordinary(
    count: int, listed: Iterable[str], seed: int = SEED, path: Path = COMMON_NAMES
) -> list[str]:
    """So many different full names, none of them the same as one of `listed`.

    A language at a time: one or two given names, then one or two family names.
    """
    chance = random.Random(seed)  # noqa: S311 - measures, keeps no secret
    languages = [
        (names["given"].split(), names["family"].split())
        for names in json.loads(path.read_text(encoding="utf-8")).values()
    ]
    taken = {one_spelling(name) for name in listed}
    found: list[str] = []
    while len(found) < count:
        given, family = chance.choice(languages)
        first, last = (
            chance.sample(names, chance.choices((1, 2), (3, 1))[0]) for names in (given, family)
        )
        name = " ".join([*first, *last])
        if one_spelling(name) not in taken:
            taken.add(one_spelling(name))
            found.append(name)
    return found


def recall(index: Index[str], names: Iterable[tuple[str, str]]) -> tuple[float, list[str]]:
    """The part (0 to 1) of distorted names that lead to their party, and those that do not."""
    pairs = list(names)
    missed = [
        name for reference, name in pairs if reference not in {m.key for m in index.find(name)}
    ]
    return 1 - len(missed) / len(pairs), missed


def alerts(index: Index[str], names: Iterable[str]) -> list[str]:
    """The names that lead to any party at all."""
    return [name for name in names if index.find(name)]


def mistype(name: str, chance: random.Random) -> str:
    """One letter wrong, missing, too many, or changed with the next; words stay apart."""
    words = name.split(" ")
    place = chance.choice([place for place, word in enumerate(words) if len(word) > 1])
    word = words[place]
    at = chance.randrange(len(word))
    letter = chance.choice(name.replace(" ", ""))
    swapped = min(at, len(word) - 2)
    words[place] = chance.choice(
        (
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:swapped] + word[swapped + 1] + word[swapped] + word[swapped + 2 :],
        )
    )
    return " ".join(words)


def drop_word(name: str, chance: random.Random) -> str:
    """One word less; a name of two words keeps them, since one word says too little."""
    words = name.split(" ")
    if len(words) > 2:
        del words[chance.randrange(len(words))]
    return " ".join(words)


def swap_words(name: str, chance: random.Random) -> str:
    words = name.split(" ")
    one, other = chance.sample(range(len(words)), 2) if len(words) > 1 else (0, 0)
    words[one], words[other] = words[other], words[one]
    return " ".join(words)


def shuffle_words(name: str, chance: random.Random) -> str:
    words = name.split(" ")
    chance.shuffle(words)
    return " ".join(words)
