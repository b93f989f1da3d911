"""A partner whose bucket and secret are in another account than the stack's."""

from dataclasses import dataclass
from typing import Any

from sandbox import Sandbox
from sandbox.demo.people import Partner, Session, refusal
from tests.e2e.conftest import Case
from tests.kit.spoke_account import SpokeAccount


@dataclass
class There(Case):
    """A partner whose bucket and secret are in one of the accounts."""

    box: Sandbox
    spoke: SpokeAccount

    def config(self, **changes: Any) -> dict[str, Any]:
        """Its config, with changes."""
        return super().config(**{"account": self.spoke.account, **changes})

    def assume(self) -> Session:
        """A session of its role."""
        arn = f"arn:aws:iam::{self.spoke.account}:role/partners/{self.role}"
        return Partner(self.box.url).assume(arn, f"external-{self.partner}")

    def works(self, session: Session) -> None:
        """A session does what the grant is about, and no more."""
        assert session.secret(self.secret) == f"a value of {self.spoke.account}"
        session.write(self.bucket, "in/report", "text")
        assert session.read(self.bucket, "in/report") == "text"
        assert refusal(lambda: session.read(self.bucket, "out/report")) == "AccessDenied"

    def dead(self, session: Session) -> bool:
        """Whether a session can do nothing."""
        return refusal(lambda: session.secret(self.secret)) is not None
