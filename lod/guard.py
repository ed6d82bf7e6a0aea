"""The border around one record: a fault of ours costs that record, is logged whole, and the run goes on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from lod.errors import LodError
from lod.report import FAULT, Finding, Severity

_log = logging.getLogger(__name__)

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def guarded(
    task: Callable[[Piece], Result], piece: Piece, done: str, *, place: str = "", record: str = ""
) -> Result | Finding:
    """Return what a task makes of a piece; where it raises an unexpected exception, the violation that represents the record.

    The violation has the rule "fault"; the traceback goes to the log, and its text, which may hold what is in the record,
    nowhere else. Too little memory is no fault of the record.

    Args:
        task: reads, maps or judges one record.
        piece: what it is given.
        done: the same in one word, for the message: "read", "mapped", "judged".
        place, record: where the record is, and its key; one of them is enough.

    Raises:
        LodError, MemoryError: as the task does.
    """
    try:
        return task(piece)
    except (LodError, MemoryError):
        raise
    except Exception as fault:
        return fault_of(fault, done, place=place, record=record)


def fault_of(fault: Exception, done: str, *, place: str, record: str = "") -> Finding:
    """Log an exception with its traceback, and return the violation that represents what it cost."""
    name = record or place
    _log.error("%s could not be %s", name, done, exc_info=fault)
    message = (
        f"The record could not be {done} because of a fault in the program ({type(fault).__name__}); what was published of "
        "it stays. Please report it with the record and the traceback in the log."
    )
    return Finding(FAULT, Severity.VIOLATION, message, record=name, place=place)
