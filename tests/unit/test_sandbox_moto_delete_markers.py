"""Delete markers in the sandbox's S3; see `test_sandbox_moto_fixes`."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from sandbox.moto_fixes.replacing import plain_moto
from sandbox.moto_fixes.s3 import tell_of_delete_markers


def _headers(s3: Any, key: str) -> dict[str, str]:
    with pytest.raises(ClientError, match="NoSuchKey") as refused:
        s3.get_object(Bucket="bucket", Key=key)
    headers: dict[str, str] = refused.value.response["ResponseMetadata"]["HTTPHeaders"]
    return {name: text for name, text in headers.items() if name in _TOLD}


_TOLD = ("x-amz-delete-marker", "x-amz-version-id")


def test_tell_of_delete_markers() -> None:
    with plain_moto(), mock_aws():
        s3: Any = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="bucket")
        s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
        s3.put_object(Bucket="bucket", Key="key", Body=b"1")
        marker = s3.delete_object(Bucket="bucket", Key="key")["VersionId"]
        assert _headers(s3, "key") == {}
        tell_of_delete_markers()
        assert _headers(s3, "key") == dict(zip(_TOLD, ("true", marker), strict=True))
        assert _headers(s3, "another") == {}
