"""Clients for an account: the stack's own as ever, those of another from a session there."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # loaded where there are grants in other accounts
    from latchkey.aws.spoke_sessions import SpokeCredentials, SpokeSessions
    from latchkey.iam.document import Document
    from latchkey.iam.environment import AwsEnvironment

Clients = Callable[[str], Any]
"""The client of a service, by boto3's name for it."""


class Accounts:
    """Gives the clients of an account, or raises: nobody gets those of another in their place.

    `own` are the clients of the function's own account, `sessions` makes what gives sessions in
    others, and `made` a client for one. STS is not touched for the own account.
    """

    def __init__(
        self,
        home: "AwsEnvironment",
        own: Clients,
        sessions: "Callable[[], SpokeSessions]",
        made: "Callable[[str, SpokeCredentials], Any]",
    ) -> None:
        self._home = home
        self._own = own
        self._sessions = cache(sessions)
        self._made = made

    def clients(
        self, environment: "AwsEnvironment", run: str, policy: "Document | None" = None
    ) -> Clients:
        """Clients for one run in the environment's account, all of one session.

        `policy` narrows a session; it says nothing about the own account, whose clients are the
        function's.

        Raises
        ------
        ValueError
            For another partition, which no session leads to.
        SpokeNotEnrolled, SpokeMismatch, SpokeUnreachable
            When there is no session for that account.
        """
        if environment.partition != self._home.partition:
            raise ValueError(f"{environment.partition} is not the partition of this stack")
        if environment.account == self._home.account:
            return self._own
        credentials = self._sessions().assume(environment, run, policy)
        return cache(lambda service: self._made(service, credentials))
