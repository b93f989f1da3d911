"""The sandbox refuses what AWS refuses, with AWS's error: of sessions and services."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from moto import mock_aws

from tests.kit.local_aws import ROOT, US, Local, allowing, refusal, trusting


@pytest.fixture
def local() -> Iterator[Local]:
    """An empty AWS."""
    with mock_aws():
        yield Local()


@pytest.mark.parametrize(
    ("passed", "action"),
    [
        ({"Tags": [{"Key": "team", "Value": "a"}]}, "sts:TagSession"),
        ({"Tags": [{"Key": "t", "Value": ""}], "TransitiveTagKeys": ["t"]}, "sts:TagSession"),
        ({"SourceIdentity": "ada"}, "sts:SetSourceIdentity"),
    ],
)
def test_what_a_session_passes_needs_an_action_in_the_trust(
    local: Local, passed: dict[str, Any], action: str
) -> None:
    plain = local.role("plain", trusting("sts:AssumeRole"))
    code, status, message = refusal(lambda: local.session(plain, **passed))
    assert (code, status) == ("AccessDenied", 403)
    assert message == (f"User: {ROOT} is not authorized to perform: {action} on resource: {plain}")
    assert local.session(plain)
    able = local.role("able", trusting("sts:AssumeRole", action))
    assert local.session(able, **passed)


def test_statement_of_another_principal_does_not_let_pass_tags(local: Local) -> None:
    trust = trusting("sts:AssumeRole")
    other = trusting("sts:TagSession", principal="arn:aws:iam::111122223333:root")
    trust["Statement"] += other["Statement"]
    role = local.role("r", trust)
    assert refusal(lambda: local.session(role, Tags=[{"Key": "a", "Value": "b"}]))[0]


def test_external_id_is_no_condition_of_passing_tags(local: Local) -> None:
    by_id = {"StringEquals": {"sts:ExternalId": "acme-4711"}}
    together = local.role("a", trusting("sts:AssumeRole", "sts:TagSession", Condition=by_id))
    given: dict[str, Any] = {"ExternalId": "acme-4711", "Tags": [{"Key": "t", "Value": "v"}]}
    assert "sts:TagSession" in refusal(lambda: local.session(together, **given))[2]
    apart = trusting("sts:AssumeRole", Condition=by_id)
    apart["Statement"] += trusting("sts:TagSession")["Statement"]
    assert local.session(local.role("b", apart), **given)


def test_keys_of_session_tags_are_compared(local: Local) -> None:
    keys = {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}
    trust = trusting("sts:AssumeRole")
    trust["Statement"] += trusting("sts:TagSession", Condition=keys)["Statement"]
    role = local.role("r", trust)
    assert local.session(role, Tags=[{"Key": "team", "Value": "a"}])
    refused = refusal(lambda: local.session(role, Tags=[{"Key": "admin", "Value": "a"}]))
    assert refused[0] == "AccessDenied"


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ([{"Key": "a,b", "Value": "x"}], "ValidationError"),
        ([{"Key": "a", "Value": "x(y)"}], "ValidationError"),
        ([{"Key": "a", "Value": "x"}, {"Key": "A", "Value": "y"}], "InvalidInput"),
        ([{"Key": "aws:a", "Value": "x"}], "InvalidInput"),
    ],
)
def test_tag_rules_hold_for_sessions_and_roles(
    local: Local, tags: list[dict[str, str]], code: str
) -> None:
    role = local.role("r", trusting("sts:AssumeRole", "sts:TagSession"))
    assert refusal(lambda: local.session(role, Tags=tags))[0] == code
    iam = local.client("iam")
    assert refusal(lambda: iam.tag_role(RoleName="r", Tags=tags))[0] == code
    trust = json.dumps(trusting("sts:AssumeRole"))
    made = {"RoleName": "x", "AssumeRolePolicyDocument": trust, "Tags": tags}
    assert refusal(lambda: iam.create_role(**made))[0] == code


def test_role_has_at_most_50_tags_in_all(local: Local) -> None:
    iam = local.client("iam")
    local.role("r", trusting("sts:AssumeRole"))
    iam.tag_role(RoleName="r", Tags=[{"Key": f"k{n}", "Value": "é"} for n in range(50)])
    iam.tag_role(RoleName="r", Tags=[{"Key": "k1", "Value": "other"}])
    more = refusal(lambda: iam.tag_role(RoleName="r", Tags=[{"Key": "new", "Value": "v"}]))
    assert more == ("LimitExceeded", 409, "Cannot exceed quota for TagsPerRole: 50")


@pytest.mark.parametrize(
    ("more", "action"),
    [
        ({"ACL": "bucket-owner-full-control"}, "s3:PutObjectAcl"),
        ({"GrantRead": "uri=http://acs.amazonaws.com/groups/global/AllUsers"}, "s3:PutObjectAcl"),
        ({"Tagging": "team=a"}, "s3:PutObjectTagging"),
    ],
)
def test_objects_with_acl_or_tags_need_their_actions(
    local: Local, more: dict[str, str], action: str
) -> None:
    local.client("s3").create_bucket(Bucket="data")
    where = "arn:aws:s3:::data/*"
    trust = trusting("sts:AssumeRole")
    for name, actions in (("put", ["s3:PutObject"]), ("able", ["s3:PutObject", action])):
        role = local.role(name, trust, {"Action": actions, "Resource": where})
        given = local.session(role)
        s3 = local.client("s3", given["AccessKeyId"], given["SessionToken"])
        for start in (s3.put_object, s3.create_multipart_upload):
            start(Bucket="data", Key="k")
            if name == "able":
                start(Bucket="data", Key="k", **more)
                continue
            code, status, message = refusal(lambda: start(Bucket="data", Key="k", **more))  # noqa: B023
            assert (code, status) == ("AccessDenied", 403)
            assert f"not authorized to perform: {action} on" in message


@pytest.mark.parametrize("named", ["f", f"arn:aws:lambda:us-east-1:{US}:function:f"])
def test_version_of_a_function_is_a_resource_of_its_own(local: Local, named: str) -> None:
    arn = f"arn:aws:lambda:us-east-1:{US}:function:f"
    may = {"Action": "lambda:InvokeFunction", "Resource": arn}
    given = local.session(local.role("r", trusting("sts:AssumeRole"), may))
    caller = local.client("lambda", given["AccessKeyId"], given["SessionToken"])
    code, _, message = refusal(lambda: caller.invoke(FunctionName=named, Qualifier="prod"))
    assert code in ("AccessDenied", "AccessDeniedException")
    assert message.endswith(f"lambda:InvokeFunction on resource: {arn}:prod")
    assert refusal(lambda: caller.invoke(FunctionName=named))[0] == "ResourceNotFoundException"


@pytest.mark.parametrize("subject", ["x" * 100, "x" * 101, "a\nb", "a\x07b", "a\u2028b"])
def test_sns_refuses_subjects_as_its_reference_says(local: Local, subject: str) -> None:
    sns = local.client("sns")
    arn = sns.create_topic(Name="t")["TopicArn"]
    sns.publish(TopicArn=arn, Message="m", Subject="x" * 99)
    refused = refusal(lambda: sns.publish(TopicArn=arn, Message="m", Subject=subject))
    assert refused == ("InvalidParameter", 400, "Invalid parameter: Subject")


def test_notifications_go_to_queues_only_that_let_them(local: Local) -> None:
    s3, sqs = local.client("s3"), local.client("sqs")
    s3.create_bucket(Bucket="data")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:{US}:q"
    queue = {"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}
    wanted = {"NotificationConfiguration": {"QueueConfigurations": [queue]}, "Bucket": "data"}
    text = "Unable to validate the following destination configurations"
    expected = ("InvalidArgument", 400, text)

    def allow(source: str, service: str = "s3.amazonaws.com") -> None:
        sends = {
            "Principal": {"Service": service},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": source}},
        }
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": allowing(sends)})

    assert refusal(lambda: s3.put_bucket_notification_configuration(**wanted)) == expected
    allow("arn:aws:s3:::other")
    assert refusal(lambda: s3.put_bucket_notification_configuration(**wanted)) == expected
    allow("arn:aws:s3:::data", "events.amazonaws.com")
    assert refusal(lambda: s3.put_bucket_notification_configuration(**wanted)) == expected
    allow("arn:aws:s3:::data")
    s3.put_bucket_notification_configuration(**wanted)


def _assumed_by(local: Local, credentials: dict[str, Any], role: str) -> dict[str, Any]:
    """The credentials of a session of a session's."""
    key, token = credentials["AccessKeyId"], credentials["SessionToken"]
    sts = local.client("sts", key, token)
    found: dict[str, Any] = sts.assume_role(RoleArn=role, RoleSessionName="again")["Credentials"]
    return found


def test_session_needs_its_own_policy_too_unless_the_trust_names_its_role(local: Local) -> None:
    """A role that assumes itself through the root of its account, and one that it names."""

    def trusting_itself(name: str, *permissions: dict[str, Any]) -> str:
        arn = f"arn:aws:iam::{US}:role/{name}"
        itself = {"ArnEquals": {"aws:PrincipalArn": arn}}
        trust = trusting("sts:AssumeRole")
        more = trusting("sts:AssumeRole", principal=US, Condition=itself)["Statement"]
        return local.role(name, {**trust, "Statement": [*trust["Statement"], *more]}, *permissions)

    unable = trusting_itself("unable")
    allowed = {"Action": "sts:AssumeRole", "Resource": f"arn:aws:iam::{US}:role/able"}
    able = trusting_itself("able", allowed)
    open_to_us = local.role("open", trusting("sts:AssumeRole", principal=US))
    naming = local.role("naming", trusting("sts:AssumeRole", principal=able))
    for caller, target in ((unable, unable), (unable, able), (able, unable), (able, open_to_us)):
        session = local.session(caller)
        assert refusal(partial(_assumed_by, local, session, target))[0] == "AccessDenied", target
    again = _assumed_by(local, local.session(able), able)
    assert _assumed_by(local, again, able)
    assert _assumed_by(local, again, naming)
