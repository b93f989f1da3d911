"""Databases and tables of the Data Catalog are looked up where the catalog is encrypted, too."""

from typing import Any
from unittest.mock import Mock

import pytest
from botocore.exceptions import ClientError

from latchkey.services.glue.lookup import LOOKUP
from tests.kit.examples import AWS_ENVIRONMENT, KEY_ARN

DATABASE = "arn:aws:glue:us-east-1:123456789012:database/sales"
TABLE = "arn:aws:glue:us-east-1:123456789012:table/sales/orders"


def _glue(code: str, mode: str = "SSE-KMS") -> Any:
    """A client whose look-ups fail with `code`."""
    failed = ClientError({"Error": {"Code": code, "Message": "x"}}, "GetDatabase")
    at_rest = {"CatalogEncryptionMode": mode, "SseAwsKmsKeyId": KEY_ARN}
    settings = {"DataCatalogEncryptionSettings": {"EncryptionAtRest": at_rest}}
    return Mock(
        get_database=Mock(side_effect=failed),
        get_table=Mock(side_effect=failed),
        get_data_catalog_encryption_settings=Mock(return_value=settings),
    )


@pytest.mark.parametrize(("name", "arn"), [("sales", DATABASE), ("sales/orders", TABLE)])
def test_what_nobody_can_decrypt_is_left_to_the_look_at_the_key(name: str, arn: str) -> None:
    glue = _glue("GlueEncryptionException")
    found = LOOKUP.find(lambda _: glue, name, AWS_ENVIRONMENT)
    assert found is not None
    assert (found.arn, found.keys) == (arn, (KEY_ARN,))


@pytest.mark.parametrize(
    ("code", "mode"),
    [
        ("GlueEncryptionException", "SSE-KMS-WITH-SERVICE-ROLE"),
        ("GlueEncryptionException", "DISABLED"),
        ("AccessDeniedException", "SSE-KMS"),
    ],
)
def test_no_other_failure_counts_as_found(code: str, mode: str) -> None:
    glue = _glue(code, mode)
    with pytest.raises(ClientError, match=code):
        LOOKUP.find(lambda _: glue, "sales", AWS_ENVIRONMENT)


def test_what_is_not_there_is_not_found_under_a_key_either() -> None:
    glue = _glue("EntityNotFoundException")
    assert LOOKUP.find(lambda _: glue, "sales", AWS_ENVIRONMENT) is None
