"""A process that is gone in the middle of what it carries out."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from latchkey.aws.iam import IamGateway


class _Died(BaseException):
    """The process is gone."""


@contextmanager
def dies_after(number: int) -> Iterator[None]:
    """What is done in the block ends when that many changes of the role have been made."""
    done, apply = 0, IamGateway.apply

    def counted(iam: IamGateway, change: Any) -> Any:
        nonlocal done
        if done == number:
            raise _Died
        done += 1
        return apply(iam, change)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(IamGateway, "apply", counted)
        with pytest.raises(_Died):
            yield
