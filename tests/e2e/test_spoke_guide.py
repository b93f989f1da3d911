"""From nothing to a grant in a second account and back, by the commands of docs/spokes.md."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from sandbox import Sandbox
from sandbox.connection import connect
from tests.e2e.terminal import Terminal
from tests.kit.outside import Outside

pytestmark = pytest.mark.e2e

SPOKE = "222233334444"
NEW = (
    f"latchkey new acme.exports --account {SPOKE} --purpose 'Weekly exports' --owner data-platform "
    "--principal 444455556666 --generate-external-id --access s3:their-exports/acme:read "
    "-o exports.json"
)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """A sandbox of this module's own, whose guardrails it changes."""
    with Sandbox() as running:
        yield running


@pytest.fixture(scope="module")
def outside(box: Sandbox) -> Outside:
    """Whoever works in the hub's account."""
    return Outside(box)


@pytest.fixture
def terminal(box: Sandbox, tmp_path: Path) -> Terminal:
    """Somebody who has a profile of the other account."""
    (tmp_path / ".aws").mkdir()
    lines = ["[data]", f"aws_access_key_id = {SPOKE}", "aws_secret_access_key = any", ""]
    (tmp_path / ".aws/credentials").write_text("\n".join(lines), encoding="utf-8")
    return Terminal(box, tmp_path)


def test_the_first_grant_in_a_second_account_and_its_end(
    box: Sandbox, terminal: Terminal, outside: Outside
) -> None:
    iam, s3 = (connect(box.url, service, SPOKE) for service in ("iam", "s3"))
    s3.create_bucket(Bucket="their-exports")
    enrol = f"latchkey spokes enrol {SPOKE} --profile-of-spoke data --yes"
    assert "latchkey-spoke in us-east-1: created" in terminal.ok(enrol)
    terminal.ok(f"latchkey spokes allow {SPOKE} --yes")
    terminal.ok(NEW)
    assert f"In account {SPOKE}." in terminal.ok("latchkey plan exports.json")
    terminal.ok("latchkey apply exports.json --yes")

    arn = iam.get_role(RoleName="partner-acme.exports")["Role"]["Arn"]
    assert arn == f"arn:aws:iam::{SPOKE}:role/partners/partner-acme.exports"
    with pytest.raises(ClientError, match="NoSuchEntity"):
        outside.iam.get_role(RoleName="partner-acme.exports")
    (grant,) = terminal.json(f"latchkey grants --account {SPOKE}")
    assert (grant["account"], grant["status"], grant["role_arn"]) == (SPOKE, "active", arn)
    (spoke,) = terminal.json("latchkey spokes")
    assert (spoke["account"], spoke["grants"]) == (SPOKE, ["acme.exports"])

    assert terminal(f"latchkey spokes allow {SPOKE} --remove --yes").status == 1
    terminal.ok("latchkey revoke acme.exports --reason 'we are done'")
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.get_role(RoleName="partner-acme.exports")
    terminal.ok(f"latchkey spokes allow {SPOKE} --remove --yes")
    connect(box.url, "cloudformation", SPOKE).delete_stack(StackName="latchkey-spoke")
