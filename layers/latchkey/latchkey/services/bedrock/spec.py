"""Amazon Bedrock: invoking one model."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import Call
from latchkey.services.spec import EntryFields, Service, named_as

MODEL = "foundation-model/"
PROFILE = "inference-profile/"
APPLICATION = "application-inference-profile/"
_NOUNS = {MODEL: "model", PROFILE: "inference profile", APPLICATION: "inference profile"}
_INVOKES = ("bedrock:InvokeModel",)
_AREA = re.compile(r"(?:global|us|us-gov|eu|apac|jp|au|ca)\.[a-z0-9-]+\.", re.ASCII)
"""How the IDs of AWS's inference profiles begin: with the area whose Regions they use."""


class _Bedrock(Service):
    @override
    def resource_arn(self, name: str, environment: AwsEnvironment) -> str:
        """By an ID, an inference profile where it begins with an area, and else a model of AWS."""
        if name.startswith("arn:") or _AREA.match(name):
            return super().resource_arn(name, environment)
        return f"arn:{environment.partition}:{self.name}:{environment.region}::{MODEL}{name}"

    @override
    def describe(self, rest: str) -> str | None:
        kind = next((kind for kind in _NOUNS if rest.startswith(kind)), None)
        return named_as(_NOUNS[kind], kind, rest) if kind else None

    @override
    def shown(self, local: str) -> str:
        return local.removeprefix(MODEL).removeprefix(APPLICATION)

    @override
    def forms(self, local: str) -> tuple[str, ...]:
        """The ID alone, whatever kind of model it names."""
        return (self.shown(local),)

    @override
    def imported(self, arn: str, rest: str) -> Iterator[EntryFields]:
        """A model or an inference profile; by its ARN, which says what it is."""
        if any(rest.startswith(kind) for kind in _NOUNS) and not set(rest) & set("*?$"):
            yield EntryFields({self.field: arn}, arn)

    @override
    def looked_up(self, arn: str, rest: str) -> str:
        return arn

    @override
    def try_call(self, entry: Mapping[str, Any], arn: str) -> Call:
        says = [{"role": "user", "content": [{"text": "Hello"}]}]
        given = {
            "modelId": entry["model"],
            "messages": says,
            "inferenceConfig": {"maxTokens": 1},
        }
        leaves = "an inference of one token"
        return Call("bedrock-runtime", "converse", given, "stopReason", leaves, needs=_INVOKES)


SPEC = _Bedrock(
    name="bedrock",
    title="Bedrock",
    field="model",
    arn=ArnForm(
        r"[A-Za-z0-9][A-Za-z0-9.-]{0,127}(?::[A-Za-z0-9-]{1,63}){0,2}",
        "the ID of a model or an inference profile",
        before=PROFILE,
        kinds=(APPLICATION,),
        of_aws=MODEL,
    ),
    actions={"invoke": ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")},
    labels={"invoke": "InvokeModel InvokeModelWithResponseStream"},
    own=(),  # IDs are given by AWS
    boundary=("InvokeModel", "InvokeModelWithResponseStream"),
    also=frozenset({"bedrock:InvokeModelWithResponseStream"}),
    lookup=(
        "bedrock:GetFoundationModel",
        "bedrock:GetInferenceProfile",
        "bedrock:ListFoundationModels",
        "bedrock:ListInferenceProfiles",
    ),
    key_use=False,
    example={"model": "us.anthropic.claude-sonnet-4-20250514-v1:0", "allow": "invoke"},
    example_implied=tuple(
        f"arn:aws:bedrock:{region}::{MODEL}anthropic.claude-sonnet-4-20250514-v1:0"
        for region in ("us-east-1", "us-east-2", "us-west-2")
    ),
)
