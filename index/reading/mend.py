"""Blocks as read go in, blocks fit to quote come out: what a page break cut is joined, what is no text is set aside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import islice

from index.find_model import DEFAULT_ENCODER, model_folder
from index.reading.block import Block
from index.reading.names import WORD

SENTENCE_END = re.compile(r"[.!?…:;。！？；][\"'”’»)\]」』]*$")
BROKEN_WORD = re.compile(r"(\w+)-$")
LONGEST_WORD = 60  # characters; what is longer is no word that a page broke, and would make the search slow
FIRST_WORD = re.compile(r"^(\w+)")
# A shorter paragraph without an end mark is a label, not one cut by a page break; where the next begins with a
# small letter, fewer words are enough to tell.
CUT_PARAGRAPH_WORDS = 12
CUT_BEFORE_SMALL_LETTER_WORDS = 4
LONGEST_JOINED = 5000  # characters; lists and poems without end marks are not joined without end
LABEL_CHARACTERS = 60  # scripts without spaces write a paragraph in one word
QUESTION_WORDS = 25  # of a question that a short line below it answers
LABEL_WORDS = 3  # a paragraph of so few words without an end mark ("Articles & Testimony") is a label
# A line of capitalised words and no end is a name, that of the newspaper above its article for one.
NAME_ONLY = re.compile(rf"{WORD}(?: (?:{WORD}|of|the|and|for|in|at|on|&|de|la))*")
LINKS_ONLY = 0.6  # share of a paragraph inside links from which it is navigation, not text
CITING = r"references|bibliography|works cited|sources|notes|endnotes|footnotes"
CITING_HEADINGS = re.compile(rf"({CITING})[:.]?", re.IGNORECASE)
# Sections after an article's end, by their heading; the next heading of the same or a higher level ends them.
ASIDE_HEADINGS = re.compile(
    rf"({CITING}|further reading|topics|tags"
    r"|recommended( (articles|reading|for you|stories))?|related( (articles?|stories|reading|content|posts|links))?"
    r"|regions & countries|see also|external links|read more|most read|trending|share|newsletter|comments)[:.]?",
    re.IGNORECASE,
)
# "The work underlying this brief was financed by …" stands behind the list of what it cites.
PROSE_WORDS = 12
ASIDE_PARAGRAPHS = re.compile(
    r"(related (article|story|stories|reading)s?:|read (more|also|next):|see also:|image:|photo:|photograph:"
    r"|(we|(this|our) (web)?site) uses? cookies|by (continuing|using|browsing)[^.]{0,60} cookies"
    r"|for immediate (release|use|publication)[.:!]?$|original url:|source url:|https?://\S+$|www\.\S+$|advertisement$|©"
    r"|(this|the following) is an? (digest|summary|excerpt|translation) "
    r"|this (article|essay|piece|post|story) (was |is )?(first|originally)|the views (and opinions )?expressed in)",
    re.IGNORECASE,
)
# Signs between parts of a text, or at its end, which are no word of it.
ORNAMENTS = re.compile(r"(?:\s+[\u2042\u2766\u2767\u25a0-\u25ff\u2605-\u2606\u2700-\u2767\u2b1b\u2b1c◊]+)+$")
ADDRESS = re.compile(
    r"\b[\w.+-]{1,64}@[\w-]{1,64}\.\w+|\bP\.? ?O\.? ?Box\b|\b(?:Tel|Phone|Fax)\.?:? ?[+\d(]", re.IGNORECASE
)
ADDRESS_WORDS, ADDRESS_LENGTH = 40, 400
# Calls to do something, which are short; "Subscribers left the union in 1990" is text.
ASIDE_CALLS = re.compile(r"(sign up|subscribe|share this|follow us|all rights reserved)\b", re.IGNORECASE)
CALL_WORDS = 12
MARKS = re.compile(r"([\u0300-\u036f]{8})[\u0300-\u036f]+")  # no script stacks more; sorting endless ones takes minutes
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})


def clean_text(text: str) -> str:
    """Return `text` in NFC with ligatures resolved and every control, invisible and unassigned character gone."""
    composed = text if text.isascii() else _composed(text)
    unseen = {ord(char): None for char in set(composed) - {"\n", "\t"} if unicodedata.category(char) in _INVISIBLE}
    return composed.translate(unseen) if unseen else composed


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", MARKS.sub(r"\1", text.translate(LIGATURES)))


_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})  # Cf holds soft hyphens, zero-width, bidi and tag characters


def mend(blocks: Iterable[Block], is_marked_up: bool = False) -> list[Block]:
    """Clean every text, join what a page break cut and set aside what is no part of the article, keeping the order.

    `is_marked_up`: the file itself tells where its paragraphs begin, so that one without an end mark is whole.
    """
    return _join(_set_aside(_with_text(map(_clean, blocks))), is_marked_up)


def _clean(block: Block) -> Block:
    """Clean the text of each page of a block for itself, so that the pages' offsets stay right."""
    text, breaks = "", []
    starts = [0, *block.breaks]
    for position, (start, end) in enumerate(zip(starts, [*block.breaks, len(block.text)], strict=True)):
        raw = block.text[start:end]
        piece = " ".join(clean_text(raw).split())
        if text and piece and (raw[:1].isspace() or block.text[start - 1].isspace()):
            text += " "
        if position:
            breaks.append(len(text))
        text += piece
    ornaments = ORNAMENTS.search(text[-LONGEST_WORD:])
    if ornaments and len(ornaments[0]) < len(text):
        text = text[: -len(ornaments[0])]
    return replace(block, text=text, breaks=tuple(min(at, len(text)) for at in breaks))


def _with_text(blocks: Iterable[Block]) -> list[Block]:
    """Leave out empty blocks; a page that began in one begins in the next."""
    result: list[Block] = []
    waiting = 0
    for block in blocks:
        waiting += 0 if block.text else len(block.breaks)
        if block.text:
            result.append(replace(block, breaks=(0,) * waiting + block.breaks))
            waiting = 0
    return result


def _join(blocks: list[Block], is_marked_up: bool) -> list[Block]:
    is_broken = any(_broken_word(block.text) for block in blocks)
    words = article_words("\n".join(block.text for block in blocks)) if is_broken else frozenset()
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if last and last.kind == block.kind == "paragraph" and _continues(last.text, block.text, is_marked_up):
            text = _glue(last.text, block.text, words)
            moved = len(text) - len(block.text)
            joined[-1] = replace(last, text=text, breaks=last.breaks + tuple(at + moved for at in block.breaks))
        else:
            joined.append(block)
    return joined


def _continues(text: str, following: str, is_marked_up: bool) -> bool:
    """Tell whether a paragraph was cut and goes on in the following one."""
    if len(text) > LONGEST_JOINED:
        return False
    if _broken_word(text):
        return FIRST_WORD.match(following) is not None
    if _ends(text):
        return False
    words = len(text.split())
    if following[0].islower():
        return words >= CUT_BEFORE_SMALL_LETTER_WORDS
    return not is_marked_up and words >= CUT_PARAGRAPH_WORDS and _ends(following)


def _ends(text: str) -> bool:
    return SENTENCE_END.search(text[-LONGEST_WORD:]) is not None


def _glue(text: str, following: str, words: frozenset[str]) -> str:
    """Join two halves of a paragraph, and the halves of a word that a hyphen parts."""
    broken, first = _broken_word(text), FIRST_WORD.match(following)
    if not broken or not first:
        return f"{text} {following}"
    return (text[:-1] if is_one_word(broken, first[1], words) else text) + following


def is_one_word(half: str, other: str, words: frozenset[str]) -> bool:
    """Tell whether the hyphen between two halves goes: in "rela-tions", but not in "post-Ukraine" or "well-known".

    It goes where the whole is a known word, or, of two small-lettered halves, where one alone is none.
    """
    whole = (half + other).lower()
    if not other[0].islower():
        return False
    if whole in words or whole in _vocabulary():
        return True
    return not all(part.lower() in _vocabulary() for part in (half, other)) and half.isalpha()


def article_words(text: str) -> frozenset[str]:
    """The words that a text writes without a hyphen, in small letters."""
    return frozenset(word.lower() for word in re.findall(r"(?<![\w-])\w+(?![\w-])", text))


def _broken_word(text: str) -> str:
    """The first half of a word that ends a paragraph with a hyphen; "" where there is none."""
    found = BROKEN_WORD.search(text[-LONGEST_WORD:])
    return found[1] if found else ""


@cache
def _vocabulary() -> frozenset[str]:
    """The whole words among the encoder's 30,522 word pieces: enough to tell "relations" from "postconflict"."""
    vocabulary = model_folder(DEFAULT_ENCODER) / "vocab.txt"
    return frozenset(vocabulary.read_text(encoding="utf-8").split())


def _set_aside(blocks: list[Block]) -> list[Block]:
    result: list[Block] = []
    aside_level, cites = 0, False
    for position, block in enumerate(blocks):
        if block.kind == "heading" and (not aside_level or block.level <= aside_level):
            aside_level = block.level if ASIDE_HEADINGS.fullmatch(block.text.strip()) else 0
            cites = bool(CITING_HEADINGS.fullmatch(block.text.strip()))
        elif cites and blocks[position - 1].kind == "item" and _is_prose(block):
            aside_level = 0
        is_bare = _has_no_words(block) or (position and _is_label(block))  # the first line may be a short title
        if aside_level or _is_aside(block) or (is_bare and not _is_answer(block, blocks[position - 1])):
            result.append(replace(block, kind="aside"))
        else:
            result.append(block)
    return result


def _is_answer(block: Block, before: Block) -> bool:
    """Whether a text stands below a question, as "No." does below "Is it taxed?"."""
    is_question = before.text.endswith("?") and len(before.text.split()) <= QUESTION_WORDS
    return is_question and before.level != 1 and any(map(str.isalnum, block.text))


def _has_no_words(block: Block) -> bool:
    return block.kind != "heading" and len(list(islice(filter(str.isalpha, block.text), 3))) < 3


def _is_prose(block: Block) -> bool:
    return block.kind == "paragraph" and len(block.text.split()) >= PROSE_WORDS and _ends(block.text)


def _is_aside(block: Block) -> bool:
    if block.kind == "heading":
        return False
    words = len(block.text.split())
    if (
        words <= ADDRESS_WORDS
        and ADDRESS.search(block.text[:ADDRESS_LENGTH])
        and not block.text.endswith((".", "!", "?"))
    ):
        return True
    call = ASIDE_CALLS.match(block.text) and words <= CALL_WORDS
    return block.linked >= LINKS_ONLY or bool(call or ASIDE_PARAGRAPHS.match(block.text))


def _is_label(block: Block) -> bool:
    short = len(block.text.split()) <= LABEL_WORDS or NAME_ONLY.fullmatch(block.text)
    return (
        block.kind == "paragraph"
        and bool(short)
        and len(block.text) <= LABEL_CHARACTERS
        and not _ends(block.text)
        and not _broken_word(block.text)
    )
