"""Being told to end: a signal sets a flag, and whatever works looks at it before it starts more."""

from types import FrameType

# A plain flag: a signal handler that waits for a lock may wait for itself.
_stop = False


def stop_requested() -> bool:
    """Whether this process was asked to end: start nothing new, finish what is in flight."""
    return _stop


def request_stop(_number: int | None = None, _frame: FrameType | None = None) -> None:
    """Make `stop_requested` true; fit to be a signal handler."""
    global _stop
    _stop = True
