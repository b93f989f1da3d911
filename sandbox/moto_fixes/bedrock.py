"""Fixes of moto's models and inference profiles."""

from typing import Any

from moto.bedrock.exceptions import ResourceNotFoundException
from moto.bedrock.responses import BedrockResponse

from sandbox.moto_fixes.replacing import replace_member

_GETS = ("get_foundation_model", "get_inference_profile")
_LISTS = {
    "list_foundation_models": '{"modelSummaries": []}',
    "list_inference_profiles": '{"inferenceProfileSummaries": []}',
}


def have_no_models() -> None:
    """Answer that there is no model and no inference profile; moto knows no such calls.

    Mends `BedrockResponse`, moto/bedrock/responses.py:11, which ends in NotImplementedError where
    a config names a model, so that it is not rejected but fails.
    """
    for get in _GETS:
        replace_member(BedrockResponse, get, _absent)
    for names, answer in _LISTS.items():
        replace_member(BedrockResponse, names, lambda _, answer=answer: answer)


def _absent(_: Any) -> str:
    raise ResourceNotFoundException("The provided model or inference profile was not found")


FIXES = (have_no_models,)
