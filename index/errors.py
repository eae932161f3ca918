"""What can go wrong with an index, in words that say what happened and what to do."""


class QuotedError(Exception):
    """The base of every error that Quoted raises on purpose; its text is fit to show to a person."""


class IndexMissing(QuotedError):
    """There is no index where one was looked for."""


class IndexMismatch(QuotedError):
    """The index was made by another encoder, for another folder, or in another format."""


class IndexDamaged(QuotedError):
    """No generation of the index passes its digests."""


class BuildRefused(QuotedError):
    """A build did nothing: no folder, an empty folder, another builder at work, no room on the disk."""


class EncoderUnavailable(QuotedError):
    """The encoder cannot be loaded on this machine."""
