"""The rule that keeps unit tests fast and honest is itself in force."""

import socket

import pytest
from pytest_socket import SocketBlockedError


def test_unit_tests_cannot_open_sockets() -> None:
    with pytest.warns(UserWarning, match="socket"), pytest.raises(SocketBlockedError):
        socket.socket(socket.AF_INET, socket.SOCK_STREAM)
