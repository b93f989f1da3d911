"""Web identities through the workflow: providers are looked up, and who leaves inherits nothing."""

from typing import Any

import pytest

from tests.integration.preflight import deny
from tests.integration.role_edits import ROLE, trust_edited
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.tokens import AUDIENCE, GITHUB, SUBJECT, identity

ARN = f"arn:aws:iam::123456789012:oidc-provider/{GITHUB}"


@pytest.fixture
def provider(stack: StackDriver) -> StackDriver:
    """A stack in an account that has GitHub's provider."""
    aws("iam").create_open_id_connect_provider(
        Url=f"https://{GITHUB}", ClientIDList=[AUDIENCE, "acme"], ThumbprintList=[]
    )
    return stack


def _upload(stack: StackDriver, *identities: Any, **changes: Any) -> Any:
    stack.upload(principals=list(identities), external_id=None, **changes)
    return stack.run(FILE)


def _trust() -> Any:
    return aws("iam").get_role(RoleName=ROLE)["Role"]["AssumeRolePolicyDocument"]


def _problems(run: Any) -> dict[str, str]:
    return {problem["path"]: problem["message"] for problem in run.result["problems"]}


def _allows(stack: StackDriver) -> list[str]:
    return [one["Sid"] for one in stack.permissions()["Statement"]]


def test_granted_by_token_without_an_external_id(provider: StackDriver) -> None:
    run = _upload(provider, identity())
    assert run.outcome == "created", run.result
    assert run.result.get("external_id") is None
    (statement,) = _trust()["Statement"]
    assert statement["Principal"] == {"Federated": [ARN]}
    again = provider.run({"action": "check", "partner": "acme"})
    assert again.iam_writes == []


def test_provider_that_is_not_there_is_a_problem_with_the_nearest(provider: StackDriver) -> None:
    run = _upload(provider, identity(oidc_provider="tokens.action.githubusercontent.com"))
    assert run.outcome == "rejected"
    assert f"did you mean '{GITHUB}'?" in _problems(run)["/principals/0/oidc_provider"]
    far = _upload(provider, identity(oidc_provider="id.example.net", subject="x"))
    assert "docs/config.md#web-identities" in _problems(far)["/principals/0/oidc_provider"]


def test_audience_that_the_provider_does_not_list_lets_nobody_in(provider: StackDriver) -> None:
    run = _upload(provider, identity(), identity(audience="sts.amazonaws.co"))
    assert AUDIENCE in _problems(run)["/principals/1/audience"]
    assert _upload(provider, identity(audience="acme")).outcome == "created"


def test_all_problems_come_at_once(provider: StackDriver) -> None:
    nowhere = {"service": "s3", "bucket": "nowhere", "allow": "read"}
    open_to_all = identity(subject="repo:acme/app:*")
    other = identity(oidc_provider="id.example.net", subject="x")
    run = _upload(provider, open_to_all, other, access=[nowhere])
    assert _problems(run).keys() == {
        "/access/0/bucket",
        "/principals/0/subject",
        "/principals/1/oidc_provider",
    }


def test_providers_that_may_not_be_read_are_told_as_such(
    provider: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    deny(monkeypatch, "iam", {"GetOpenIDConnectProvider"})
    run = _upload(provider, identity())
    assert "cannot be read by Latchkey" in _problems(run)["/principals/0/oidc_provider"]


def test_built_in_providers_are_not_looked_up(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    deny(monkeypatch, "iam", {"GetOpenIDConnectProvider", "ListOpenIDConnectProviders"})
    google = {"oidc_provider": "accounts.google.com", "audience": "acme", "subject": "17"}
    assert _upload(stack, google).outcome == "created"


def test_who_leaves_inherits_nothing_and_who_joins_disturbs_nobody(provider: StackDriver) -> None:
    _upload(provider, identity())
    wider = _upload(provider, identity(subject=[SUBJECT, "repo:acme/b:x"]))
    assert (wider.outcome, wider.result["issued_before"]) == ("updated", None)
    narrower = _upload(provider, identity(subject="repo:acme/b:x"))
    assert narrower.result["issued_before"]
    assert "IssuedBefore" in _allows(provider)


def test_by_hand_a_subject_let_in_is_put_out_and_one_put_out_stays_out(
    provider: StackDriver,
) -> None:
    _upload(provider, identity(subject=[SUBJECT, "repo:acme/b:x"]))

    def another(trust: Any) -> None:
        asked = trust["Statement"][0]["Condition"]["StringEquals"]
        asked[f"{GITHUB}:sub"] = [SUBJECT, "repo:acme/evil:x"]

    trust_edited("another subject", another).make(aws("iam"))
    run = provider.run({"action": "check", "partner": "acme", "by": "drift"})
    (statement,) = [one for one in _trust()["Statement"] if one["Effect"] == "Allow"]
    subjects = statement["Condition"]["StringEquals"][f"{GITHUB}:sub"]
    assert subjects in (SUBJECT, [SUBJECT]), run.result
    assert "IssuedBefore" in _allows(provider)


def test_a_live_grant_stays_when_its_new_version_names_a_provider_that_is_not_there(
    provider: StackDriver,
) -> None:
    _upload(provider, identity())
    before = _trust()
    run = _upload(provider, identity(oidc_provider="id.example.net", subject="x"))
    assert (run.outcome, _trust()) == ("rejected", before)
    assert provider.run({"action": "suspend", "partner": "acme"}).outcome == "suspended"
    assert _allows(provider) == ["Suspended"]
