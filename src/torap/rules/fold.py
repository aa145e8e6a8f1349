"""Folding names for search, so that Kazakh, Russian and Latin spellings of one name meet.

Not a transliteration to read: what alphabets write apart is merged on purpose (a with o, e with i and y, k
with q, kh and h), because Қорғас, Хоргос, Khorgos and Korgas are one place. Ranking then uses the spelling.
"""

from __future__ import annotations

import re
import unicodedata

_CYRILLIC = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "e", "ж": "j",
    "з": "z", "и": "i", "й": "i", "к": "k", "қ": "k", "л": "l", "м": "m", "н": "n", "ң": "n", "о": "o",
    "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u", "ү": "u", "ф": "f", "х": "k",
    "һ": "k", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "і": "i", "ь": "", "э": "e",
    "ю": "iu", "я": "ia",
}  # fmt: skip
# What reads otherwise than it is folded: for words that people read.
_READ = {
    "ж": "zh", "й": "y", "қ": "q", "х": "kh", "һ": "h", "щ": "shch", "ы": "y", "ю": "yu", "я": "ya",
}  # fmt: skip
_LATIN = {"ş": "sh", "ç": "ch", "ı": "i", "ý": "u", "ß": "ss", "æ": "e", "ø": "o", "đ": "d", "ł": "l"}
_LETTERS = str.maketrans({**_CYRILLIC, **_LATIN})
_READABLE = str.maketrans({**_CYRILLIC, **_READ, **_LATIN})
# Order matters: clusters first, then single letters, then what only spelling tells apart.
_CLUSTERS = (
    ("dzh", "j"), ("zh", "j"), ("shch", "sh"), ("sch", "sh"), ("tch", "ch"), ("kh", "k"), ("gh", "g"),
    ("ph", "f"), ("ck", "k"), ("ya", "ia"), ("yu", "iu"), ("ye", "e"), ("yo", "e"),
)  # fmt: skip
_WORDS = re.compile(r"[^\W_]+")
_DOUBLED = re.compile(r"(.)\1+")
_SINGLE = str.maketrans({"q": "k", "w": "u", "y": "i"})
_MERGED = str.maketrans({"o": "a", "e": "i", "h": "k"})
_SIGNS = str.maketrans({"№": " ", "#": " "})
_STEM = 4  # letters; a shorter stem, of three, only for a word that leaves no longer one: хаб, хабтар
_MOST_ENDINGS = 3  # Kazakh stacks them: plural, whose, case; Russian has one
# Endings of nouns and adjectives as they look once folded. The English plural goes with the Russian ones.
_RUSSIAN = """a i u s av iv ai ii iu am im ak ik ia aia iia ami imi ui uiu aga iga amu imu iav iak iam iami
    akami ikami"""
_KAZAKH = """i si u lar lir dar dir tar tir nin din tin ni di ti n ga gi ka ki na ni da di ta ti nda ndi
    dan din tan tin nan min bin pin dagi digi tagi tigi ndagi ndigi"""


_LANGUAGES = ((tuple(_RUSSIAN.split()), 1), (tuple(_KAZAKH.split()), _MOST_ENDINGS))


def words(text: str) -> list[str]:
    """The words of `text` in lower-case Latin letters and digits, one spelling for one sound."""
    composed = unicodedata.normalize("NFC", text.translate(_SIGNS)).casefold()
    latin = unicodedata.normalize("NFKD", composed.translate(_LETTERS))
    bare = "".join(letter for letter in latin if not unicodedata.combining(letter))
    return [_clustered(word) for word in _WORDS.findall(bare)]


def latin(text: str) -> str:
    """`text` in small Latin letters as it is read, without accents: for addresses and codes. Letters of other
    alphabets than Cyrillic and Latin stay as they are."""
    plain = unicodedata.normalize("NFC", text).lower().translate(_READABLE)
    bare = unicodedata.normalize("NFKD", plain)
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def fold(text: str) -> str:
    """`text` as single-spaced folded words: equal for spellings of one name in different alphabets."""
    return " ".join(filter(None, (_merge(word) for word in words(text))))


def stems(word: str) -> frozenset[str]:
    """A folded word and what is left of it without Russian, or Kazakh, endings: порт, порта, портов share
    one.

    For comparing only: it may cut more than grammar would, in what is asked and in what is found alike.
    Numbers stay whole.
    """
    if any(letter.isdigit() for letter in word):
        return frozenset({word})
    cut = set().union(*(_without(word, endings, times) for endings, times in _LANGUAGES))
    long = {root for root in cut if len(root) >= _STEM}
    return frozenset({word, *(long or {root for root in cut if len(root) == _STEM - 1})})


def _without(word: str, endings: tuple[str, ...], times: int) -> set[str]:
    """Everything that is left after cutting up to so many endings, whichever fit."""
    found: set[str] = set()
    ways = {word}
    for _time in range(times):
        ways = {way.removesuffix(end) for way in ways for end in endings if way.endswith(end)}
        ways = {way for way in ways if len(way) >= _STEM - 1}
        found |= ways
    return found


def _clustered(word: str) -> str:
    word = word.replace("x", "ks")
    for cluster, letter in _CLUSTERS:
        word = word.replace(cluster, letter)
    return word.translate(_SINGLE)


def _merge(word: str) -> str:
    if word.isdigit():
        return word
    # "sh" and "ch" keep their h; any other h is a breath that Kazakh and Russian write as a k sound.
    kept = word.replace("sh", "\x01").replace("ch", "\x02").translate(_MERGED)
    merged = kept.replace("c", "k").replace("\x01", "sh").replace("\x02", "ch")
    single = _DOUBLED.sub(r"\1", merged)
    return single if len(single) > 1 else merged  # "zz" is no z: one letter would find everything
