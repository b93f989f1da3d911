"""Attacks on web identities: what a name may hide."""

from typing import Any

import pytest

from latchkey_cli.importing.trust import trust_fields
from tests.kit.examples import ACCOUNT, read
from tests.kit.tokens import GITHUB, identity

GOOGLE = "accounts.google.com"


@pytest.mark.parametrize("account", [ACCOUNT, "999999999999"])
def test_provider_named_like_one_that_is_built_in_is_not_imported_as_that(account: str) -> None:
    asked = {f"{GOOGLE}:oaud": "acme", f"{GOOGLE}:sub": "17"}
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{account}:oidc-provider/{GOOGLE}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": asked},
    }
    found = trust_fields({"Version": "2012-10-17", "Statement": [statement]}, ACCOUNT)
    assert not found.fields.get("principals")
    assert "lost" in {note.kind for note in found.notes}


@pytest.mark.parametrize("subject", ["environment:production", "ref:refs/heads/main"])
def test_slash_after_a_shared_provider_opens_no_subject(subject: str) -> None:
    found = read(principals=[identity(oidc_provider=f"{GITHUB}/", subject=subject)])
    assert "may be a subject of any customer" in str(found.problems)
