"""A form goes over the wire byte for byte as its case says."""

from __future__ import annotations

from mockserver.contract import form
from mockserver.contract.case import Part


def test_texts_and_files_keep_their_order() -> None:
    """A text has a name, a file also a file name and a type."""
    parts = [Part("model", b"m"), Part("image[]", b"x", "a.png", "image/png"), Part("n", b"2")]

    assert form.body(parts) == (
        b"------one-part-of-a-case\r\n"
        b'Content-Disposition: form-data; name="model"\r\n\r\nm\r\n'
        b"------one-part-of-a-case\r\n"
        b'Content-Disposition: form-data; name="image[]"; filename="a.png"\r\nContent-Type: image/png\r\n\r\nx\r\n'
        b"------one-part-of-a-case\r\n"
        b'Content-Disposition: form-data; name="n"\r\n\r\n2\r\n'
        b"------one-part-of-a-case--\r\n"
    )


def test_a_part_may_declare_no_type() -> None:
    """That is a fault of its own on the real API."""
    assert b"Content-Type" not in form.body([Part("image", b"x", "a.png")])


def test_a_file_is_padded_to_its_size() -> None:
    """Zeros behind a picture's end change nothing about the picture."""
    assert b"\r\n\r\nx\0\0\0\r\n" in form.body([Part("image", b"x", "a.png", size=4)])


def test_a_form_can_end_too_early() -> None:
    """So many bytes are missing."""
    whole = form.body([Part("n", b"2")])

    assert form.body([Part("n", b"2")], cut=7) == whole[:-7]
