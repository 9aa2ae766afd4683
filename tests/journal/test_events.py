"""Names of events, however a stream is cut into pieces."""

from __future__ import annotations

import pytest

from mockserver.journal.events import EventNames

STREAM = (
    b"event: one\ndata: {}\n\n: a comment\n\ndata: bare\n\nevent: two\ndata: " + b"x" * 600 + b"\n\nevent: cut\ndata"
)
DOS = STREAM.replace(b"\n", b"\r\n")


@pytest.mark.parametrize("stream", [STREAM, DOS], ids=["lf", "crlf"])
@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 64, 599, 10_000])
def test_an_event_counts_once_its_last_byte_is_sent(stream: bytes, size: int) -> None:
    """Comments are no events, one without a name is a message, one that is cut does not count."""
    names = EventNames()
    for start in range(0, len(stream), size):
        names.feed(stream[start : start + size])
    assert names.names == ["one", "message", "two"]


@pytest.mark.parametrize("stream", [STREAM, DOS], ids=["lf", "crlf"])
def test_any_single_cut_will_do(stream: bytes) -> None:
    """At every offset."""
    for cut in range(len(stream)):
        names = EventNames()
        names.feed(stream[:cut])
        names.feed(b"")
        names.feed(stream[cut:])
        assert names.names == ["one", "message", "two"], cut


def test_the_names_of_one_stream_are_bounded() -> None:
    """A thousand."""
    names = EventNames()
    names.feed(b"event: a\ndata: b\n\n" * 3000)
    assert len(names.names) == 1000
