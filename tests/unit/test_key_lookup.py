"""Keys that no partner is granted: of AWS, of another account or Region, and those that sign."""

from typing import Any
from unittest.mock import Mock

import pytest

from latchkey.services.kms.lookup import LOOKUP
from latchkey.services.lookup import NotGrantable
from tests.kit.examples import AWS_ENVIRONMENT, KEY_ARN, OTHER_ACCOUNT

ELSEWHERE = KEY_ARN.replace("us-east-1", "eu-central-1")
FOREIGN = KEY_ARN.replace(AWS_ENVIRONMENT.account, OTHER_ACCOUNT)


def _found(**described: Any) -> Any:
    kms = Mock(describe_key=Mock(return_value={"KeyMetadata": {"Arn": KEY_ARN, **described}}))
    return LOOKUP.find(lambda _: kms, "alias/exports", AWS_ENVIRONMENT)


@pytest.mark.parametrize(
    ("described", "words"),
    [
        ({"KeyManager": "AWS"}, "a key that AWS manages"),
        ({"Arn": ELSEWHERE}, f"its key {ELSEWHERE} is not of this account and Region"),
        ({"Arn": FOREIGN}, f"its key {FOREIGN} is not of this account and Region"),
        ({"KeyUsage": "SIGN_VERIFY"}, "does not encrypt"),
    ],
)
def test_key_is_refused_with_the_reason(described: dict[str, Any], words: str) -> None:
    with pytest.raises(NotGrantable, match=words):
        _found(**described)


def test_alias_gives_the_key_that_it_stands_for() -> None:
    assert _found(KeyManager="CUSTOMER") == LOOKUP.find(
        lambda _: Mock(describe_key=Mock(return_value={"KeyMetadata": {"Arn": KEY_ARN}})),
        KEY_ARN,
        AWS_ENVIRONMENT,
    )
    assert _found().keys == (KEY_ARN,)
