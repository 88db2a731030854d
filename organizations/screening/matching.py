"""Compares names with those of the list, in memory.

Bands: `strong` where two names are the same words in any order, or nearly the same letters;
`possible` where nearly all words of one occur in the other, or a long name has two typing errors
more than that. A name of one word, an acronym of up to four letters and a name that the list
calls weak count only when equal as a whole, and are possible at most: they are names of thousands.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from organizations.screening.alignment import aligned
from organizations.screening.spelling import own_script, typed_words

# Raised whenever the same two names may come to another result: everything is compared anew.
METHOD = "1"

_ACRONYM_LETTERS = 4
_SHARED_WORDS = 2
# What is less than this says too little to forgive more errors than the ratio does.
_LONG_LETTERS = 12
_LONG_WORDS = 3
_ERRORS = 2

Key = TypeVar("Key", bound=Hashable)


class Band(IntEnum):
    POSSIBLE = 1
    STRONG = 2


class Method(StrEnum):
    EQUAL = "equal"  # the same words
    SPELLING = "spelling"  # nearly the same letters
    PART = "part"  # nearly all words of one occur in the other
    WHOLE = "whole"  # the same words, of a name that says little


@dataclass(frozen=True)
class Thresholds:
    """Ratios from 0 to 100, from which on two names are alike."""

    strong: float = 85.0
    possible: float = 90.0

    @property
    def method(self) -> str:
        """Names what decides whether two names are alike, for the record of a comparison."""
        return f"{METHOD}/{self.strong:g}/{self.possible:g}"


@dataclass(frozen=True)
class Match(Generic[Key]):
    """One party whose listed name is like the one asked for; `score` runs from 0 to 100."""

    key: Key
    name: str
    band: Band
    method: Method
    score: float

    @property
    def rank(self) -> tuple[int, float]:
        return self.band, self.score


@dataclass(frozen=True)
class _Listed(Generic[Key]):
    key: Key
    name: str
    is_weak: bool


class _Script(Generic[Key]):
    """The listed names in one script. Those that may be compared letter by letter have a place
    in the lists, the same one in each."""

    def __init__(self, thresholds: Thresholds) -> None:
        self.thresholds = thresholds
        self.by_words: dict[str, list[_Listed[Key]]] = defaultdict(list)
        self.typed: list[str] = []
        self.ordered: list[str] = []
        self.listed: list[_Listed[Key]] = []
        self.with_word: dict[str, list[int]] = defaultdict(list)

    def add(self, words: list[str], listed: _Listed[Key]) -> None:
        is_weak = listed.is_weak or _says_little(words)
        listed = _Listed(listed.key, listed.name, is_weak)
        ordered = " ".join(sorted(words))
        self.by_words[ordered].append(listed)
        if not is_weak:
            for word in set(words):
                self.with_word[word].append(len(self.listed))
            self.typed.append(" ".join(words))
            self.ordered.append(ordered)
            self.listed.append(listed)

    def find(self, words: list[str]) -> Iterator[Match[Key]]:
        """Every reason to take a listed name for this one; a name may come several times."""
        for listed in self.by_words.get(" ".join(sorted(words)), []):
            if listed.is_weak:
                yield Match(listed.key, listed.name, Band.POSSIBLE, Method.WHOLE, 100)
            else:
                yield Match(listed.key, listed.name, Band.STRONG, Method.EQUAL, 100)
        if not _says_little(words):
            yield from self._alike(words)
            yield from self._sharing(words)

    def _alike(self, words: list[str]) -> Iterator[Match[Key]]:
        """Nearly the same letters, with the words as typed or sorted."""
        for text, choices in (
            (" ".join(words), self.typed),
            (" ".join(sorted(words)), self.ordered),
        ):
            found = process.extract(
                text,
                choices,
                scorer=fuzz.ratio,
                score_cutoff=self.thresholds.strong,
                limit=None,
            )
            for _, score, place in found:
                yield self._match(place, Band.STRONG, Method.SPELLING, score)
            if len(text) >= _LONG_LETTERS:
                mistyped = process.extract(
                    text, choices, scorer=OSA.distance, score_cutoff=_ERRORS, limit=None
                )
                for other, _, place in mistyped:
                    score = fuzz.ratio(text, other)
                    yield self._match(place, Band.POSSIBLE, Method.SPELLING, score)

    def _sharing(self, words: list[str]) -> Iterator[Match[Key]]:
        """Names with words in common: an error in a first letter changes the order of words."""
        shared = Counter(place for word in set(words) for place in self.with_word.get(word, ()))
        text = " ".join(words)
        for place, count in shared.items():
            if count >= _SHARED_WORDS:
                score = fuzz.token_set_ratio(
                    text, self.typed[place], score_cutoff=self.thresholds.possible
                )
                if score:
                    yield self._match(place, Band.POSSIBLE, Method.PART, score)
            yield from self._aligned(words, place)

    def _aligned(self, words: list[str], place: int) -> Iterator[Match[Key]]:
        """The words of both in the order in which they agree best."""
        others = self.typed[place].split()
        fewest = min(len(words), len(others))
        if len(words) != len(others) and fewest < _LONG_WORDS:
            return
        one, other = aligned(words, others)
        score = fuzz.ratio(one, other)
        if len(words) != len(others):
            if score >= self.thresholds.possible:
                yield self._match(place, Band.POSSIBLE, Method.PART, score)
        elif score >= self.thresholds.strong:
            yield self._match(place, Band.STRONG, Method.SPELLING, score)
        elif len(other) >= _LONG_LETTERS and OSA.distance(one, other) <= _ERRORS:
            yield self._match(place, Band.POSSIBLE, Method.SPELLING, score)

    def _match(self, place: int, band: Band, method: Method, score: float) -> Match[Key]:
        listed = self.listed[place]
        return Match(listed.key, listed.name, band, method, score)


def _says_little(words: list[str]) -> bool:
    return len(words) == 1 or sum(map(len, words)) <= _ACRONYM_LETTERS


class Index(Generic[Key]):
    """The names of the list, ready to be compared with; built once and never changed."""

    def __init__(
        self, names: Iterable[tuple[Key, str, bool]], thresholds: Thresholds | None = None
    ) -> None:
        """`names` are triples of a party's key, a name of it, and whether the name is weak."""
        self.thresholds = thresholds or Thresholds()
        self.size = 0
        self._latin: _Script[Key] = _Script(self.thresholds)
        self._scripts: dict[str, _Script[Key]] = {}
        for key, name, is_weak in names:
            self.size += 1
            listed = _Listed(key, name, is_weak)
            if words := typed_words(name):
                self._latin.add(words, listed)
            script, words = own_script(name)
            if words:
                self._scripts.setdefault(script, _Script(self.thresholds)).add(words, listed)

    def find(self, name: str) -> list[Match[Key]]:
        """The parties with a name like this one, each once with its best match, best first."""
        best: dict[Key, Match[Key]] = {}
        for match in self._candidates(name):
            known = best.get(match.key)
            if known is None or match.rank > known.rank:
                best[match.key] = match
        return sorted(best.values(), key=lambda match: match.rank, reverse=True)

    def _candidates(self, name: str) -> Iterator[Match[Key]]:
        if words := typed_words(name):
            yield from self._latin.find(words)
        script, words = own_script(name)
        if words and script in self._scripts:
            yield from self._scripts[script].find(words)
