"""Fixes of the types of SQS, SNS and EventBridge."""

import json
from functools import partial

from sandbox.compute.runtime import Runtime
from sandbox.moto_fixes.cloudformation.types import Declared, Made


def queue_policy(runtime: Runtime, declared: Declared) -> Made:
    """A queue policy; moto has no such type."""
    policy = {"Policy": json.dumps(declared.properties["PolicyDocument"])}
    for url in declared.properties["Queues"]:
        runtime.client("sqs", region=declared.region).set_queue_attributes(
            QueueUrl=url, Attributes=policy
        )
    return Made(declared.name)


def event_bus(runtime: Runtime, declared: Declared) -> Made:
    """An event bus that `Ref` can name; moto's has no physical ID.

    Mends `EventBus`, moto/events/models.py:378.
    """
    client = runtime.client("events", region=declared.region)
    made = client.create_event_bus(Name=declared.name)
    undo = partial(client.delete_event_bus, Name=declared.name)
    return Made(declared.name, made["EventBusArn"], undo)


def event_bus_policy(runtime: Runtime, declared: Declared) -> Made:
    """A statement of an event bus's policy; moto has no such type."""
    given = declared.properties
    statement = {**given["Statement"], "Sid": given["StatementId"]}
    runtime.client("events", region=declared.region).put_permission(
        EventBusName=given["EventBusName"],
        Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    return Made(declared.name)


def topic_policy(runtime: Runtime, declared: Declared) -> Made:
    """A topic policy; moto has no such type."""
    text = json.dumps(declared.properties["PolicyDocument"])
    for arn in declared.properties["Topics"]:
        runtime.client("sns", region=declared.region).set_topic_attributes(
            TopicArn=arn, AttributeName="Policy", AttributeValue=text
        )
    return Made(declared.name)
