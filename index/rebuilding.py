"""An index folder goes in; the command that builds it anew comes out, with the articles folder where that is known."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

from index.errors import IndexMismatch
from index.generation import folder_name, in_turn, read_manifest
from index.places import default_articles, default_index_dir


def rebuild(index_dir: Path) -> str:
    """What to do about a damaged index: "Rebuild it: python -m index build /articles --index /index"."""
    known = articles_of(index_dir)
    is_default = not known or Path(known) == default_articles()
    articles = "" if is_default else f" {quote(known)}"
    return f"Rebuild it: python -m index build{articles}{index_option(index_dir)}"


def building(index_dir: Path, articles: str) -> str:
    """What to do where there is no index yet: "Build it: python -m index build /articles --index /index"."""
    return f"Build it: python -m index build {quote(articles)}{index_option(index_dir)}"


def index_option(index_dir: Path) -> str:
    """The option that names an index; "" for the default one."""
    return "" if index_dir == default_index_dir() else f" --index {quote(str(index_dir))}"


def articles_of(index_dir: Path) -> str:
    """The articles folder of the first generation whose manifest can be read, whatever else is damaged; "" if none."""
    for number in in_turn(index_dir):
        try:
            return read_manifest(index_dir / folder_name(number)).articles
        except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexMismatch):
            continue
    return ""
