"""The table of faults: a new one is one file and one row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mockserver.faults.broken_json import BrokenJson
from mockserver.faults.chunked import Chunked
from mockserver.faults.close import Close
from mockserver.faults.comments import Comments
from mockserver.faults.completed_first import CompletedFirst
from mockserver.faults.completed_twice import CompletedTwice
from mockserver.faults.cut import Cut
from mockserver.faults.delay import Delay
from mockserver.faults.done_mark import DoneMark
from mockserver.faults.empty_data import EmptyData
from mockserver.faults.error_frame import ErrorFrame
from mockserver.faults.expired_links import ExpiredLinks
from mockserver.faults.fewer_partials import FewerPartials
from mockserver.faults.headers import Headers
from mockserver.faults.lying_gzip import LyingGzip
from mockserver.faults.no_blank_line import NoBlankLine
from mockserver.faults.no_completed import NoCompleted
from mockserver.faults.no_data import NoData
from mockserver.faults.no_events import NoEvents
from mockserver.faults.not_a_stream import NotAStream
from mockserver.faults.null_pictures import NullPictures
from mockserver.faults.refuse import Refuse
from mockserver.faults.reset import Reset
from mockserver.faults.sized import Sized
from mockserver.faults.split import Split
from mockserver.faults.stall import Stall
from mockserver.faults.trickle import Trickle
from mockserver.faults.wrong_length import WrongLength
from mockserver.faults.wrong_type import WrongType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mockserver.faults.fault import Fault

FAULTS: Final[Mapping[str, type[Fault]]] = {
    "delay": Delay,
    "refuse": Refuse,
    "stall": Stall,
    "reset": Reset,
    "close": Close,
    "cut": Cut,
    "trickle": Trickle,
    "split": Split,
    "sized": Sized,
    "chunked": Chunked,
    "headers": Headers,
    "lying-gzip": LyingGzip,
    "wrong-length": WrongLength,
    "wrong-type": WrongType,
    "not-a-stream": NotAStream,
    "broken-json": BrokenJson,
    "empty-data": EmptyData,
    "no-data": NoData,
    "null-pictures": NullPictures,
    "expired-links": ExpiredLinks,
    "error-frame": ErrorFrame,
    "no-completed": NoCompleted,
    "no-events": NoEvents,
    "fewer-partials": FewerPartials,
    "completed-first": CompletedFirst,
    "completed-twice": CompletedTwice,
    "no-blank-line": NoBlankLine,
    "done-mark": DoneMark,
    "comments": Comments,
}
"""Name in TOML → what it is."""
