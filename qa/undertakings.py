"""A question goes in; whether it asks in other words than "why" what made an undertaking fail comes out."""

from __future__ import annotations

import re

# "How did the truce collapse?" and "What killed the deal?" ask why it did; "How did the tower collapse?" may not.
UNDERTAKING = (
    r"(?:truces?|cease-?fires?|armistice|peace|deals?|agreements?|accords?|pacts?|treat(?:y|ies)|talks|negotiations"
    r"|mediation|alliance|cooperation|collaboration|merger)"
)
WORD = r"[\w’'-]+"
PLAIN = rf"(?:(?!(?:up|in|during|after|before|and|of|between|with)\b){WORD} )"
OF_IT = rf"(?: (?:of|between|in|from|with|on|for) {WORD}(?: {WORD}){{0,5}}?)?"
FAILING = (
    rf"how (?:did|could) {PLAIN}{{0,5}}?{UNDERTAKING}{OF_IT} "
    r"(?:fail|collapse|break down|(?:fall|come) apart|fall through|unravel|go wrong)"
    rf"|how (?:was|were) {PLAIN}{{0,5}}?{UNDERTAKING}{OF_IT} (?:derailed|doomed|undone|wrecked)"
)
ENDING = (
    r"what (?:really |finally )?(?:killed|ended|doomed|sank|wrecked|scuppered|undid|derailed|torpedoed|brought down"
    rf"|put an end to) {PLAIN}{{0,5}}?{UNDERTAKING}"
)
ASKS_WHY = re.compile(rf"\b(?:{FAILING}|{ENDING})\b", re.IGNORECASE)


def asks_why_it_failed(question: str) -> bool:
    """Whether a question asks how a truce, a deal or talks came apart, or what put an end to them."""
    return bool(ASKS_WHY.search(question))
