"""An exported conversation and today's index go in; whether every quotation still stands in its article comes out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from index.terminal import DONE, SOME_FAILED, json_line, run, say
from qa.errors import BadQuestion

if TYPE_CHECKING:
    from index.opening import Index

Standing = Literal["same", "moved", "changed", "gone"]
MAX_BYTES = 256 * 1024 * 1024
HELP = """\
A quotation is "same" where it stands where the export says, "moved" where it stands elsewhere in its article, "changed"
where its article no longer holds it, and "gone" where there is no such article.
exit codes: 0 all stand, the same or moved; 1 some do not; 2 the file is no export; 3 no usable index.
limits: a file has at most 256 MiB."""
WORDS: dict[Standing, str] = {"same": "same", "moved": "moved", "changed": "CHANGED", "gone": "GONE"}


@dataclass(frozen=True)
class Quoted:
    """A quotation as an export tells of it: turn and number, from 1; `digest` is the sha256 of its article, or ""."""

    turn: int
    number: int
    article: str
    start: int
    end: int
    quote: str
    digest: str


@dataclass(frozen=True)
class Verified:
    """How a quotation stands today; `start` and `end` are where it stands now, None where it does not."""

    turn: int
    number: int
    article: str
    quote: str
    standing: Standing
    start: int | None
    end: int | None
    detail: str = ""

    @property
    def stands(self) -> bool:
        """Whether the article still holds the words."""
        return self.standing in ("same", "moved")


def verify(quotations: Iterable[Quoted], index: Index) -> list[Verified]:
    """Look every quotation up in the articles of an index."""
    return [_verify(each, index) for each in quotations]


def read_export(file: Path) -> list[Quoted]:
    """Read the quotations of an export. Raises BadQuestion where it is none."""
    try:
        if file.stat().st_size > MAX_BYTES:
            raise BadQuestion(f"{file} has more than {MAX_BYTES} bytes.")
        value = json.loads(file.read_bytes())
        digests = {str(each["id"]): str(each.get("sha256") or "") for each in value["articles"]}
        answers = [(turn, each["answer"]) for turn, each in enumerate(value["turns"], 1) if each["answer"] is not None]
        return [_quoted(turn, each, digests) for turn, answer in answers for each in answer["citations"]]
    except OSError as error:
        raise BadQuestion(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadQuestion(f"{file} is no exported conversation (JSON): {type(error).__name__}: {error}") from error


def _quoted(turn: int, value: dict[str, Any], digests: dict[str, str]) -> Quoted:
    number, article, start, end, quote = (value[name] for name in ("number", "article", "start", "end", "quote"))
    if not all(type(each) is int for each in (number, start, end)) or not all(
        type(each) is str for each in (article, quote)
    ):
        raise ValueError(f"a citation of turn {turn} has no number, article, quote, start and end")
    f"{article}{quote}".encode()  # UnicodeEncodeError, a ValueError, where they hold lone surrogates
    if not quote or not 0 <= start < end:
        raise ValueError(f"citation {number} of turn {turn} quotes nothing")
    # The citation's own digest: an article may have changed between two turns of a conversation.
    digest = str(value.get("text_digest") or digests.get(article, ""))
    return Quoted(turn, number, article, start, end, quote, digest)


def _verify(quoted: Quoted, index: Index) -> Verified:
    def found(standing: Standing, start: int | None, detail: str = "") -> Verified:
        end = None if start is None else start + len(quoted.quote)
        return Verified(quoted.turn, quoted.number, quoted.article, quoted.quote, standing, start, end, detail)

    try:
        article = index.article(quoted.article)
    except KeyError:
        return found("gone", None, _elsewhere(quoted, index))
    stale = "the file has changed since it was indexed" if index.is_stale(quoted.article) else ""
    if article.text[quoted.start : quoted.end] == quoted.quote:
        return found("same", quoted.start, stale)
    places = list(places_of(article.text, quoted.quote))
    if places:
        return found("moved", min(places, key=lambda place: abs(place - quoted.start)), stale)
    is_same_text = quoted.digest == article.text_digest
    return found("changed", None, "the article is the same, so the export was altered" if is_same_text else stale)


def places_of(text: str, quote: str) -> Iterable[int]:
    """Where words stand in a text."""
    place = text.find(quote)
    while place >= 0:
        yield place
        place = text.find(quote, place + 1)


def _elsewhere(quoted: Quoted, index: Index) -> str:
    """Where the article's very text stands under another name."""
    same = [file.id for file in index.files() if quoted.digest and file.text_digest == quoted.digest]
    return f"the same text is now {same[0]}" if same else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify an export and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m qa.verify",
        description="Check every quotation of an exported conversation against today's articles.",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("export", type=Path, metavar="EXPORT.json")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    options = parser.parse_args(arguments)
    return run(lambda: _report(options))


def _report(options: argparse.Namespace) -> int:
    from index.opening import open_index

    quotations = read_export(options.export)
    verified = verify(quotations, open_index(options.index))
    standing = sum(each.stands for each in verified)
    if options.json:
        quotes = [asdict(each) for each in verified]
        say(json_line({"quotations": len(verified), "standing": standing, "results": quotes}, indent=1))
    else:
        for each in verified:
            say(_line(each))
        say(f"{standing} of {len(verified)} quotations stand.")
    return DONE if standing == len(verified) else SOME_FAILED


def _line(each: Verified) -> str:
    place = "" if each.start is None else f", characters {each.start}-{each.end}"
    detail = f" ({each.detail})" if each.detail else ""
    return f"{WORDS[each.standing]}: turn {each.turn} [{each.number}] {each.article}{place}{detail}"


if __name__ == "__main__":
    sys.exit(main())
