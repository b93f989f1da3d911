"""Facts of the template that security and operations rely on."""

import json
import tomllib

import pytest

from latchkey.aws.grants_by_expiry import INDEXED
from latchkey.frozen import field_types
from latchkey.grants.record import GrantRecord
from tests.contract.role_actions import actions_of, allowed_by
from tests.kit.repository import ROOT
from tests.kit.template import FUNCTION, bucket_policy, of_type, properties, resolved, sub, template

BUCKETS = ("ConfigBucket", "ResultsBucket")


@pytest.mark.parametrize("bucket", BUCKETS)
def test_buckets_are_versioned_private_encrypted_and_kept(bucket: str) -> None:
    found = properties(bucket)
    assert found["VersioningConfiguration"] == {"Status": "Enabled"}
    blocks = found["PublicAccessBlockConfiguration"]
    assert len(blocks) == 4
    assert all(blocks.values())
    assert found["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert template()["Resources"][bucket]["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize("bucket", BUCKETS)
def test_buckets_are_reached_over_tls_only(bucket: str) -> None:
    deny = bucket_policy(bucket)["TlsOnly"]
    assert (deny["Effect"], deny["Action"], deny["Principal"]) == ("Deny", "s3:*", "*")
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert deny["Resource"] == [{"Fn::GetAtt": f"{bucket}.Arn"}, sub(f"${{{bucket}.Arn}}/*")]


def test_config_bucket_notifies_of_what_is_created_and_removed_under_partners() -> None:
    rules = properties("ConfigBucket")["NotificationConfiguration"]["QueueConfigurations"]
    assert [rule["Event"] for rule in rules] == [
        "s3:ObjectCreated:*",
        "s3:ObjectRestore:Completed",
        "s3:ObjectRemoved:*",
        "s3:ObjectCreated:*",
        "s3:LifecycleExpiration:*",
    ]
    queues = [rule["Queue"]["Fn::GetAtt"] for rule in rules]
    uploads, removals = "ConfigQueue.Arn", "RemovalQueue.Arn"
    told = [uploads, uploads, removals, uploads, removals]
    assert queues == told, "removals wait behind no upload"
    sources = properties("IntakeConfigFunction")["Events"]
    fed = [source["Properties"]["Queue"]["Fn::GetAtt"] for source in sources.values()]
    assert fed == [*dict.fromkeys(queues)]
    folders = ["partners/", "partners/", "partners/", "approvals/", "partners/"]
    for rule, folder in zip(rules, folders, strict=True):
        (filter_rule,) = rule["Filter"]["S3Key"]["Rules"]
        assert filter_rule == {"Name": "prefix", "Value": folder}


@pytest.mark.parametrize("name", ["ConfigQueue", "RemovalQueue"])
def test_queue_has_a_dead_letter_queue_and_outlasts_the_function(name: str) -> None:
    queue = properties(name)
    assert queue["RedrivePolicy"]["maxReceiveCount"] >= 3
    timeout = template()["Globals"]["Function"]["Timeout"]
    assert queue["VisibilityTimeout"] >= 6 * timeout


def test_intake_reports_failed_messages_and_is_bounded() -> None:
    for event in properties("IntakeConfigFunction")["Events"].values():
        assert event["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert event["Properties"]["ScalingConfig"]["MaximumConcurrency"]


def test_uploads_begin_at_a_pace_that_leaves_room_in_the_smallest_account() -> None:
    """Of 10 functions at a time, a run takes less than two seconds of them on AWS, one by one."""
    parameters = template()["Parameters"]
    concurrency = parameters["IntakeConcurrency"]["Default"]
    runs_a_second = concurrency / parameters["IntakeInterval"]["Default"]
    assert runs_a_second <= 4
    most = parameters["IntakeInterval"]["MaxValue"]
    event = properties("IntakeConfigFunction")["Events"]["ConfigFiles"]["Properties"]
    assert event["BatchSize"] * most < template()["Globals"]["Function"]["Timeout"]


@pytest.mark.parametrize("name", ["ConfigQueue", "RemovalQueue"])
def test_messages_that_fail_again_and_again_go_to_a_queue_of_their_own(name: str) -> None:
    policy = properties(name)["RedrivePolicy"]
    assert policy["deadLetterTargetArn"] == {"Fn::GetAtt": "ConfigDeadLetterQueue.Arn"}
    assert policy["maxReceiveCount"] == 5


def _in_workflow() -> set[str]:
    """The functions that the workflow calls."""
    arns = properties("GrantWorkflow")["DefinitionSubstitutions"].values()
    steps = {arn["Fn::GetAtt"].removesuffix(".Arn") for arn in arns if "Fn::GetAtt" in arn}
    return steps - {"FindGrantsFunction"}  # one call for hundreds of grants


@pytest.mark.parametrize("function", sorted(_in_workflow()))
def test_every_function_of_the_workflow_is_bounded_by_the_parameter(function: str) -> None:
    bound = properties(function)["ReservedConcurrentExecutions"]
    unbounded = {"Ref": "AWS::NoValue"}
    assert bound == {"Fn::If": ["BoundedFunctions", {"Ref": "FunctionConcurrency"}, unbounded]}


def test_default_deploys_in_an_account_with_a_concurrency_of_10_and_prod_reserves() -> None:
    """100 always stay unreserved, so that a new account, with 10, can reserve nothing."""
    assert template()["Parameters"]["FunctionConcurrency"]["Default"] == 0
    for name in of_type(FUNCTION):
        reserved = properties(name).get("ReservedConcurrentExecutions", {"Fn::If": [None] * 3})
        assert reserved["Fn::If"][0] in (None, "BoundedFunctions"), name
    stages = tomllib.loads((ROOT / "samconfig.toml").read_text())
    given = {
        stage: found["deploy"]["parameters"].get("parameter_overrides", "").split()
        for stage, found in stages.items()
        if isinstance(found, dict)
    }
    assert "FunctionConcurrency=10" in given["prod"]
    assert not [word for word in given["default"] + given["dev"] if "Concurrency" in word]


def test_parameter_of_zero_leaves_functions_unbounded() -> None:
    parameter = template()["Parameters"]["FunctionConcurrency"]
    assert (parameter["Default"], parameter["MinValue"]) == (0, 0)
    never = {"Fn::Equals": [{"Ref": "FunctionConcurrency"}, 0]}
    assert template()["Conditions"]["BoundedFunctions"] == {"Fn::Not": [never]}


def test_other_functions_are_not_kept_waiting_by_the_workflow() -> None:
    others = set(of_type(FUNCTION)) - _in_workflow()
    assert others == {
        "CheckDriftFunction",
        "CheckFilesFunction",
        "FindGrantsFunction",
        "IntakeConfigFunction",
        "SendDigestFunction",
        "PublishRegisterFunction",
        "SweepGrantsFunction",
    }
    bound = {name for name in others if "ReservedConcurrentExecutions" in properties(name)}
    assert bound == {"PublishRegisterFunction"}


def test_registers_are_made_one_at_a_time_and_a_burst_of_changes_is_a_few_of_them() -> None:
    found = properties("PublishRegisterFunction")
    unbounded = {"Ref": "AWS::NoValue"}
    assert found["ReservedConcurrentExecutions"] == {"Fn::If": ["BoundedFunctions", 1, unbounded]}
    changes = found["Events"]["Changes"]["Properties"]
    assert changes["BatchSize"] == 1000
    assert 30 <= changes["MaximumBatchingWindowInSeconds"] <= 60
    assert found["Events"]["Daily"]["Properties"]["ScheduleExpression"] == "rate(1 day)"
    queue = properties("RegisterQueue")
    window = changes["MaximumBatchingWindowInSeconds"]
    assert queue["VisibilityTimeout"] >= 6 * found["Timeout"] + window


def test_registers_are_asked_for_by_our_own_events_about_a_grant() -> None:
    rule = properties("RegisterRule")
    assert resolved(properties("EventBus")["Name"], "latchkey") == "latchkey"
    assert rule["EventBusName"] == {"Ref": "EventBus"}
    assert rule["EventPattern"]["source"] == ["latchkey"]
    assert [target["Arn"] for target in rule["Targets"]] == [{"Fn::GetAtt": "RegisterQueue.Arn"}]
    (sends, _) = properties("RegisterQueuePolicy")["PolicyDocument"]["Statement"]
    assert sends["Condition"] == {
        "ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": "RegisterRule.Arn"}}
    }


def test_making_the_register_writes_the_register_only_and_reads_no_claims() -> None:
    allowed = allowed_by("PublishRegisterFunction")
    written = [arn for s in allowed if "s3:PutObject" in s.actions for arn in s.resources]
    names = ["register.html", "register.json", "private/register-external-ids.json"]
    assert written == [sub(f"${{ResultsBucket.Arn}}/{name}") for name in names]
    (reads,) = [s for s in allowed if "dynamodb:BatchGetItem" in s.actions]
    keys = {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["GRANT#*"]},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }
    assert reads.condition == keys
    writing = ("Put", "Update", "Delete", "Create", "Start")
    changed = {
        a for a in actions_of("PublishRegisterFunction") if a.split(":")[1].startswith(writing)
    }
    assert {name.split(":")[0] for name in changed} == {"logs", "xray", "sqs", "s3"}


def test_table_has_recovery_and_an_index_by_expiry_of_live_grants() -> None:
    table = properties("GrantTable")
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    (index,) = table["GlobalSecondaryIndexes"]
    keys = [(key["AttributeName"], key["KeyType"]) for key in index["KeySchema"]]
    assert (index["IndexName"], keys) == ("by-expiry", [("live", "HASH"), ("expires_at", "RANGE")])
    assert index["Projection"]["NonKeyAttributes"] == ["partner", "grant", *INDEXED]
    ttl = table["TimeToLiveSpecification"]["AttributeName"]
    assert ttl not in field_types(GrantRecord), "it is best effort, never a revocation"
    assert ttl == "delete_after", "only what runs hand on has it (aws/run_documents.py)"


@pytest.mark.parametrize("function", of_type(FUNCTION))
def test_every_function_has_a_role_of_its_own_and_kept_logs(function: str) -> None:
    found = properties(function)
    others = [properties(name)["Role"] for name in of_type(FUNCTION) if name != function]
    assert found["Role"] not in others
    group = properties(found["LoggingConfig"]["LogGroup"]["Ref"])
    assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_logs_end_some_day_and_hold_no_events() -> None:
    for group in of_type("AWS::Logs::LogGroup"):
        assert properties(group)["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    workflow = properties("GrantWorkflow")["Logging"]
    assert workflow["IncludeExecutionData"] is False
    assert "POWERTOOLS_LOGGER_LOG_EVENT" not in json.dumps(template())


def test_functions_and_workflow_are_traced() -> None:
    assert template()["Globals"]["Function"]["Tracing"] == "Active"
    assert properties("GrantWorkflow")["Tracing"] == {"Enabled": True}


def test_notices_are_sent_to_the_stacks_own_bus_and_topic_only() -> None:
    for function in ("NotifyOutcomeFunction", "SendDigestFunction"):
        (put,) = [s for s in allowed_by(function) if "events:PutEvents" in s.actions]
        assert put.resources == ({"Fn::GetAtt": "EventBus.Arn"},)
        assert put.condition == {"StringEquals": {"events:source": "latchkey"}}
        (publish,) = [s for s in allowed_by(function) if "sns:Publish" in s.actions]
        assert publish.resources == ({"Ref": "NoticesTopic"},)


def test_topic_is_encrypted_and_takes_messages_over_tls_only() -> None:
    assert properties("NoticesTopic")["KmsMasterKeyId"] == "alias/aws/sns"
    (deny,) = properties("NoticesTopicPolicy")["PolicyDocument"]["Statement"]
    assert (deny["Effect"], deny["Action"]) == ("Deny", "sns:Publish")
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
