"""The stack as a command meets it: clients, outputs, and the layer's gateways."""

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
import click
from botocore.config import Config
from botocore.exceptions import ClientError

from latchkey.aws.grant_table import GrantTable
from latchkey.aws.live_grants import LiveGrants
from latchkey.aws.table import Table
from latchkey.aws.translate import error_code, translated
from latchkey.iam.environment import AwsEnvironment
from latchkey_cli.target import Target

if TYPE_CHECKING:
    from latchkey.aws.scheduler import ScheduleGateway

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Stack:
    """One deployed Latchkey; everything is looked up when it is first asked for."""

    def __init__(self, target: Target) -> None:
        self.name = target.stack
        self.endpoint = target.endpoint_url or os.environ.get("AWS_ENDPOINT_URL") or None
        self._session = boto3.Session(profile_name=target.profile, region_name=target.region)
        self._clients: dict[str, Any] = {}

    @property
    def on_aws(self) -> bool:
        """Whether this is AWS itself, so that everything must be there that AWS has."""
        return self.endpoint is None

    def client(self, service: str) -> Any:
        """The client of a service, built once."""
        if service not in self._clients:
            self._clients[service] = self._session.client(  # type: ignore[call-overload]
                service, endpoint_url=self.endpoint, config=self._config(), **self._local()
            )
        return self._clients[service]

    def _config(self) -> Config:
        """By path where the endpoint is another: nobody resolves bucket names in front of it."""
        retries: Any = {"mode": "adaptive", "total_max_attempts": 5}
        return Config(retries=retries, s3=None if self.on_aws else {"addressing_style": "path"})

    def _local(self) -> dict[str, str]:
        """Stand-ins for settings that an endpoint on this machine does not look at."""
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
            "LATCHKEY_STACK, its region with --region"
        )
        try:
            found = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        except ClientError as error:
            if error_code(error) != "ValidationError":
                raise
            raise click.ClickException(missing) from error
        if not found:
            raise click.ClickException(missing)
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

    def output(self, name: str) -> str:
        """One output.

        Raises
        ------
        ClickException
            When the stack has none of that name: then it is no Latchkey, or is not deployed yet.
        """
        if name not in self.outputs:
            status = self._description.get("StackStatus", "unknown")
            raise click.ClickException(
                f"the stack {self.name} has no output {name}; it is {status}, or no Latchkey"
            )
        return self.outputs[name]

    @property
    def status(self) -> str:
        """The stack's status, as CloudFormation says it."""
        return str(self._description.get("StackStatus", "unknown"))

    @property
    def region(self) -> str:
        """The region that is asked."""
        return str(self.client("cloudformation").meta.region_name)

    @cached_property
    def caller(self) -> str:
        """The ARN of whoever runs the command."""
        with translated("ask who is calling"):
            return str(self.client("sts").get_caller_identity()["Arn"])

    @cached_property
    def place(self) -> AwsEnvironment:
        """The partition, region and account of the stack, from its workflow's ARN."""
        _, partition, _, region, account, *_ = self.output("GrantWorkflowArn").split(":")
        return AwsEnvironment(partition, region, account)

    @cached_property
    def table(self) -> Table:
        """The grant table."""
        return Table(self.client("dynamodb"), self.output("GrantTableName"))

    @cached_property
    def grants(self) -> GrantTable:
        """The grants in it."""
        return GrantTable(self.table)

    @cached_property
    def live_grants(self) -> LiveGrants:
        """Those that are live, by the index."""
        return LiveGrants(self.table)

    @cached_property
    def schedules(self) -> "ScheduleGateway":
        """The expiry schedules."""
        from latchkey.aws.scheduler import ScheduleGateway

        return ScheduleGateway(self.client("scheduler"), f"{self.name}-grants")
