"""A question or a sentence goes in; whether it asks why something failed, or tells why, comes out."""

from __future__ import annotations

import re

from index.words import TRUCE

# What makes an undertaking fail are hostile or adverse events, told in words that the question does not hold.
FAILURE = re.compile(
    r"\b(fail\w*|collaps\w*|br(?:eak|oke|oken) ?down|f[ae]ll\w* (?:apart|through)|c[ao]m\w* apart"
    r"|unravel\w*|(?:went|go) wrong|stall\w*|end(?:ed)?|not (?:hold|last|succeed|survive)|derail\w*|doom\w*)\b"
    r"|n[’']t (?:hold|last|stick|succeed|survive)\b",
    re.IGNORECASE,
)
# A sentence that says the same thing failed, and not by what, answers nothing.
FAILED = re.compile(
    r"\b(?:fail(?:ed|s)?(?! to)|failure|collaps(?:ed?|es|ing)|br(?:eaks?|oke|oken) ?down|breakdown"
    r"|(?:fell|falls?|falling) (?:apart|through)|unravel\w*|(?:went|gone|going) wrong|derailed)\b",
    re.IGNORECASE,
)
STATED_CAUSE = re.compile(
    r"\b(?:because|due to|owing to|as a result of|caused by|led to|after|when|since|following|thanks to)\b",
    re.IGNORECASE,
)
ADVERSE = re.compile(
    r"\b(bomb\w*|attack\w*|str(?:ike|uck|ikes)|kill\w*|accus\w*|blam\w*|violat\w*|breach\w*|refus\w*|reject\w*"
    r"|distrust\w*|mistrust\w*|suspend\w*|shell\w*|shot|clash\w*|offensive|sabotag\w*|threat\w*"
    r"|withdr[ae]w\w*|hostil\w*|quarrel\w*|disput\w*|disagree\w*|delay\w*)\b",
    re.IGNORECASE,
)
# A sentence that says what something failed, or ended, by answers, whether that was hostile or not.
ENDED = rf"(?:{FAILED.pattern}|\b(?:ended|c[ao]mes? to an end|(?:was|were) (?:called off|cancell?ed|scrapped))\b)"
FAILED_BY = re.compile(
    rf"{ENDED}.*\b(?:because|due to|owing to|as a result of|over|for lack of|after|when)\b"
    rf"|{ADVERSE.pattern}[^.]*(?:, and|;|, so)\b.*{FAILED.pattern}"
    rf"|\b(?:because|due to|owing to|as a result of)\b.*{ENDED}"
    r"|\b(?:caused|led to|brought about|was behind|were behind|is to blame for|was to blame for)\b.*"
    r"\b(?:fail\w*|collaps\w*|breakdown|end|fall|unravel\w*)\b"
    r"|\b(?:brings?|brought) (?:it|them|(?:\w+ ){1,2}\w+) down\b",
    re.IGNORECASE,
)
SUCCESS = re.compile(
    r"\b(success\w*|succeed\w*|held|agreed (?:on|to)|hopeful|optimis\w*|progress\w*|breakthrough|improv\w*"
    r"|productive)\b",
    re.IGNORECASE,
)
# "How did the truce collapse?" and "What killed the deal?" ask why it did; "How did the tower collapse?" may not.
UNDERTAKING = (
    rf"(?:truces?|{TRUCE.pattern}|armistice|peace|deals?|agreements?|accords?|pacts?|treat(?:y|ies)|talks|negotiations"
    r"|mediation|alliance|cooperation|collaboration|merger)(?: (?:talks|process|plan|negotiations))?(?![\w’'-])"
)
# What people built fails by what its builders tell, and a firm by its books: no hostile event speaks for that.
BUILT = re.compile(
    r"\b(?:walls?|bridges?|dams?|dykes?|dikes?|levees?|spillways?|weirs?|towers?|buildings?|roofs?|ceilings?|houses?|tunnels?"
    r"|mines?|piers?|roads?|railways?|pipes?|pipelines?|pumps?|engines?|motors?|reactors?|planes?|aircraft|ships?|ferr(?:y|ies)"
    r"|boats?|trains?|cranes?|slopes?|embankments?|tanks?|valves?|sensors?|sirens?|batter(?:y|ies)|servers?|software"
    r"|computers?|networks?|grids?|crops?|harvests?|banks?|compan(?:y|ies)|firms?|shops?|stores?|factor(?:y|ies))\b",
    re.IGNORECASE,
)
WORD = r"[\w’'.&-]*\w"
# What is no part of the name of an undertaking: "What killed twelve people despite the truce?" asks something else.
JOINS = (
    r"(?!(?:up|in|into|during|after|before|and|of|between|with|despite|under|by|through|without|over|for|to|at|near|against"
    r"|behind|on|as|while|when|who|whom|what|where|why|how|which|that|because|if|was|were|is|are|has|had|have|said|says|let"
    r"|thinks|thought|knew|made|make|see|saw|watch|help|carrying)\b)"
)
ASKS = r"(?!(?:who|whom|what|when|where|why|how|which|that|as|while|said|was|were)\b)"
OF_IT = rf"(?: (?:of|between|in|from|with|on|for) {ASKS}{WORD}(?: {ASKS}{WORD}){{0,8}}?)?"
IT = rf"(?P<it>(?:{JOINS}{WORD} ){{0,5}}?{UNDERTAKING}{OF_IT})"
END = r"(?P<end>[\s?.!]*)$"
WHEN = r"(?P<end>[\s?.!]*$| (?:in|on|within|after|at) .*)"
IN_OTHER_WORDS = tuple(
    re.compile(rf"(?:^|(?<=[,.:;?] )){pattern}", re.IGNORECASE)
    for pattern in (
        rf"how did {IT} (?:fail|collapse|break down|(?:fall|come) apart|fall through|unravel|go wrong){WHEN}",
        rf"how (?:was|were) {IT} (?:derailed|doomed|undone|wrecked|killed|broken){WHEN}",
        r"what (?:really |finally |eventually |ultimately )?(?:killed|ended|doomed|sank|wrecked|scuppered|undid"
        rf"|derailed|torpedoed|brought down|put an end to) {IT}{END}",
        rf"what (?:exactly )?went wrong (?:with|in|at|during) (?P<it>(?:the|an?|our|their|its|this|that) {ASKS}{WORD}"
        rf"(?: {ASKS}{WORD}){{0,7}}){END}",
        rf"how come {IT} (?:failed|collapsed|broke down|fell apart|came apart|fell through|unravell?ed"
        rf"|(?:did not|didn[’']t) (?:hold|last|stick|succeed|survive|work(?: out)?)){END}",
    )
)


def asks_why_it_failed(question: str) -> bool:
    """Whether a question says that something failed which people undertook, and did not build."""
    return bool(FAILURE.search(question)) and not BUILT.search(question)


def asked_plainly(question: str) -> str:
    """A question for what made something fail, in the words by which its passages are found; every other one as it is.

    asked_plainly("What doomed the May truce?") == "Why did the May truce fail?"
    """
    for pattern in IN_OTHER_WORDS:
        if match := pattern.search(question):
            why = "why" if match.start() else "Why"
            return f"{question[: match.start()]}{why} did {match['it']} fail{match['end']}"
    return question


def tells_why_it_failed(sentence: str) -> int:
    """Whether a sentence tells what made something fail: 2 it says so, 1 a hostile event, 0 neither, -1 success."""
    if FAILED_BY.search(sentence):
        return 2
    if SUCCESS.search(sentence):
        return -1
    only_restates = FAILED.search(sentence) and not STATED_CAUSE.search(sentence)
    return int(not only_restates and bool(ADVERSE.search(sentence)))
