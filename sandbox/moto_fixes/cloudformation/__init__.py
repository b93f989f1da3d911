"""Fixes of moto's CloudFormation: types that it lacks, or creates without all their properties."""

from sandbox.moto_fixes.cloudformation import compute, identity, messaging, scheduling, storage
from sandbox.moto_fixes.cloudformation.types import Resource, define

__all__ = ["RESOURCES", "define"]

RESOURCES = (
    Resource("AWS::S3::Bucket", storage.bucket, "BucketName"),
    Resource("AWS::S3::BucketPolicy", storage.bucket_policy),
    Resource("AWS::IAM::Role", identity.role, "RoleName"),
    Resource("AWS::IAM::ManagedPolicy", identity.managed_policy),
    Resource("AWS::SQS::QueuePolicy", messaging.queue_policy),
    Resource("AWS::Events::EventBus", messaging.event_bus, "Name"),
    Resource("AWS::Events::EventBusPolicy", messaging.event_bus_policy),
    Resource("AWS::SNS::TopicPolicy", messaging.topic_policy),
    Resource("AWS::Scheduler::ScheduleGroup", scheduling.schedule_group, "Name"),
    Resource("AWS::Scheduler::Schedule", scheduling.schedule, "Name"),
    Resource("AWS::StepFunctions::StateMachine", compute.state_machine, "StateMachineName"),
    Resource("AWS::Lambda::LayerVersion", compute.layer, "LayerName"),
    Resource("AWS::Lambda::Function", compute.function, "FunctionName"),
    Resource("AWS::Lambda::EventSourceMapping", compute.event_source_mapping),
)
