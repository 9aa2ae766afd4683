"""What was asked and answered: one entry per request, told in a line of log, kept in a journal that can be asked.

`kept` and `recorder` keep a journal, where one is wanted.

Nothing is worked out until somebody asks: a request pays for references, never for masking, parsing or hashing.
"""

from mockserver.journal.entry import Entry, entry_of
from mockserver.journal.lines import LOG, line, printable, quoted, summary
from mockserver.journal.teller import Teller, telling

__all__ = [
    "LOG",
    "Entry",
    "Teller",
    "entry_of",
    "line",
    "printable",
    "quoted",
    "summary",
    "telling",
]
