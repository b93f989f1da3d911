"""The sandbox refuses what AWS refuses, with AWS's error; sandbox/README.md has the list."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core.botocore_stubber import MockRawResponse
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.test import Client as HttpClient

from sandbox.api.auth_proxy import AuthProxy
from sandbox.api.journal import Journal
from sandbox.connection import connect
from sandbox.iam.callers import Callers

PARTNER = "444455556666"
ROOT = f"arn:aws:iam::{PARTNER}:root"
US = "123456789012"


class Local:
    """moto behind the sandbox's auth proxy, without a socket between."""

    def __init__(self) -> None:
        moto = DomainDispatcherApplication(create_backend_app)
        self._http = HttpClient(AuthProxy(moto, Journal(), Callers({}, lambda: datetime.now(UTC))))

    def client(self, service: str, who: str = "outside", token: str | None = None) -> Any:
        made = connect("http://127.0.0.1:1", service, who, token=token)
        made.meta.events.register("before-send", self._answer)
        return made

    def _answer(self, request: Any, **_: Any) -> AWSResponse:
        body = request.body.read() if hasattr(request.body, "read") else request.body
        headers = {
            name: value.decode() if isinstance(value, bytes) else value
            for name, value in request.headers.items()
        }
        found = self._http.open(
            request.url,
            base_url="http://127.0.0.1:1",
            method=request.method,
            headers=headers,
            data=body,
        )
        raw = MockRawResponse(found.get_data())
        return AWSResponse(request.url, found.status_code, dict(found.headers), raw)

    def role(self, name: str, trust: Any, *permissions: dict[str, Any], account: str = US) -> str:
        """A role with a permissions policy; answers its ARN."""
        iam = self.client("iam", account)
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
        if permissions:
            text = _policy(*permissions)
            iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=text)
        return str(made["Role"]["Arn"])

    def session(self, role: str, **more: Any) -> dict[str, Any]:
        """The credentials of a session of the partner's."""
        asked = {"RoleArn": role, "RoleSessionName": "session", **more}
        found: dict[str, Any] = self.client("sts", PARTNER).assume_role(**asked)["Credentials"]
        return found


@pytest.fixture
def local() -> Iterator[Local]:
    """An empty AWS."""
    with mock_aws():
        yield Local()


def _policy(*statements: dict[str, Any]) -> str:
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **s} for s in statements]}
    )


def _trust(*actions: str, principal: Any = ROOT, **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": list(actions)}
    return {"Version": "2012-10-17", "Statement": [{**statement, **more}]}


def _refused(call: Callable[[], Any]) -> tuple[str, int, str]:
    """Code, status and message of the refusal of a call."""
    with pytest.raises(ClientError) as refused:
        call()
    answer = refused.value.response
    return (
        answer["Error"]["Code"],
        answer["ResponseMetadata"]["HTTPStatusCode"],
        answer["Error"]["Message"],
    )


# ------------------------------------------------------------------------------------------- STS


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
    plain = local.role("plain", _trust("sts:AssumeRole"))
    code, status, message = _refused(lambda: local.session(plain, **passed))
    assert (code, status) == ("AccessDenied", 403)
    assert message == (f"User: {ROOT} is not authorized to perform: {action} on resource: {plain}")
    assert local.session(plain)
    able = local.role("able", _trust("sts:AssumeRole", action))
    assert local.session(able, **passed)


def test_statement_of_another_principal_does_not_let_pass_tags(local: Local) -> None:
    trust = _trust("sts:AssumeRole")
    other = _trust("sts:TagSession", principal="arn:aws:iam::111122223333:root")
    trust["Statement"] += other["Statement"]
    role = local.role("r", trust)
    assert _refused(lambda: local.session(role, Tags=[{"Key": "a", "Value": "b"}]))[0]


def test_keys_of_session_tags_are_compared(local: Local) -> None:
    keys = {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}
    trust = _trust("sts:AssumeRole")
    trust["Statement"] += _trust("sts:TagSession", Condition=keys)["Statement"]
    role = local.role("r", trust)
    assert local.session(role, Tags=[{"Key": "team", "Value": "a"}])
    refused = _refused(lambda: local.session(role, Tags=[{"Key": "admin", "Value": "a"}]))
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
    role = local.role("r", _trust("sts:AssumeRole", "sts:TagSession"))
    assert _refused(lambda: local.session(role, Tags=tags))[0] == code
    iam = local.client("iam")
    assert _refused(lambda: iam.tag_role(RoleName="r", Tags=tags))[0] == code
    trust = json.dumps(_trust("sts:AssumeRole"))
    made = {"RoleName": "x", "AssumeRolePolicyDocument": trust, "Tags": tags}
    assert _refused(lambda: iam.create_role(**made))[0] == code


def test_role_has_at_most_50_tags_in_all(local: Local) -> None:
    iam = local.client("iam")
    local.role("r", _trust("sts:AssumeRole"))
    iam.tag_role(RoleName="r", Tags=[{"Key": f"k{n}", "Value": "é"} for n in range(50)])
    iam.tag_role(RoleName="r", Tags=[{"Key": "k1", "Value": "other"}])
    more = _refused(lambda: iam.tag_role(RoleName="r", Tags=[{"Key": "new", "Value": "v"}]))
    assert more == ("LimitExceeded", 409, "Cannot exceed quota for TagsPerRole: 50")


# ------------------------------------------------------------------------------------------- IAM


@pytest.mark.parametrize(
    "principal",
    [
        f"arn:aws:iam::{PARTNER}:role/nobody",
        f"arn:aws:iam::{PARTNER}:user/nobody",
        f"arn:aws:iam::{PARTNER}:role/there",  # its path is /app/
        f"arn:aws:iam::{PARTNER}:role/AWSReservedSSO_Ops_0123456789abcdef",  # without its path
        "arn:aws-cn:iam::444455556666:root",
    ],
)
def test_principals_that_do_not_exist_are_refused(local: Local, principal: str) -> None:
    partner = local.client("iam", PARTNER)
    trust = json.dumps(_trust("sts:AssumeRole"))
    sso = "/aws-reserved/sso.amazonaws.com/eu-central-1/"
    for path, name in (("/app/", "there"), (sso, "AWSReservedSSO_Ops_0123456789abcdef")):
        partner.create_role(Path=path, RoleName=name, AssumeRolePolicyDocument=trust)
    iam = local.client("iam")
    document = json.dumps(_trust("sts:AssumeRole", principal=[ROOT, principal]))
    create = {"RoleName": "r", "AssumeRolePolicyDocument": document}
    expected = ("MalformedPolicyDocument", 400, f'Invalid principal in policy: "AWS":"{principal}"')
    assert _refused(lambda: iam.create_role(**create)) == expected
    local.role("r", _trust("sts:AssumeRole"))
    update = {"RoleName": "r", "PolicyDocument": document}
    assert _refused(lambda: iam.update_assume_role_policy(**update)) == expected


def test_principals_that_exist_are_taken(local: Local) -> None:
    partner = local.client("iam", PARTNER)
    trust = json.dumps(_trust("sts:AssumeRole"))
    partner.create_role(Path="/app/", RoleName="there", AssumeRolePolicyDocument=trust)
    partner.create_user(UserName="ada")
    names = [
        PARTNER,
        ROOT,
        f"arn:aws:iam::{PARTNER}:role/app/there",
        f"arn:aws:iam::{PARTNER}:user/ada",
        f"arn:aws:sts::{PARTNER}:assumed-role/there/session",
        "AROAIOSFODNN7EXAMPLE",
    ]
    local.role("r", _trust("sts:AssumeRole", principal=names))
    local.role("star", _trust("sts:AssumeRole", principal="*"))


def test_boundaries_that_do_not_exist_are_refused(local: Local) -> None:
    iam = local.client("iam")
    trust = json.dumps(_trust("sts:AssumeRole"))
    arn = f"arn:aws:iam::{US}:policy/none"
    expected = ("NoSuchEntity", 404, f"Scope ARN: {arn} does not exist or is not attachable.")
    create = {"RoleName": "r", "AssumeRolePolicyDocument": trust, "PermissionsBoundary": arn}
    assert _refused(lambda: iam.create_role(**create)) == expected
    local.role("r", _trust("sts:AssumeRole"))
    put = {"RoleName": "r", "PermissionsBoundary": arn}
    assert _refused(lambda: iam.put_role_permissions_boundary(**put)) == expected
    reads = _policy({"Action": "s3:GetObject", "Resource": "*"})
    iam.create_policy(PolicyName="none", PolicyDocument=reads)
    iam.put_role_permissions_boundary(**put)


def test_sessions_are_of_one_to_twelve_hours(local: Local) -> None:
    iam = local.client("iam")
    trust = json.dumps(_trust("sts:AssumeRole"))
    create = {"RoleName": "r", "AssumeRolePolicyDocument": trust}
    code, status, message = _refused(lambda: iam.create_role(**create, MaxSessionDuration=43_201))
    assert (code, status) == ("ValidationError", 400)
    assert message.endswith("Member must have value less than or equal to 43200")
    iam.create_role(**create, MaxSessionDuration=43_200)
    longer = {"RoleName": "r", "MaxSessionDuration": 43_201}
    assert _refused(lambda: iam.update_role(**longer))[0] == "ValidationError"


def _long(count: int) -> dict[str, Any]:
    return {"Action": "s3:GetObject", "Resource": f"arn:aws:s3:::b/{'x' * count}"}


def _filled(size: int) -> str:
    """A policy of so many characters, and white space that does not count."""
    bare = json.dumps(json.loads(_policy(_long(0))), separators=(",", ":"))
    return json.dumps(json.loads(_policy(_long(size - len(bare)))), indent=2)


def test_trust_policies_have_at_most_2048_characters(local: Local) -> None:
    def trust(size: int) -> str:
        condition = {"StringEquals": {"sts:ExternalId": "x" * size}}
        return json.dumps(_trust("sts:AssumeRole", Condition=condition), indent=1)

    free = 2048 - len("".join(trust(0).split()))
    iam = local.client("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust(free))
    expected = ("LimitExceeded", 409, "Cannot exceed quota for ACLSizePerRole: 2048")
    too_long = trust(free + 1)
    create = {"RoleName": "s", "AssumeRolePolicyDocument": too_long}
    assert _refused(lambda: iam.create_role(**create)) == expected
    update = {"RoleName": "r", "PolicyDocument": too_long}
    assert _refused(lambda: iam.update_assume_role_policy(**update)) == expected


def test_inline_policies_have_at_most_10240_characters_together(local: Local) -> None:
    iam = local.client("iam")
    local.role("r", _trust("sts:AssumeRole"))
    iam.put_role_policy(RoleName="r", PolicyName="a", PolicyDocument=_filled(10_000))
    iam.put_role_policy(RoleName="r", PolicyName="a", PolicyDocument=_filled(10_100))
    iam.put_role_policy(RoleName="r", PolicyName="b", PolicyDocument=_filled(140))
    more = {"RoleName": "r", "PolicyName": "b", "PolicyDocument": _filled(141)}
    text = "Maximum policy size of 10240 bytes exceeded for role r"
    assert _refused(lambda: iam.put_role_policy(**more)) == ("LimitExceeded", 409, text)


def test_managed_policies_have_at_most_6144_characters(local: Local) -> None:
    iam = local.client("iam")
    arn = iam.create_policy(PolicyName="a", PolicyDocument=_filled(6144))["Policy"]["Arn"]
    expected = ("LimitExceeded", 409, "Cannot exceed quota for PolicySize: 6144")
    create = {"PolicyName": "b", "PolicyDocument": _filled(6145)}
    assert _refused(lambda: iam.create_policy(**create)) == expected
    version = {"PolicyArn": arn, "PolicyDocument": _filled(6145)}
    assert _refused(lambda: iam.create_policy_version(**version)) == expected


# ---------------------------------------------------------------------------- S3, Lambda, SNS, SQS


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
    trust = _trust("sts:AssumeRole")
    for name, actions in (("put", ["s3:PutObject"]), ("able", ["s3:PutObject", action])):
        role = local.role(name, trust, {"Action": actions, "Resource": where})
        given = local.session(role)
        s3 = local.client("s3", given["AccessKeyId"], given["SessionToken"])
        for start in (s3.put_object, s3.create_multipart_upload):
            start(Bucket="data", Key="k")
            if name == "able":
                start(Bucket="data", Key="k", **more)
                continue
            code, status, message = _refused(lambda: start(Bucket="data", Key="k", **more))  # noqa: B023
            assert (code, status) == ("AccessDenied", 403)
            assert f"not authorized to perform: {action} on" in message


@pytest.mark.parametrize("named", ["f", f"arn:aws:lambda:us-east-1:{US}:function:f"])
def test_version_of_a_function_is_a_resource_of_its_own(local: Local, named: str) -> None:
    arn = f"arn:aws:lambda:us-east-1:{US}:function:f"
    may = {"Action": "lambda:InvokeFunction", "Resource": arn}
    given = local.session(local.role("r", _trust("sts:AssumeRole"), may))
    caller = local.client("lambda", given["AccessKeyId"], given["SessionToken"])
    code, _, message = _refused(lambda: caller.invoke(FunctionName=named, Qualifier="prod"))
    assert code in ("AccessDenied", "AccessDeniedException")
    assert message.endswith(f"lambda:InvokeFunction on resource: {arn}:prod")
    assert _refused(lambda: caller.invoke(FunctionName=named))[0] == "ResourceNotFoundException"


@pytest.mark.parametrize("subject", ["x" * 100, "x" * 101, "a\nb", "a\x07b", "a\u2028b"])
def test_sns_refuses_subjects_as_its_reference_says(local: Local, subject: str) -> None:
    sns = local.client("sns")
    arn = sns.create_topic(Name="t")["TopicArn"]
    sns.publish(TopicArn=arn, Message="m", Subject="x" * 99)
    refused = _refused(lambda: sns.publish(TopicArn=arn, Message="m", Subject=subject))
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
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": _policy(sends)})

    assert _refused(lambda: s3.put_bucket_notification_configuration(**wanted)) == expected
    allow("arn:aws:s3:::other")
    assert _refused(lambda: s3.put_bucket_notification_configuration(**wanted)) == expected
    allow("arn:aws:s3:::data", "events.amazonaws.com")
    assert _refused(lambda: s3.put_bucket_notification_configuration(**wanted)) == expected
    allow("arn:aws:s3:::data")
    s3.put_bucket_notification_configuration(**wanted)
