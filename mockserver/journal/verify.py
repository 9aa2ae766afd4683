"""Whether a journal is as a test expects it; a verdict that fails says what came nearest, and what differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mockserver.journal.plain import shown_text, table
from mockserver.journal.query import Query, QueryError, unknown
from mockserver.journal.shown import told_in_a_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mockserver.journal.entry import Entry
    from mockserver.journal.kept import Journal
    from mockserver.journal.query import Difference

_NEAREST: Final = 2
"""Entries that a failed verdict shows in detail."""

_LISTED: Final = 8
"""Entries that a failed verdict lists in a line each."""

_COUNTS: Final = ("exactly", "at_least", "at_most")
KEYS: Final = ("match", *_COUNTS, "fields", "order")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out."""

    passed: bool
    text: str
    """For the person who reads a failed test: printable, aligned; one short line where it passed."""

    matched: tuple[int, ...] = ()
    """Numbers of the entries that were meant."""

    nearest: tuple[int, ...] = ()
    """Numbers of the entries that came nearest, where it failed."""

    def told(self) -> dict[str, object]:
        """Return it as JSON can say it."""
        return {
            "passed": self.passed,
            "text": self.text,
            "matched": list(self.matched),
            "nearest": list(self.nearest),
        }


def verify(journal: Journal, expectation: Mapping[str, object]) -> Verdict:
    """Judge a journal.

    Args:
        journal: of one space.
        expectation: any of these, and at least one entry is expected where it says no count:
            `match`: filters that say which entries are meant, see `query`; all where it is missing;
            `exactly`, `at_least`, `at_most`: how many of them there must be;
            `fields`: filters that every entry that is meant must pass;
            `order`: a list of filters that entries must pass one after the other, others may lie between.

    Raises:
        QueryError: the expectation cannot be read; its text is made for a person.
    """
    for key in expectation:
        if key not in KEYS:
            raise QueryError(unknown("expectation", key, {each: each for each in KEYS}))
    counts = {key: _count(key, expectation[key]) for key in _COUNTS if key in expectation}
    query = Query.read(_filters("match", expectation.get("match", {})))
    fields = Query.read(_filters("fields", expectation.get("fields", {})))
    order = [Query.read(_filters("order", each)) for each in _listed(expectation.get("order", []))]
    entries = [entry for entry in journal.entries() if query.within(entry)]
    matched = query.among(entries)
    if not counts and not order:
        counts = {"at_least": 1}
    verdict = _counted(query, counts, matched, entries) or _held(fields, matched) or _ordered(order, matched)
    return verdict or Verdict(True, f"as expected: {_requests(len(matched))}", _numbers(matched))  # noqa: FBT003 - its name


def _filters(key: str, value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        message = f"{key} must be an object of filters, like {{'endpoint': 'edits'}}"
        raise QueryError(message)
    return {str(name): _text(wanted) for name, wanted in value.items()}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "null" if value is None else str(value)


def _listed(value: object) -> Sequence[object]:
    if not isinstance(value, list | tuple):
        message = "order must be a list of objects of filters"
        raise QueryError(message)
    return value


def _count(key: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        message = f"{key} must be a whole number from 0, not {shown_text(value)}"
        raise QueryError(message)
    return value


def _counted(
    query: Query, counts: Mapping[str, int], matched: Sequence[Entry], all_of: Sequence[Entry]
) -> Verdict | None:
    found = len(matched)
    least = max(counts.get("at_least", 0), counts.get("exactly", 0))
    most = min([counts[key] for key in ("at_most", "exactly") if key in counts], default=found)
    if least <= found <= most:
        return None
    wanted = " and ".join(f"{key.replace('_', ' ')} {number}" for key, number in counts.items())
    lines = [
        f"expected {wanted} of the requests with",
        _asked(query),
        f"but found {found} among {_requests(len(all_of))}",
    ]
    if found > most:
        return _failed([*lines, _listing(matched)], matched)
    known = set(_numbers(matched))
    others = [entry for entry in all_of if entry.number not in known]
    return _failed([*lines, _listing(matched), *_near(query, others)], matched, nearest(query, others))


def _held(fields: Query, matched: Sequence[Entry]) -> Verdict | None:
    wrong = [entry for entry in matched if not fields.holds(entry)]
    if not wrong:
        return None
    lines = [f"{len(wrong)} of {_requests(len(matched))} differ from what was expected of all"]
    lines += [_compared(entry, fields.differences(entry)) for entry in wrong[:_NEAREST]]
    if len(wrong) > _NEAREST:
        lines.append(f"and {len(wrong) - _NEAREST} more")
    return _failed(lines, matched, wrong)


def _ordered(order: Sequence[Query], entries: Sequence[Entry]) -> Verdict | None:
    rest = list(entries)
    found: list[Entry] = []
    for place, query in enumerate(order, 1):
        index = next((index for index, entry in enumerate(rest) if query.holds(entry)), None)
        if index is None:
            where = f"after #{found[-1].number}" if found else "at all"
            lines = [f"step {place} of {len(order)} in order was not found {where}:", _asked(query)]
            lines += ["steps before it:", _listing(found)] if found else []
            return _failed([*lines, *_near(query, rest)], found, nearest(query, rest))
        found.append(rest[index])
        rest = rest[index + 1 :]
    return None


def nearest(query: Query, entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries that differ in the fewest fields, the latest of equals first."""
    ranked = sorted(entries, key=lambda entry: (_wrong(query, entry), -entry.number))
    return ranked[:_NEAREST]


def _wrong(query: Query, entry: Entry) -> int:
    return sum(not each.holds for each in query.differences(entry))


def _near(query: Query, entries: Sequence[Entry]) -> list[str]:
    if not entries:
        return ["nothing else was asked"]
    return ["nearest:", *(_compared(entry, query.differences(entry)) for entry in nearest(query, entries))]


def _compared(entry: Entry, differences: Sequence[Difference]) -> str:
    rows = [("", "", "expected", "actual")]
    rows += [
        (" " if each.holds else "≠", shown_text(each.field), shown_text(each.expected), shown_text(each.actual))
        for each in differences
    ]
    return f"{told_in_a_line(entry)}\n{table(rows)}"


def _asked(query: Query) -> str:
    rows = [(shown_text(each.field), shown_text(each.expected)) for each in query.filters]
    return table(rows) if rows else "  (anything)"


def _listing(entries: Sequence[Entry]) -> str:
    lines = [f"  {told_in_a_line(entry)}" for entry in entries[:_LISTED]]
    if len(entries) > _LISTED:
        lines.append(f"  and {len(entries) - _LISTED} more")
    return "\n".join(lines)


def _requests(number: int) -> str:
    return f"{number} request{'' if number == 1 else 's'}"


def _failed(lines: Sequence[str], matched: Sequence[Entry], near: Sequence[Entry] = ()) -> Verdict:
    return Verdict(False, "\n".join(line for line in lines if line), _numbers(matched), _numbers(near))  # noqa: FBT003 - its name


def _numbers(entries: Sequence[Entry]) -> tuple[int, ...]:
    return tuple(entry.number for entry in entries)
