"""A deployed stack: its clients, outputs and parameters, and the gateways of the layer."""

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import boto3
import click
from botocore.config import Config
from botocore.exceptions import ClientError

from latchkey.aws.config_versions import ConfigVersions
from latchkey.aws.error_codes import error_code, translated
from latchkey.aws.grant_table import GrantTable
from latchkey.aws.grants_by_expiry import LiveGrants
from latchkey.aws.leases import Leases
from latchkey.aws.partitions import aws_environment
from latchkey.aws.table import Table
from latchkey.iam.environment import AwsEnvironment
from latchkey.services.own_names import own_prefix
from latchkey_cli.aws.settings_file import Listing

if TYPE_CHECKING:
    from latchkey.aws.scheduler import ScheduleGateway
    from latchkey.config.rules import StackContext
    from latchkey.grant_id import GrantId
    from latchkey.grants.role import RoleNaming

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class StackResource(NamedTuple):
    """A resource of the stack: its type, its name or ARN, and its name in the template."""

    kind: str
    name: str
    logical_id: str = ""


class Stack:
    """A deployed Latchkey stack; everything is looked up when it is first used.

    `AWS_REGION` wins over `AWS_DEFAULT_REGION`, the only one of both that boto3 reads (AWS SDKs and
    tools reference guide, "AWS Region").
    """

    def __init__(
        self,
        name: str,
        *,
        region: str | None,
        profile: str | None,
        endpoint_url: str | None,
        listing: Listing | None = None,
    ) -> None:
        self.name = name
        self._listing = listing or Listing()
        self.names = own_prefix(name)
        self.endpoint = endpoint_url or os.environ.get("AWS_ENDPOINT_URL") or None
        region = region or os.environ.get("AWS_REGION") or None
        self._session = boto3.Session(profile_name=profile, region_name=region)
        self._clients: dict[str, Any] = {}

    @property
    def on_aws(self) -> bool:
        """Whether the endpoint is AWS itself, where every call is available."""
        return self.endpoint is None

    def client(self, service: str) -> Any:
        """The client of a service, built once."""
        if service not in self._clients:
            self._clients[service] = self._client(service)
        return self._clients[service]

    def client_in(self, service: str, region: str) -> Any:
        """A client of a service in a region, which may be another than the stack's."""
        return self.client(service) if region == self.region else self._client(service, region)

    def _client(self, service: str, region: str | None = None) -> Any:
        local = self._local() | ({"region_name": region} if region else {})
        return self._session.client(  # type: ignore[call-overload]
            service, endpoint_url=self.endpoint, config=self._config(), **local
        )

    def _config(self) -> Config:
        """Path-style addressing for other endpoints, which have no host name for each bucket."""
        retries: Any = {"mode": "adaptive", "total_max_attempts": 5}
        return Config(retries=retries, s3=None if self.on_aws else {"addressing_style": "path"})

    def _local(self) -> dict[str, str]:
        """Placeholders for settings that an endpoint on this machine does not check."""
        if urlsplit(self.endpoint or "").hostname not in _LOOPBACK:
            return {}
        local = {} if self._session.region_name else {"region_name": "us-east-1"}
        if self._session.profile_name != "default" or "AWS_ACCESS_KEY_ID" in os.environ:
            return local
        return {**local, "aws_access_key_id": "local", "aws_secret_access_key": "local"}

    @cached_property
    def _description(self) -> dict[str, Any]:
        missing = (
            f"there is no stack {self.name!r} in {self.region}; name yours with --stack or "
            f"LATCHKEY_STACK, its region with --region{self._listing.elsewhere(self.region)}"
        )
        try:
            found = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        except ClientError as error:
            if error_code(error) != "ValidationError":
                raise
            raise click.ClickException(missing) from error
        if not found:
            raise click.ClickException(missing)
        self._listing.check_account(found[0]["StackId"].split(":")[4])
        return dict(found[0])

    @cached_property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs (docs/contract.md, "Stack")."""
        found = self._description.get("Outputs", [])
        return {item["OutputKey"]: item["OutputValue"] for item in found}

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The stack's parameters."""
        found = self._description.get("Parameters", [])
        return {item["ParameterKey"]: item["ParameterValue"] for item in found}

    @cached_property
    def resources(self) -> tuple[StackResource, ...]:
        """The resources that the stack has created."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources")
        return tuple(
            StackResource(
                found["ResourceType"], found["PhysicalResourceId"], found["LogicalResourceId"]
            )
            for page in pages.paginate(StackName=self.name)
            for found in page["StackResourceSummaries"]
            if found.get("PhysicalResourceId")
        )

    def output(self, name: str) -> str:
        """One output.

        Raises
        ------
        ClickException
            If there is none of that name: the stack is not Latchkey, or not deployed completely.
        """
        if name not in self.outputs:
            status = self._description.get("StackStatus", "unknown")
            raise click.ClickException(
                f"{self.name} is no stack of Latchkey, or not deployed completely: it is {status}, "
                f"without an output {name}"
            )
        return self.outputs[name]

    @property
    def status(self) -> str:
        """The stack's status in CloudFormation."""
        return str(self._description.get("StackStatus", "unknown"))

    @property
    def region(self) -> str:
        """The region of the clients."""
        return str(self.client("cloudformation").meta.region_name)

    @cached_property
    def caller(self) -> str:
        """The ARN of the principal that runs the command."""
        with translated("get the caller's identity"):
            return str(self.client("sts").get_caller_identity()["Arn"])

    @cached_property
    def environment(self) -> AwsEnvironment:
        """The partition, region and account of the stack, from its workflow's ARN."""
        _, partition, _, region, account, *_ = self.output("GrantWorkflowArn").split(":")
        limit = int(self.parameters.get("TrustPolicyLimit", "2048"))
        return aws_environment(partition, region, account, trust_policy_limit=limit)

    @property
    def first_party_accounts(self) -> frozenset[str]:
        """The accounts of the company itself, from the stack's parameters."""
        accounts = self.parameters.get("FirstPartyAccounts", "").split(",")
        return frozenset(filter(None, accounts))

    @property
    def context(self) -> "StackContext":
        """The context in which configs are read: the environment and first-party accounts."""
        from latchkey.config.rules import StackContext

        return StackContext(self.environment, self.first_party_accounts)

    @cached_property
    def table(self) -> Table:
        """The grant table."""
        return Table(self.client("dynamodb"), self.output("GrantTableName"))

    @cached_property
    def grants(self) -> GrantTable:
        """The records of all grants."""
        return GrantTable(self.table)

    @cached_property
    def config_versions(self) -> ConfigVersions:
        """The configs that grants were granted by."""
        return ConfigVersions(self.client("s3"), self.output("ConfigBucketName"))

    @cached_property
    def leases(self) -> Leases:
        """The leases of grants, with what runs have begun and not recorded."""
        return Leases(self.table)

    @cached_property
    def live_grants(self) -> LiveGrants:
        """The live grants, by the index."""
        return LiveGrants(self.table)

    @cached_property
    def on_record(self) -> frozenset["GrantId"]:
        """The grants that the table knows as live, or as begun: those that may have a role."""
        live = self.live_grants
        return frozenset(found.id for found in (*live.all(), *live.begun()))

    @property
    def naming(self) -> "RoleNaming":
        """What the roles of the stack have in common."""
        from latchkey.grants.role import RoleNaming
        from latchkey.services.boundary import kinds

        path = self.parameters.get("RolePath", "/partners/")
        prefix = self.parameters.get("RoleNamePrefix", "partner-")
        outputs = {kind: f"{boundary}Arn" for kind, boundary in kinds().items()}
        others = {k: self.outputs[name] for k, name in outputs.items() if name in self.outputs}
        return RoleNaming(self.name, path, prefix, self.output("PermissionsBoundaryArn"), others)

    @cached_property
    def schedules(self) -> "ScheduleGateway":
        """The expiry schedules."""
        from latchkey.aws.scheduler import ScheduleGateway

        return ScheduleGateway(self.client("scheduler"), f"{self.names}-grants")
