"""The dates between which a role's documents allow anything, stated once for the whole role."""

from collections.abc import Iterable, Iterator

from latchkey.frozen import Frozen
from latchkey.iam.condition import Condition
from latchkey.iam.permit import Permit
from latchkey.newer_python import replace
from latchkey.reports.summary.line import Line
from latchkey.reports.summary.times import moment, span
from latchkey.times import parse_instant, seconds_between

_NOW = "aws:currenttime"
_START, _END = ("DateGreaterThanEquals", _NOW), ("DateLessThan", _NOW)


class Window(Frozen):
    """From when (None: from ever) until when (None: for ever); `YYYY-MM-DDTHH:MM:SSZ`."""

    start: str | None
    end: str | None


def shared_window(permits: Iterable[Permit]) -> Window | None:
    """The one window of all permits, or None where they differ or there are none."""
    windows = {_window(permit) for permit in permits}
    return windows.pop() if len(windows) == 1 else None


def without_window(permit: Permit) -> Permit:
    """A permit without the conditions that make its window."""
    rest = frozenset(c for c in permit.conditions if not _is_edge(c))
    return replace(permit, conditions=rest)


def window_lines(before: Window | None, after: Window) -> Iterator[Line]:
    """How the time of access changes; of a new role, what it is."""
    if before is None:
        if after.start:
            yield Line("none", f"begins at {moment(after.start)}")
        ends = f"ends at {moment(after.end)}" if after.end else "never ends"
        yield Line("none" if after.end else "widens", ends)
        return
    if before.start != after.start:
        yield _start(before.start, after.start)
    if before.end != after.end:
        yield _end(before.end, after.end)


def _start(old: str | None, new: str | None) -> Line:
    if new is None:
        return Line("widens", f"no longer waits for its begin at {moment(old or '')}")
    if old is None:
        return Line("narrows", f"begins only at {moment(new)}")
    length = seconds_between(old, new)
    if length > 0:
        return Line("narrows", f"begins {span(length)} later, at {moment(new)}")
    return Line("widens", f"begins {span(length)} earlier, at {moment(new)}")


def _end(old: str | None, new: str | None) -> Line:
    if new is None:
        return Line("widens", f"never ends, instead of at {moment(old or '')}")
    if old is None:
        return Line("narrows", f"ends at {moment(new)}, instead of never")
    length = seconds_between(old, new)
    if length > 0:
        return Line("widens", f"extends by {span(length)}, to {moment(new)}")
    return Line("narrows", f"shortens by {span(length)}, to {moment(new)}")


def _window(permit: Permit) -> Window:
    edges = {c.about: c.values[0] for c in permit.conditions if _is_edge(c)}
    return Window(edges.get(_START), edges.get(_END))


def _is_edge(condition: Condition) -> bool:
    if condition.about not in (_START, _END) or len(condition.values) != 1:
        return False
    try:
        parse_instant(condition.values[0])
    except ValueError:
        return False
    return True
