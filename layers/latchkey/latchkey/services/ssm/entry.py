"""Systems Manager: one parameter, or all below one path."""

import re
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, override

from pydantic import AfterValidator, Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.entry import Allowance, ResourceInfo, ServiceEntry, key_allowance

_PARAMETER = re.compile(r"[A-Za-z0-9_.-]+|(?:/[A-Za-z0-9_.-]+){1,15}/?", re.ASCII)


def _parameter(text: str) -> str:
    if text.startswith("arn:"):
        raise ValueError("write the parameter's name, not its ARN")
    if len(text) > 1011 or not _PARAMETER.fullmatch(text):
        raise ValueError(
            "not a parameter: write its name, like /app/db-host, or a path that ends in '/', like "
            "/app/ (letters, digits, '_', '.', '-' and '/'); wildcards are not allowed"
        )
    if re.match(r"/?(aws|ssm)(/|$)", text, re.IGNORECASE):
        raise ValueError("names that begin with aws or ssm belong to AWS; name one of your own")
    return text


class ParameterAccess(ServiceEntry):
    """The value of one parameter, or of all parameters below a path that ends in `/`."""

    RESOURCE: ClassVar[str] = "parameter"

    service: Literal["ssm"]
    parameter: Annotated[
        StrictStr,
        AfterValidator(_parameter),
        Field(
            description="A parameter's name, or a path that ends in `/` for all below it.",
            json_schema_extra={"pattern": f"^(?:{_PARAMETER.pattern})$", "maxLength": 1011},
        ),
    ]
    allow: Annotated[Literal["read"], Field(description="`read`: get values, decrypted.")]

    @override
    def targets(self, found: Sequence[ResourceInfo]) -> tuple[str, ...]:
        """The parameter, or all below the path."""
        (facts,) = found
        return (f"{facts.arn}*" if facts.arn.endswith("/") else facts.arn,)

    @override
    def allowances(
        self, found: Sequence[ResourceInfo], place: AwsEnvironment
    ) -> tuple[Allowance, ...]:
        """The statements of one parameter or path.

        `facts.arn` of a path ends in `/`. GetParametersByPath is authorised against the path
        itself, without the slash at its end. A SecureString is bound to its ARN by its encryption
        context (Systems Manager user guide, "How Parameter Store uses AWS KMS").
        """
        (facts,) = found
        one_by_one = ("ssm:GetParameter", "ssm:GetParameters")
        if not facts.arn.endswith("/"):
            context = {"PARAMETER_ARN": facts.arn}
            key = key_allowance(place, "ssm", facts, ("kms:Decrypt",), context)
            return (Allowance("Parameter", one_by_one, (facts.arn,)), *key)
        below = f"{facts.arn}*"
        path = (facts.arn.removesuffix("/"), below)
        context = {"PARAMETER_ARN": below}
        return (
            Allowance("Parameters", one_by_one, (below,)),
            Allowance("Path", ("ssm:GetParametersByPath",), path),
            *key_allowance(place, "ssm", facts, ("kms:Decrypt",), context),
        )
