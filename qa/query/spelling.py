"""A question goes in, the question with its misspelt words as the articles spell them comes out."""

from __future__ import annotations

import calendar
import re
from collections import Counter

from index.opening import Index
from index.words import QUESTION_WORDS, words
from qa.reader.passage_reader import is_common

WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?")
# "wording" is no misspelling of "working".
ENDINGS = ("ings", "ing", "ly", "ness", "ful", "less")
SHORTEST = 5  # letters of a word that may be corrected; a shorter one has too many neighbours
LONG = 9  # letters from which two edits are allowed
# Words that articles need not hold, in the order in which they are tried: "abuot", "waht", "teh".
SHORTEST_COMMON = 3  # letters
SHORTEST_BASE = 4  # letters before an ending
COMMON = tuple(
    word
    for word in f"the about that with and because there their people many much {QUESTION_WORDS}".split()
    if len(word) >= SHORTEST_COMMON
)
ROWS = 50  # passages looked at for the right spelling
# Names come from other scripts by several ways: "Guta" is "Ghouta", "Sheikoun" "Sheikhoun".
SOUNDS = {"kh": "k", "gh": "g", "ph": "f", "ou": "u", "oo": "u"}
SOUND = re.compile("|".join(SOUNDS))
SHORTEST_NAME = 4  # letters of a name that may be written as it sounds


def correct(question: str, index: Index) -> str:
    """Replace each word that no article holds by the one that they hold and that is spelt almost like it, if any.

    A common word is not misspelt, a name is only replaced by a name, and the first letter stays. "Allepo" becomes
    "Aleppo", "Danang" "Da Nang".
    """
    return WORD.sub(lambda match: _corrected(match, index), question)


def _corrected(match: re.Match[str], index: Index) -> str:
    word, stems = match[0], words(match[0])
    if not stems or _is_word(word) or any(index.is_known(stem) for stem in stems):
        return word
    if common := _common(word, may_be_name=match.start() > 0):
        return common
    if len(word) < (SHORTEST_NAME if word[0].isupper() else SHORTEST):
        return word
    # The stem of a misspelt month is far from that of the month.
    for month in calendar.month_name[1:]:
        if _is_misspelling(word.casefold(), month.casefold()):
            return month
    counts: Counter[str] = Counter()
    for row in index.rows_like(stems[0], ROWS):
        passage = index.passage(row)
        counts.update(WORD.findall(f"{passage.heading} {passage.text}"))
    near = [held for held in counts if _is_misspelling(word, held)]
    if near:
        return max(near, key=lambda held: (-edits(word.casefold(), held.casefold()), counts[held], held))
    return _in_two(word, index)


def _is_word(word: str) -> bool:
    """Whether a word is a common one, or one in small letters with a common ending behind it."""
    bases = [word.removesuffix(each) for each in ENDINGS if word.endswith(each)] if word.islower() else []
    return is_common(word) or any(len(base) >= SHORTEST_BASE and is_common(base) for base in bases)


def _common(word: str, *, may_be_name: bool) -> str:
    """The common word that a word is a slip of, by two letters exchanged or one that is missing; "" for others."""
    if len(word) < SHORTEST_COMMON or (may_be_name and word[0].isupper()):
        return ""
    found = next((each for each in COMMON if _is_slip(word.casefold(), each)), "")
    return found.capitalize() if word[0].isupper() else found


def _is_slip(typed: str, meant: str) -> bool:
    is_swapped = sorted(typed) == sorted(meant) and typed[0] == meant[0]
    return edits(typed, meant) == 1 and (is_swapped or len(typed) < len(meant))


def _is_misspelling(typed: str, held: str) -> bool:
    is_name_lost = typed[0].isupper() and not held[0].isupper()
    if is_name_lost or typed[0].casefold() != held[0].casefold():
        return False
    if held[0].isupper() and _sounded(typed) == _sounded(held) and len(_sounded(typed)) >= SHORTEST_NAME:
        return True
    if len(typed) < SHORTEST:
        return False
    allowed = 2 if len(typed) >= LONG else 1
    return edits(_squeezed(typed), _squeezed(held)) <= allowed and len(held) >= SHORTEST - 1


def _squeezed(word: str) -> str:
    """Without case and doubled letters, the commonest slips: "Allepo" and "Aleppo" are then one."""
    return re.sub(r"(.)\1+", r"\1", word.casefold())


def _sounded(name: str) -> str:
    return _squeezed(SOUND.sub(lambda match: SOUNDS[match[0]], name.casefold()))


def edits(first: str, second: str) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours that turn one into the other (Damerau, 1964)."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(second, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if last and j > 1 and a == second[j - 2] and first[i - 2] == b:
                best = min(best, last[j - 2] + 1)
            row.append(best)
    return row[-1]


def _in_two(word: str, index: Index) -> str:
    """Two known words written as one, where an article has them side by side."""
    for cut in range(2, len(word) - 1):
        first, second = word[:cut], word[cut:]
        stems = [words(part) for part in (first, second)]
        if all(len(each) == 1 and index.is_known(each[0]) for each in stems):
            pair = re.compile(rf"\b{first}[ -]{second}\b", re.IGNORECASE)
            for ranked in index.lexical(f"{first} {second}", 5):
                passage = index.passage(ranked.row)
                if found := pair.search(f"{passage.heading} {passage.text}"):
                    return found[0]
    return word
