"""Systems Manager: one parameter, or all below one path."""

import re
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import Allowance, key_allowance
from latchkey.services.entry import Discover, ServiceEntry
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.spec import Service
from latchkey.services.ssm.spec import SPEC

_PARAMETER = re.compile(r"[A-Za-z0-9_.-]+|(?:/[A-Za-z0-9_.-]+){1,15}/?", re.ASCII)
_PATTERN = rf"^(?!/?(?:[aA][wW][sS]|[sS][sS][mM])(?:/|$))(?:{_PARAMETER.pattern})$"


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

    SPEC: ClassVar[Service] = SPEC

    service: Literal["ssm"]
    parameter: Annotated[
        StrictStr,
        AfterValidator(_parameter),
        Field(
            description="A parameter's name, or a path that ends in `/` for all below it.",
            json_schema_extra={"pattern": _PATTERN, "maxLength": 1011},
        ),
    ]
    allow: Annotated[Literal["read"], Field(description="`read`: get values, decrypted.")]
    discover: Discover = False

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statements of one parameter or path.

        `info.arn` of a path ends in `/`. GetParametersByPath is authorised against the path
        itself, without the slash at its end. A SecureString is bound to its ARN by its encryption
        context (Systems Manager user guide, "How Parameter Store uses AWS KMS").
        """
        one_by_one = ("ssm:GetParameter", "ssm:GetParameters")
        if not info.arn.endswith("/"):
            context = {"PARAMETER_ARN": info.arn}
            key = key_allowance(environment, "ssm", info, ("kms:Decrypt",), context)
            return (Allowance("Parameter", one_by_one, (info.arn,)), *key)
        below = f"{info.arn}*"
        path = (info.arn.removesuffix("/"), below)
        context = {"PARAMETER_ARN": below}
        return (
            Allowance("Parameters", one_by_one, (below,)),
            Allowance("Path", ("ssm:GetParametersByPath",), path),
            *key_allowance(environment, "ssm", info, ("kms:Decrypt",), context),
        )


ENTRY = ParameterAccess
