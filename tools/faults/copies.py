"""Cases in copies of this process: what was there before all of them is made once."""

import os
import traceback
from collections.abc import Callable
from multiprocessing import Pipe
from typing import Any


def in_a_copy[Answer](case: Callable[[], Answer]) -> Answer:
    """What a case answers that a fork of this process carries out; nothing here notices it.

    moto's state, the clients and all else is as it is here, and what the case does to it ends with
    the fork. The answer has to be one that can be pickled.

    Raises
    ------
    ChildProcessError
        When the case did not answer, with the traceback of its error.
    """
    receiving, sending = Pipe(duplex=False)
    child = os.fork()
    if not child:
        _answer(case, sending)
    sending.close()
    try:
        answer, error = receiving.recv()
    except EOFError:
        answer, error = None, "it ended without a word"
    finally:
        receiving.close()
        os.waitpid(child, 0)
    if error:
        raise ChildProcessError(error)
    found: Answer = answer
    return found


def _answer(case: Callable[[], Any], sending: Any) -> None:
    """Send what the case answers, or why it does not, and end without the parent's endings."""
    try:
        try:
            answer, error = case(), ""
        except BaseException:  # noqa: BLE001 (the parent raises it)
            answer, error = None, traceback.format_exc()
        sending.send((answer, error))
        sending.close()
    finally:
        os._exit(0)
