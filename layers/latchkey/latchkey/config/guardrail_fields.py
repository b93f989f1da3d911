"""Values of fields of the guardrails."""

from typing import Annotated

from pydantic import AfterValidator, Field, StrictStr

from latchkey.config.web_identity import PROVIDER, parse_provider
from latchkey.iam.principal import ACCOUNT, ROLE_OR_USER, parse_principal


def _role_or_user(text: str) -> str:
    if parse_principal(text).whole_account:
        raise ValueError(f"{text} is an account; list roles and users, which need no external ID")
    return text


RoleOrUser = Annotated[
    StrictStr,
    Field(json_schema_extra={"pattern": f"^{ROLE_OR_USER}$"}),
    AfterValidator(_role_or_user),
]
Accounts = Annotated[
    list[Annotated[StrictStr, Field(pattern=f"^{ACCOUNT}$")]],
    Field(
        description="Accounts beside the stack's own that configs may name as their `account`; "
        "none if omitted. Each also has guardrails of its own (docs/spokes.md)."
    ),
]
Patterns = Annotated[list[Annotated[StrictStr, Field(pattern=r"^arn:.+")]], Field(max_length=200)]
ProviderName = Annotated[
    StrictStr,
    Field(json_schema_extra={"pattern": f"^{PROVIDER}$"}),
    AfterValidator(parse_provider),
]
