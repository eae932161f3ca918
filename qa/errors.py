"""What can go wrong with a question, in words that say what to do."""

from __future__ import annotations

from index.errors import QuotedError


class BadQuestion(QuotedError, ValueError):
    """The question, or an option given with it, cannot be answered as it stands."""
