"""AWS Systems Manager Parameter Store: one parameter, or all below one path."""

from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import Call
from latchkey.services.spec import Conditions, EntryFields, Service


class _Ssm(Service):
    @override
    def resource_arn(self, name: str, environment: AwsEnvironment) -> str:
        """Names begin with a `/` or not; ARNs are the same for both."""
        return super().resource_arn(name.removeprefix("/"), environment)

    @override
    def describe(self, rest: str) -> str | None:
        """A parameter, or all below a path."""
        if not rest.startswith(self.arn.before):
            return None
        name = self.shown(self.arn.plain(rest))
        if name.endswith("/*") and "*" not in name[:-1]:
            return f"parameters below {name[:-1]}"
        return None if "*" in name else f"parameter {name}"

    @override
    def bare(self, name: str) -> str:
        return name.removeprefix("/")

    @override
    def shown(self, local: str) -> str:
        return f"/{local}" if "/" in local else local

    @override
    def is_folder(self, inner: str) -> bool:
        """A path is no parameter itself."""
        return True

    @override
    def reached(self, action: str, arn: str, conditions: Conditions) -> tuple[str, ...]:
        """Who may read a path reads all levels below it (IAM has the path itself as resource).

        Source: Systems Manager user guide, "Restricting access to Parameter Store parameters using
        IAM policies".
        """
        if action != "ssm:GetParametersByPath" or arn.endswith("/*"):
            return (arn,)
        return (f"{arn.removesuffix('/')}/*",)

    @override
    def imported(self, arn: str, rest: str) -> Iterator[EntryFields]:
        """A parameter, or all below a path, which entries end with a `/`."""
        short = rest.removesuffix("*") if rest.endswith("/*") else rest
        for found in super().imported(arn.removesuffix("*") if short != rest else arn, short):
            yield EntryFields({self.field: self.shown(found.fields[self.field])}, found.arn)

    @override
    def looked_up(self, arn: str, rest: str) -> str:
        return "/" + self.arn.plain(rest).removesuffix("*")

    @override
    def try_call(self, entry: Mapping[str, Any], arn: str) -> Call:
        name = entry["parameter"]
        if name.endswith("/"):
            given = {"Path": name, "Recursive": True, "MaxResults": 1}
            return Call("ssm", "get-parameters-by-path", given, "Parameters[].Name")
        given = {"Name": name, "WithDecryption": True}
        return Call("ssm", "get-parameter", given, "Parameter.Version")


SPEC = _Ssm(
    name="ssm",
    title="Parameter Store",
    field="parameter",
    resource_type="AWS::SSM::Parameter",
    arn=ArnForm(
        r"[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+){0,14}",
        before="parameter/",
        below="/",
        within=r"/\*",
        slashes=True,
    ),
    actions={"read": ("ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath")},
    labels={
        "read": "GetParameter GetParameters",
        "read by path": "GetParametersByPath",
        "read history": "GetParameterHistory",
        "list names": "DescribeParameters",
    },
    options=("discover",),
    discovers=("ssm:DescribeParameters",),
    own=(
        "parameter/",  # all there are, by the path `/`
        "parameter/latchkey",
        "parameter/latchkey-*",
        "parameter/latchkey/*",
    ),
    boundary=(
        "DescribeParameters",
        "GetParameter",
        "GetParameterHistory",
        "GetParameters",
        "GetParametersByPath",
    ),
    also=frozenset({"ssm:GetParameters", "ssm:GetParametersByPath"}),
    changed_by=(
        "ssm:DeleteParameter",
        "ssm:DeleteParameters",
        "ssm:PutParameter",
    ),
    lookup=("ssm:DescribeParameters",),
    example={"parameter": "/partners/northwind/", "allow": "read"},
)
