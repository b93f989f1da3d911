"""Amazon API Gateway: calling one API, or one stage of it."""

import re
from collections.abc import Iterator

from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.spec import EntryFields, Service

STAGE = r"\$default|[A-Za-z0-9_-]{1,128}"
_EVERYTHING = re.compile(r"(/\*)+$")


class _ExecuteApi(Service):
    """Requests are asked about as `<API>/<stage>/<method>/<path>`.

    There is no call to try: which requests an API has only its owner knows, and the AWS CLI signs
    none.

    Source: API Gateway developer guide, "Statement reference of IAM policies for executing an API
    in API Gateway".
    """

    @property
    @override
    def noun(self) -> str:
        return "API"

    @override
    def describe(self, rest: str) -> str | None:
        """The API, and what of it."""
        api, _, below = _EVERYTHING.sub("", rest).partition("/")
        if "*" in api:
            return None
        stage, _, request = below.partition("/")
        if request or "*" in stage:
            return f"API {api}, requests {below}"
        return f"API {api}, stage {stage}" if stage else f"API {api}"

    @override
    def shown(self, local: str) -> str:
        return _EVERYTHING.sub("", local)

    @override
    def imported(self, arn: str, rest: str) -> Iterator[EntryFields]:
        """An API or a stage, each with all requests."""
        short = _EVERYTHING.sub("", rest)
        api, _, stage = short.partition("/")
        if not re.fullmatch(self.arn.name, api, re.ASCII):
            return
        whole = arn.removesuffix(rest) + api
        if not stage:
            yield EntryFields({self.field: api}, whole)
        elif re.fullmatch(STAGE, stage, re.ASCII):
            yield EntryFields({self.field: api, self.part: stage}, whole)

    @override
    def looked_up(self, arn: str, rest: str) -> str:
        return arn.removesuffix(rest) + rest.partition("/")[0]


SPEC = _ExecuteApi(
    name="execute-api",
    title="API Gateway",
    field="api",
    part="stage",
    arn=ArnForm(
        r"[a-z0-9]{10}",
        "10 letters and digits, such as a1b2c3d4e5; the API's ID, not what it is called",
        below="/",
        within=r"/(?:[A-Za-z0-9_$.~@{}+-]+/)*(?:[A-Za-z0-9_$.~@{}+-]+|\*)",
    ),
    actions={"invoke": ("execute-api:Invoke",)},
    labels={"invoke": "Invoke"},
    own=(),  # Latchkey has no API
    boundary=("Invoke",),
    changed_by=("apigateway:DeleteRestApi",),
    lookup=("apigateway:GET",),
    key_use=False,
    example={"api": "a1b2c3d4e5", "stage": "prod", "allow": "invoke"},
)
