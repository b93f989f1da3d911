"""Models of Bedrock, which moto lacks: found as the API of botocore's service model answers."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.session import get_session
from botocore.stub import Stubber

from latchkey.grants.policies import permissions_policy
from latchkey.services.bedrock.lookup import LOOKUP
from latchkey.services.resource_info import ResourceInfo
from tests.kit.examples import ACCOUNT, AWS_ENVIRONMENT, config, read
from tests.unit.catalogue_entries import entry_of

MODEL = "amazon.nova-pro-v1:0"
PROFILE = f"us.{MODEL}"
MODEL_ARN = f"arn:aws:bedrock:us-east-1::foundation-model/{MODEL}"
PROFILE_ARN = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/{PROFILE}"
BEHIND = (MODEL_ARN, MODEL_ARN.replace("us-east-1", "us-west-2"))


@pytest.fixture
def bedrock() -> Iterator[Stubber]:
    """A client that answers what it is told to, if that fits the service model."""
    made = get_session().create_client(
        "bedrock",
        region_name="us-east-1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
    )
    with Stubber(made) as stub:
        yield stub
        stub.assert_no_pending_responses()


def _found(bedrock: Stubber, name: str) -> Any:
    return LOOKUP.find(lambda _: bedrock.client, name, AWS_ENVIRONMENT)


def _answer_profile(
    bedrock: Stubber, name: str, profile: str = PROFILE, behind: tuple[str, ...] = BEHIND
) -> None:
    answer = {
        "inferenceProfileName": "Nova",
        "inferenceProfileArn": PROFILE_ARN.replace(PROFILE, profile),
        "inferenceProfileId": profile,
        "models": [{"modelArn": arn} for arn in behind],
        "status": "ACTIVE",
        "type": "SYSTEM_DEFINED",
    }
    bedrock.add_response("get_inference_profile", answer, {"inferenceProfileIdentifier": name})


@pytest.mark.parametrize("name", [MODEL, MODEL_ARN])
def test_model_is_found_by_id_and_arn(bedrock: Stubber, name: str) -> None:
    details = {"modelDetails": {"modelArn": MODEL_ARN, "modelId": MODEL}}
    bedrock.add_response("get_foundation_model", details, {"modelIdentifier": name})
    assert _found(bedrock, name).arn == MODEL_ARN


@pytest.mark.parametrize("name", [PROFILE, PROFILE_ARN])
def test_profile_brings_the_models_of_all_its_regions(bedrock: Stubber, name: str) -> None:
    _answer_profile(bedrock, name)
    found = _found(bedrock, name)
    assert found.arn == PROFILE_ARN
    assert tuple(one.arn for one in found.implied) == BEHIND


ANYWHERE = MODEL_ARN.replace("us-east-1", "")


@pytest.mark.parametrize("told", [(MODEL_ARN,), (ANYWHERE,), (ANYWHERE, MODEL_ARN)])
def test_global_profile_brings_the_model_here_and_without_a_region(
    bedrock: Stubber, told: tuple[str, ...]
) -> None:
    """IAM is asked about both, whichever of them Bedrock tells."""
    _answer_profile(bedrock, f"global.{MODEL}", f"global.{MODEL}", told)
    found = _found(bedrock, f"global.{MODEL}")
    assert {one.arn for one in found.implied} == {MODEL_ARN, ANYWHERE}


def test_profile_of_our_own_is_found_by_an_id_that_looks_like_no_profile(bedrock: Stubber) -> None:
    bedrock.add_client_error("get_foundation_model", "ValidationException")
    _answer_profile(bedrock, "a1b2c3d4e5f6")
    assert _found(bedrock, "a1b2c3d4e5f6").arn == PROFILE_ARN


def test_what_is_neither_is_not_there(bedrock: Stubber) -> None:
    bedrock.add_client_error("get_foundation_model", "ResourceNotFoundException")
    bedrock.add_client_error("get_inference_profile", "ResourceNotFoundException")
    assert _found(bedrock, "amazon.nova-por-v1:0") is None


def test_models_behind_a_profile_are_invoked_through_it_only() -> None:
    asked = config(access=[entry_of("bedrock", model=PROFILE, allow="invoke")])
    info = ResourceInfo(PROFILE_ARN, implied=tuple(map(ResourceInfo, BEHIND)))
    profile, behind = permissions_policy(asked, [(info,)], AWS_ENVIRONMENT)["Statement"]
    assert profile["Resource"] == [PROFILE_ARN]
    assert behind["Resource"] == list(BEHIND)
    assert behind["Condition"]["StringEquals"] == {"bedrock:InferenceProfileArn": PROFILE_ARN}


@pytest.mark.parametrize("model", [MODEL_ARN, PROFILE_ARN, PROFILE, "a1b2c3d4e5f6"])
def test_model_is_named_by_id_or_arn_of_this_region(model: str) -> None:
    assert read(access=[entry_of("bedrock", model=model, allow="invoke")]).problems == ()
    elsewhere = model.replace("us-east-1", "eu-west-1")
    if elsewhere != model:
        (problem,) = read(access=[entry_of("bedrock", model=elsewhere, allow="invoke")]).problems
        assert problem.path == "/access/0/model"


def test_custom_statement_names_a_model_without_an_account_and_a_profile_with_one() -> None:
    def _problems(arn: str) -> Any:
        statement = {"Action": "bedrock:InvokeModel", "Resource": arn}
        return read(access=[{"service": "custom", "statements": [statement]}]).problems

    assert _problems(MODEL_ARN) == _problems(PROFILE_ARN) == ()
    assert _problems(MODEL_ARN.replace("::", f":{ACCOUNT}:"))
    assert _problems(PROFILE_ARN.replace(ACCOUNT, ""))
