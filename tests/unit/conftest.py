"""Unit tests touch no socket."""

import pytest


@pytest.fixture(autouse=True)
def _no_sockets(socket_disabled: None) -> None:
    """Make every use of a socket an error."""
