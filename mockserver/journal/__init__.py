"""What was asked and answered: one entry per request, told in a line of log, kept in a journal that can be asked.

Nothing is worked out until somebody asks: a request pays for references, never for masking, parsing or hashing.
"""

from mockserver.journal.entry import Entry, entry_of
from mockserver.journal.kept import Journal
from mockserver.journal.lines import LOG, line, printable, quoted, summary
from mockserver.journal.recorder import Recorder, Teller, telling

__all__ = [
    "LOG",
    "Entry",
    "Journal",
    "Recorder",
    "Teller",
    "entry_of",
    "line",
    "printable",
    "quoted",
    "summary",
    "telling",
]
