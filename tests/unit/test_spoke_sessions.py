"""Sessions in other accounts: exactly the one that was asked for, or an error; never our own."""

import json
import re
from typing import Any

import boto3
import pytest
from botocore.exceptions import ConnectTimeoutError
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st

from latchkey.aws.spoke_sessions import SECONDS, SpokeCredentials, SpokeSessions
from latchkey.errors import (
    InvalidDocument,
    LatchkeyError,
    SpokeMismatch,
    SpokeNotEnrolled,
    SpokeUnreachable,
    TransientError,
)
from latchkey.iam.spoke import SpokeRole, session_policy
from latchkey.keys import session_name
from latchkey.newer_python import replace
from latchkey.runtime.accounts import Accounts
from tests.kit.examples import AWS_ENVIRONMENT

SPOKE, RUN = "444455556666", "file-acme-main-0123456789abcdef"
THERE = AWS_ENVIRONMENT.of_account(SPOKE)
POLICY = session_policy(SpokeRole.GRANT, THERE, "partner-acme.main")
SESSION = f"arn:aws:sts::{SPOKE}:assumed-role/latchkey-spoke-grant/{RUN}"


def _answer(arn: str = SESSION) -> dict[str, Any]:
    return {
        "Credentials": {
            "AccessKeyId": "ASIAEXAMPLEEXAMPLE11",
            "SecretAccessKey": "never shown",
            "SessionToken": "nor this",
            "Expiration": "2027-01-01T00:00:00Z",
        },
        "AssumedRoleUser": {"AssumedRoleId": "AROAEXAMPLEEXAMPLE11:x", "Arn": arn},
    }


def _stubbed() -> tuple[SpokeSessions, Stubber]:
    client = boto3.client("sts", region_name="us-east-1")
    stub = Stubber(client)
    stub.activate()
    return SpokeSessions(client, "latchkey", SpokeRole.GRANT), stub


def test_a_session_is_asked_for_by_the_role_of_the_account_with_policy_and_run() -> None:
    sessions, stub = _stubbed()
    expected = {
        "RoleArn": f"arn:aws:iam::{SPOKE}:role/latchkey-spoke-grant",
        "RoleSessionName": RUN,
        "DurationSeconds": SECONDS,
        "Policy": json.dumps(POLICY, separators=(",", ":")),
    }
    stub.add_response("assume_role", _answer(), expected)
    found = sessions.assume(THERE, RUN, POLICY)
    assert (found.account, found.access_key_id) == (SPOKE, "ASIAEXAMPLEEXAMPLE11")
    stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    "arn",
    [
        SESSION.replace(SPOKE, "123456789012"),
        SESSION.replace(SPOKE, "111122223333"),
        SESSION.replace("spoke-grant", "spoke-plan"),
        SESSION.replace("latchkey-", "prod-"),
        SESSION.replace(RUN, "another-run"),
        SESSION.replace("arn:aws:", "arn:aws-cn:"),
    ],
)
def test_a_session_of_another_account_role_or_run_is_not_used(arn: str) -> None:
    sessions, stub = _stubbed()
    stub.add_response("assume_role", _answer(arn))
    with pytest.raises(SpokeMismatch, match=re.escape(arn)):
        sessions.assume(THERE, RUN, POLICY)


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("AccessDenied", 403, SpokeNotEnrolled),
        ("AccessDeniedException", 403, SpokeNotEnrolled),
        ("Throttling", 400, SpokeUnreachable),
        ("ThrottlingException", 400, SpokeUnreachable),
        ("RequestLimitExceeded", 503, SpokeUnreachable),
        ("ServiceUnavailable", 503, SpokeUnreachable),
        ("InternalFailure", 500, SpokeUnreachable),
        ("SomethingNew", 500, SpokeUnreachable),
        ("MalformedPolicyDocument", 400, InvalidDocument),
        ("PackedPolicyTooLarge", 400, LatchkeyError),
        ("RegionDisabledException", 403, LatchkeyError),
        ("ExpiredToken", 403, LatchkeyError),
    ],
)
def test_no_session_is_an_error_that_says_whether_it_may_pass(
    code: str, status: int, kind: type[LatchkeyError]
) -> None:
    sessions, stub = _stubbed()
    stub.add_client_error("assume_role", code, "no", http_status_code=status)
    with pytest.raises(kind) as raised:
        sessions.assume(THERE, RUN, POLICY)
    assert isinstance(raised.value, TransientError) == (kind is SpokeUnreachable)
    assert SPOKE in str(raised.value)


def test_sts_that_does_not_answer_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions, _ = _stubbed()

    def silent(**_: Any) -> None:
        raise ConnectTimeoutError(endpoint_url="https://sts.us-east-1.amazonaws.com")

    monkeypatch.setattr(sessions._sts, "assume_role", silent)
    with pytest.raises(SpokeUnreachable, match="no answer"):
        sessions.assume(THERE, RUN, POLICY)


def test_credentials_show_neither_secret_nor_token() -> None:
    shown = repr(SpokeCredentials(SPOKE, "ASIAEXAMPLEEXAMPLE11", "never shown", "nor this"))
    assert SPOKE in shown
    assert "never shown" not in shown
    assert "nor this" not in shown


def _accounts(asked: list[str], sessions: Any = None) -> Accounts:
    def made(service: str, credentials: SpokeCredentials) -> str:
        return f"{service} in {credentials.account}"

    def begun() -> Any:
        asked.append("sts")
        return sessions or _Sessions()

    return Accounts(AWS_ENVIRONMENT, lambda service: f"own {service}", begun, made)


class _Sessions:
    def assume(self, environment: Any, _run: str, _policy: Any) -> SpokeCredentials:
        return SpokeCredentials(environment.account, "id", "secret", "token")


class _Refusing:
    def assume(self, *_: Any) -> SpokeCredentials:
        raise SpokeNotEnrolled("no")


def test_own_account_has_the_clients_that_it_always_had_and_no_sts() -> None:
    asked: list[str] = []
    clients = _accounts(asked).clients(AWS_ENVIRONMENT, RUN, POLICY)
    assert clients("iam") == "own iam"
    assert asked == []


def test_each_other_account_has_clients_of_its_own_session() -> None:
    asked: list[str] = []
    accounts = _accounts(asked)
    one = accounts.clients(THERE, RUN, POLICY)
    other = accounts.clients(AWS_ENVIRONMENT.of_account("111122223333"), RUN, POLICY)
    assert (one("iam"), other("iam")) == (f"iam in {SPOKE}", "iam in 111122223333")
    assert one("s3") == f"s3 in {SPOKE}"
    assert asked == ["sts"]


@pytest.mark.parametrize("account", [AWS_ENVIRONMENT.account, SPOKE])
def test_another_partition_has_no_clients_and_the_own_ones_least(account: str) -> None:
    asked: list[str] = []
    elsewhere = replace(AWS_ENVIRONMENT.of_account(account), partition="aws-cn")
    with pytest.raises(ValueError, match="aws-cn is not the partition"):
        _accounts(asked).clients(elsewhere, RUN, POLICY)
    assert asked == []


def test_without_a_session_there_is_no_client_at_all() -> None:
    with pytest.raises(SpokeNotEnrolled):
        _accounts([], _Refusing()).clients(THERE, RUN, POLICY)


def test_clients_of_a_session_use_its_credentials_and_no_others() -> None:
    from latchkey.runtime.clients import client_of

    made = client_of("iam", SpokeCredentials(SPOKE, "ASIAEXAMPLEEXAMPLE11", "secret", "token"))
    found = made._request_signer._credentials.get_frozen_credentials()
    assert found[:3] == ("ASIAEXAMPLEEXAMPLE11", "secret", "token")


_runs = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=80)


@given(_runs)
def test_every_run_has_a_session_name_that_sts_takes(run: str) -> None:
    assert re.fullmatch(r"[\w+=,.@-]{2,64}", session_name(run), re.ASCII)


@given(_runs, _runs)
def test_different_runs_have_different_session_names(one: str, other: str) -> None:
    assert (session_name(one) == session_name(other)) == (one == other)


def test_a_run_that_fits_is_its_sessions_name() -> None:
    assert session_name(RUN) == RUN
    long = "file-" + "x" * 70
    assert session_name(long).startswith("file-xxx")
