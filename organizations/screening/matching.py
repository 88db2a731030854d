"""Compares names with those of the list, in memory.

Bands: `strong` where two names are the same words in any order, or nearly the same letters;
`possible` where nearly all words of one occur in the other, or a long name has two typing errors
more than that. A name of one word, an acronym of up to four letters and a name that the list
calls weak count only when equal as a whole, and are possible at most: they are names of thousands.
"""

from bisect import bisect_left, bisect_right
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
    """The listed names in one script.

    Those that may be compared letter by letter have a place in the lists, the same one in each,
    the shortest first: names of very different length are not compared at all.
    """

    def __init__(
        self, names: Iterable[tuple[list[str], _Listed[Key]]], thresholds: Thresholds
    ) -> None:
        self.thresholds = thresholds
        self.by_words: dict[str, list[_Listed[Key]]] = defaultdict(list)
        self.with_word: dict[str, list[int]] = defaultdict(list)
        comparable = []
        for words, given in names:
            listed = _Listed(given.key, given.name, given.is_weak or _says_little(words))
            self.by_words[" ".join(sorted(words))].append(listed)
            if not listed.is_weak:
                comparable.append((" ".join(words), listed))
        comparable.sort(key=lambda pair: len(pair[0]))
        self.typed = [text for text, _listed in comparable]
        self.words = [text.split() for text in self.typed]
        self.ordered = [" ".join(sorted(words)) for words in self.words]
        self.lengths = [len(text) for text in self.typed]
        self.listed = [listed for _text, listed in comparable]
        for place, words in enumerate(self.words):
            for word in set(words):
                self.with_word[word].append(place)

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
            first, last = self._as_long_as(len(text))
            for _, score, place in process.extract(
                text,
                choices[first:last],
                scorer=fuzz.ratio,
                score_cutoff=self.thresholds.strong,
                limit=None,
            ):
                yield self._match(first + place, Band.STRONG, Method.SPELLING, score)
            if len(text) < _LONG_LETTERS:
                continue
            first, last = self._between(len(text) - _ERRORS, len(text) + _ERRORS)
            for other, _, place in process.extract(
                text, choices[first:last], scorer=OSA.distance, score_cutoff=_ERRORS, limit=None
            ):
                score = fuzz.ratio(text, other)
                yield self._match(first + place, Band.POSSIBLE, Method.SPELLING, score)

    def _as_long_as(self, length: int) -> tuple[int, int]:
        """Where the names begin and end whose length alone does not keep them under `strong`.

        The ratio of two texts is at most twice the shorter one's part of both.
        """
        part = self.thresholds.strong / (200 - self.thresholds.strong)
        return self._between(length * part, length / part)

    def _between(self, shortest: float, longest: float) -> tuple[int, int]:
        return bisect_left(self.lengths, shortest), bisect_right(self.lengths, longest)

    def _sharing(self, words: list[str]) -> Iterator[Match[Key]]:
        """Names with words in common: an error in a first letter changes the order of words."""
        shared = Counter(place for word in set(words) for place in self.with_word.get(word, ()))
        text = " ".join(words)
        first, last = self._as_long_as(len(text))
        for place, count in shared.items():
            if count >= _SHARED_WORDS:
                score = fuzz.token_set_ratio(
                    text, self.typed[place], score_cutoff=self.thresholds.possible
                )
                if score:
                    yield self._match(place, Band.POSSIBLE, Method.PART, score)
            if len(words) != len(self.words[place]):
                yield from self._part(words, place)
            elif first <= place < last:
                yield from self._reordered(words, place)

    def _part(self, words: list[str], place: int) -> Iterator[Match[Key]]:
        """The words of the shorter name, each beside the one that it is most like."""
        if min(len(words), len(self.words[place])) < _LONG_WORDS:
            return
        score = fuzz.ratio(*aligned(words, self.words[place]))
        if score >= self.thresholds.possible:
            yield self._match(place, Band.POSSIBLE, Method.PART, score)

    def _reordered(self, words: list[str], place: int) -> Iterator[Match[Key]]:
        """As many words, in the order in which they agree best."""
        one, other = aligned(words, self.words[place])
        score = fuzz.ratio(one, other)
        if score >= self.thresholds.strong:
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
        latin: list[tuple[list[str], _Listed[Key]]] = []
        others: dict[str, list[tuple[list[str], _Listed[Key]]]] = defaultdict(list)
        for key, name, is_weak in names:
            self.size += 1
            listed = _Listed(key, name, is_weak)
            if words := typed_words(name):
                latin.append((words, listed))
            script, words = own_script(name)
            if words:
                others[script].append((words, listed))
        self._latin = _Script(latin, self.thresholds)
        self._scripts = {
            script: _Script(found, self.thresholds) for script, found in others.items()
        }

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
