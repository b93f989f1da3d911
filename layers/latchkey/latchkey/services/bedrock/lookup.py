"""Models by ID, and inference profiles with the models behind them."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.bedrock.spec import MODEL, SPEC
from latchkey.services.lookup import Clients, Found, Lookup, absent, found

_GLOBAL = "global."
_ABSENT = ("ResourceNotFoundException", "ValidationException")


def _find(clients: Clients, name: str, environment: AwsEnvironment) -> Found | None:
    """The model or profile; IDs of profiles without an area look like none of a model."""
    is_model = f":{MODEL}" in SPEC.resource_arn(name, environment)
    if is_model and (model := _model(clients, name)):
        return model
    return None if f":{MODEL}" in name else _profile(clients, name, environment)


def _model(clients: Clients, name: str) -> Found | None:
    try:
        answer: dict[str, Any] = clients("bedrock").get_foundation_model(modelIdentifier=name)
    except ClientError as error:
        if absent(error, *_ABSENT):
            return None
        raise
    return found(answer["modelDetails"]["modelArn"])


def _profile(clients: Clients, name: str, environment: AwsEnvironment) -> Found | None:
    """The profile with the models behind it.

    With a global one IAM is asked about the model here and about one without a Region (Bedrock user
    guide, "Global cross-Region inference"), with one of an area about it in each of its Regions.
    """
    try:
        answer: dict[str, Any] = clients("bedrock").get_inference_profile(
            inferenceProfileIdentifier=name
        )
    except ClientError as error:
        if absent(error, *_ABSENT):
            return None
        raise
    models = {str(model["modelArn"]) for model in answer["models"]}
    anywhere = answer["inferenceProfileId"].startswith(_GLOBAL)
    for arn in tuple(models):
        partition, service, region, account, rest = arn.split(":", 5)[1:]
        if anywhere or not region:
            where = (environment.region, "")
            models |= {f"arn:{partition}:{service}:{one}:{account}:{rest}" for one in where}
    return Found(answer["inferenceProfileArn"], implied=tuple(map(found, sorted(models))))


def _names(clients: Clients) -> Iterator[str]:
    bedrock = clients("bedrock")
    models: dict[str, Any] = bedrock.list_foundation_models()
    yield from (model["modelId"] for model in models["modelSummaries"])
    for page in bedrock.get_paginator("list_inference_profiles").paginate():
        profiles = page["inferenceProfileSummaries"]
        yield from (profile["inferenceProfileId"] for profile in profiles)


LOOKUP = Lookup(SPEC.noun, _find, _names)
