"""What was typed goes in; a polite line comes out where it is small talk, a command or no language, else nothing."""

from __future__ import annotations

import re

from index.words import words

GREETING = re.compile(
    r"\W*(?:(?:hi|hello|hey|good (?:morning|afternoon|evening|day|night)|greetings|how are (?:you|things)"
    r"(?: doing)?(?: today)?|how do you do|how is it going|what'?s up|nice to meet you|have a (?:nice|good|great) \w+"
    r"|(?:many )?thanks?(?: you)?(?: very much| a lot| so much)?(?: for (?:your|the|all (?:your|the)) \w+)?|thx|cheers"
    r"|great|ok(?:ay)?|cool|nice|perfect|bye|goodbye|see you|well done|sorry|please|yes|no|test|lol|wow)\b"
    r"(?: there| again| you| everyone| all| mate| then| later| soon)*\W*)++",  # ++ tries no other way of reading them
    re.IGNORECASE,
)
ABOUT_US = re.compile(
    r"\W*(?:(?:who|what) are you\b|what can you do\W*$|help\W*$|who (?:made|built|wrote) you\b"
    r"|what(?: is|'s) your name\b"
    r"|what (?:are|is) (?:all )?(?:the|these|this|my|your) (?:articles?|texts?|documents?|folder|files?) about\W*$"
    r"|what (?:can|should|could) i ask(?: you| about)*\W*$"
    r"|(?:are you|is this) (?:an? )?(?:ai|bot|robot|chatgpt|human|person|real)(?: person| human)?\W*$)",
    re.IGNORECASE,
)
ARTICLES = r"(?:the |these |my |your )?(?:articles?|texts?|documents?|sources?|files?|authors?)"
# What is no matter of the articles' words but of the folder: which there are, by whom, and when they came out.
EXTREME = r"(?:newest|oldest|latest|most recent|first|last|longest|shortest)"
ABOUT_FOLDER = re.compile(
    rf"\W*(?:(?:please,? |(?:can|could|would) you (?:please )?)?"
    rf"(?:list|show(?: me)?|give me a list of)(?: all)?(?: of)? {ARTICLES}(?:,? please)?"
    rf"|(?:who|what|which) are (?:all )?{ARTICLES}"
    rf"|(?:how many|what|which) {ARTICLES} (?:are there|do you have|do i have|are here|have you got)"
    rf"|(?:which|what) articles? (?:is|are|was|were) (?:published )?(?:the )?{EXTREME}"
    rf"|(?:which|what) (?:is|are) the {EXTREME} articles?"
    r"|when (?:was|were) (?:the |this |these )?articles?(?: (?:by|from|about) [^?]+)? (?:published|written)"
    r"|(?:which|what) articles? (?:was|were) (?:published|written)(?: [^?]+)?"
    r"|(?:show me |list |find )?(?:all )?(?:the )?articles (?:by|from) [^?]+"
    rf"|who (?:wrote|(?:is|was) the author of) (?:{ARTICLES}|the article (?:about|on) [^?]+))\W*$",
    re.IGNORECASE,
)
# What a command may be about that the page could do; "Open the Arctic route to ships" is none.
YOURS = (
    r"(?:(?:all|the|this|that|these|those|my|your|every) )*"
    r"(?:articles?|texts?|documents?|sources?|files?|folders?|index|code|commands?|scripts?|programs?|database|everything|it)\b"
)
POLITELY = re.compile(r"\W*(?:please,? )?(?:can|could|would|will) you\b", re.IGNORECASE)
COMMAND = re.compile(
    r"\W*(?:please,? |can you |could you |would you |will you )*(?:"
    r"ignore (?:all|any|the|your|previous|these)\b|forget (?:all|everything|the|your|previous)\b|pretend\b|act as\b"
    r"|translate\b|summari[sz]e\b|rewrite\b|paraphrase\b|write (?:me )?(?:an? |some |the )|(?:compose|draft) an?\b"
    rf"|(?:delete|remove|upload|open|execute) {YOURS}|(?:rebuild|reindex)(?: {YOURS})?\W*$"
    r"|run (?:an?|the|this|that|my|your|it)\b|print your\b|repeat after\b|tell (?:me )?a joke\b"
    r"|sing(?: (?:me|us|an?|the|something)\b|\W*$)|play(?: (?:me|us|an?|the|some|something|music)\b|\W*$)"
    r"|draw (?:me |us )?(?:an? |the |some )(?!(?:line|compar|dist|conc))"
    r"|generate (?:an? |some )|(?:book|order) (?:me )?an?\b)",
    re.IGNORECASE,
)
SAME_WORD = re.compile(r"\W*(\w+)(?:\W+\1){2,}\W*|\W*([a-z]+)\W+\2\W*")  # "Bora Bora" is a place
ABBREVIATION = re.compile(r"\b[A-Z]{2,}\b")  # "What is IT?"
WELCOME = "You are welcome to ask a question about the articles: every answer is quoted from them, with its source."
WHAT_I_DO = (
    "This is a chat over a folder of articles. Ask a question in plain words, and it answers in the articles' own "
    "sentences, each with its source, or says that they do not hold the answer."
)
LISTED = (
    "I answer from what the articles say. Which there are, by whom and when they came out is listed under “Articles”, "
    "on the page."
)
NO_COMMANDS = (
    "I only answer questions, in the articles' own words; I cannot write, change or run anything. Ask a question."
)
NO_QUESTION = "I find no words in this that could be searched for. Ask a question about the articles."


def polite_line(typed: str, is_first: bool = False) -> str:
    """The reply to what is no question; "" for everything that is to be searched.

    The first question of a talk needs a word that can be searched for: "who?" has none.
    """
    if ABOUT_US.match(typed):
        return WHAT_I_DO
    if ABOUT_FOLDER.match(typed):
        return LISTED
    if COMMAND.match(typed) and ("?" not in typed or POLITELY.match(typed)):
        return NO_COMMANDS
    if GREETING.fullmatch(typed):
        return WELCOME
    if SAME_WORD.fullmatch(typed) or not any(letter.isalnum() for letter in typed):
        return NO_QUESTION
    return NO_QUESTION if is_first and not words(typed) and not ABBREVIATION.search(typed) else ""
