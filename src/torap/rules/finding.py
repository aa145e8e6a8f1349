"""How near a word asked for is to the words of a name: as it is, its stem, its beginning, one letter wrong.

All words are folded (`rules.fold`). Pure, so that the order of what is found can be proved in a table.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from torap.rules.fold import fold, stems

# Nearness, best first.
SAME, STEM, BEGINNING, WITHIN, TYPO = range(5)

_SHORTEST_BEGINNING = 3  # letters of a beginning: shorter ones begin half the words there are
_SHORTEST_WITHIN = 5
_SHORTEST_TYPO = 5
# Words that join others and find nothing by themselves: English, Russian, Kazakh.
JOINING = frozenset(
    fold(
        "the of in an at to for and by or и в во на с со за к до от из по о об для или және мен бен пен a"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every word of the index, with what is needed to look one up: sorted, and by stem."""

    words: tuple[str, ...]
    stems: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def near(self, asked: str) -> dict[str, int]:
        """Words near `asked` with their nearness; the farther kinds only where it stands nowhere as it is."""
        found = dict.fromkeys(self._beginning(asked), BEGINNING)
        if self._has(asked):
            found[asked] = SAME
        mistakable = not found and asked.isalpha()
        found |= {word: STEM for word in self._of_stem(asked) if found.get(word) != SAME}
        if not mistakable:
            return found
        if not found and len(asked) >= _SHORTEST_WITHIN:
            found = dict.fromkeys((word for word in self.words if asked in word), WITHIN)
        return dict.fromkeys(self._mistyped(asked), TYPO) | found

    def _has(self, word: str) -> bool:
        at = bisect_left(self.words, word)
        return at < len(self.words) and self.words[at] == word

    def _beginning(self, asked: str) -> Iterator[str]:
        if len(asked) < _SHORTEST_BEGINNING:
            return
        for at in range(bisect_left(self.words, asked), len(self.words)):
            if not self.words[at].startswith(asked):
                return
            yield self.words[at]

    def _of_stem(self, asked: str) -> set[str]:
        if len(asked) < _SHORTEST_BEGINNING:
            return set()
        return set().union(*(self.stems.get(root, ()) for root in stems(asked)))

    def _mistyped(self, asked: str) -> list[str]:
        """Words with one letter of `asked` wrong; where there are none, words whose stem is that near."""
        if len(asked) < _SHORTEST_TYPO:
            return []
        whole = [word for word in self.words if one_letter_apart(asked, word)]
        if whole:
            return whole
        roots = [root for root in stems(asked) if len(root) >= _SHORTEST_TYPO]
        return [
            word
            for own, words in self.stems.items()
            if any(one_letter_apart(root, own) for root in roots)
            for word in words
        ]


def vocabulary(words: Iterable[str]) -> Vocabulary:
    """The vocabulary of these words."""
    ordered = sorted(set(words))
    by_stem: dict[str, list[str]] = {}
    for word in ordered:
        for root in stems(word):
            by_stem.setdefault(root, []).append(word)
    return Vocabulary(tuple(ordered), {root: tuple(rows) for root, rows in by_stem.items()})


def one_letter_apart(first: str, second: str) -> bool:
    """One letter wrong, missing, too many, or two neighbours changed places."""
    if len(first) > len(second):
        first, second = second, first
    if len(second) - len(first) > 1 or first == second:
        return False
    at = next((i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), len(first))
    if len(first) < len(second):
        return first[at:] == second[at + 1 :]
    swapped = first[at : at + 2] == second[at : at + 2][::-1] and first[at + 2 :] == second[at + 2 :]
    return swapped or first[at + 1 :] == second[at + 1 :]


def asked_words(folded: Iterable[str]) -> list[str]:
    """The words of a query that narrow it: those that only join others are left out."""
    return [word for word in folded if word not in JOINING]
