"""A question goes in; what its answer must hold to tell so much or so long comes out."""

from __future__ import annotations

import re

from qa.query.counting import WRITTEN

MONEY = (
    r"[$€£¥₹₦]|%|\d(?:k|m|bn|b)\b|\b(?:dollars?|euros?|pounds?|pence|cents?|roubles?|rubles?|francs?|yen|yuan|rupees?"
    r"|kron(?:a|e|or|er)|pesos?|reais|rand|lira|shillings?|naira|dirhams?|dinars?|riyals?|shekels?|zloty|baht|won|lakh"
    r"|crores?|quid|bucks|EUR|USD|GBP|CHF|thousands?|(?:m|b|tr)illions?|per ?cent|half|third|quarter|twice|double"
    r"|nothing|free)\b"
)
LENGTH = (
    r"\d ?m\b|[′″]|\b(?:(?:kilo|centi|milli)?met(?:re|er)s?|km|cm|mm|ft|feet|foot|miles?|inch(?:es)?|yards?"
    r"|stor(?:ey|y|ie)s?|floors?|tall)\b"
)
SPAN = (
    rf"{LENGTH}|\b(?:sec(?:ond)?s?|min(?:ute)?s?|hours?|hrs?|days?|nights?|weeks?|weekend|fortnight|months?|years?"
    r"|decades?|seasons?|centur(?:y|ies)|terms?|since|until|till|through|overnight|indefinite(?:ly)?|permanent(?:ly)?"
    r"|forever|life|pages?|words|chapters?|(?:day|week|month|year|hour)-long|from \d+)\b"
)
SMALL = rf"(?:{WRITTEN}|\d+)"
SHARE = (
    r"%|\b(?:per ?cent|percentage|half|thirds?|quarters?|fifths?|sixths?|sevenths?|eighths?|tenths?|majority|all|none"
    rf"|every|most|{SMALL} (?:in|out of) \w+)\b"
)
DO = r"(?:do|does|did|is|was|were|are|has|have|had|will|would)"
# What is asked, and what tells it; "how much" alone may ask for tons, and a war costs lives.
UNITS = tuple(
    (re.compile(rf"\b(?:{asked})\b", re.IGNORECASE), re.compile(told, re.IGNORECASE))
    for asked, told in (
        (
            rf"how much (?:money|cash)|how much {DO}\b(?!.*\b(?:lives|time|attention)\b).*\b(?:costs?|pay|paid"
            r"|earn(?:ed)?|spen[dt]|worth|owed?|fined|donated?|profits?|borrow(?:ed)?|len[dt])"
            r"|(?:at|for) what price|what (?:sum|price|salary|fine)",
            MONEY,
        ),
        (r"how tall", LENGTH),
        (r"how long(?! ago)", SPAN),
        (r"(?:what|which) (?:percentage|per ?cent|proportion|share)|percentage of|how many per ?cent", SHARE),
    )
)

# "Number of dead?", "What is the number of dead?"; but not "When did the number of refugees peak?"
COUNTED = re.compile(
    r"^\W*(?:what (?:is|was|were|are) the |(?!(?:what|which|who|is|are|was|were|do|does|did|has|have|had|can|could)\b))"
    r"(?:(?!(?:a|large|small|great|growing) number)[\w’'-]+ ){0,5}?(?:number|percentage|amount) of\b",
    re.IGNORECASE,
)


def unit_asked(question: str) -> re.Pattern[str] | None:
    """What every answer to a question must hold, money for "How much did it cost?"; None where nothing tells."""
    return next((told for asked, told in UNITS if asked.search(question)), None)


def asks_number(question: str) -> bool:
    """Whether a question without "how many" asks for a number of something."""
    return bool(COUNTED.match(question))
