"""The server, which puts the rooms of the sandbox together."""

import logging
import os
import socket
import threading
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from moto.core.config import default_user_config
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    create_backend_app,
)
from werkzeug.serving import make_server

from sandbox.account import REGION
from sandbox.api import tls
from sandbox.api.auth_proxy import AuthProxy
from sandbox.api.connections import ConnectionHandler
from sandbox.api.control import Control
from sandbox.api.journal import Journal
from sandbox.api.trail import Trail
from sandbox.compute.runtime import Runtime
from sandbox.deployment.deploy import deploy
from sandbox.iam.callers import Callers
from sandbox.iam.service_roles import assume
from sandbox.moto_fixes.registry import apply_all
from sandbox.time.clock import Clock
from sandbox.time.schedules import Schedules, run_ticker


class CannotListen(Exception):
    """The address is in use or not available."""


class Server:
    """A local AWS with the stack deployed in it; one per process, since moto has one state.

    `others` are further stacks in the same account, by name or `name@region`, each with its prefix
    of role names, and further parameters after a `?`, as in a URL: `partner-dev-?ChatNotices=on`.
    """

    def __init__(
        self, host: str, port: int, template: Path, others: Mapping[str, str] | None = None
    ) -> None:
        self._template = template
        self._others = dict(others or {})
        listener = _listen(host, port)
        self.port = int(listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        clock = Clock()
        self._runtime = Runtime(self.url, clock, assume)
        self._journal = Journal()
        self._schedules = Schedules(clock, self._runtime)
        _configure_moto(self.port)
        apply_all(self._runtime)
        moto = DomainDispatcherApplication(create_backend_app)
        certificates = os.environ.get("SANDBOX_TLS")
        trail = Trail(self._runtime.client).saw
        proxy = AuthProxy(moto, self._journal, Callers(clock.now), trail, tls=bool(certificates))
        functions = self._runtime.functions
        application = Control(proxy, clock, self._schedules, self._journal, functions)
        self._server: Any = make_server(
            host,
            self.port,
            application,
            threaded=True,
            request_handler=ConnectionHandler,
            fd=listener.detach(),
        )
        self._stop_ticker: Callable[[], None] = lambda: None
        self.tls_url = ""
        self._tls: Any = None
        if certificates:
            self.tls_url, self._tls = tls.serve(host, application, Path(certificates))

    def start(self) -> None:
        """Start serving, and deploy the stack, and the others beside it."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        deploy(self._template)
        for stack, given in self._others.items():
            (name, _, region), (prefix, _, more) = stack.partition("@"), given.partition("?")
            parameters = {"RoleNamePrefix": prefix, **dict(parse_qsl(more))}
            deploy(self._template, name, parameters, region or REGION)
        self._runtime.await_ready()
        self._runtime.start_mappings()
        self._runtime.await_idle()
        self._journal.clear()
        self._stop_ticker = run_ticker(self._schedules)

    def stop(self) -> None:
        """Stop everything that runs."""
        self._stop_ticker()
        self._runtime.stop()
        for server in filter(None, (self._server, self._tls)):
            server.socket.close()


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise CannotListen(f"cannot listen on {host}:{port}: {error.strerror}") from error
    listener.listen(128)
    return listener


def _configure_moto(port: int) -> None:
    os.environ["MOTO_PORT"] = str(port)
    os.environ["AWS_DEFAULT_REGION"] = REGION
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    logging.getLogger("moto").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", message=".*not supported by moto's CloudFormation.*")
