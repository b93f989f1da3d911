"""Looks up the resources that a config names, before anything is changed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from latchkey.aws.translate import error_code, translated
from latchkey.domain.catalogue.entry import Facts, Place
from latchkey.domain.problem import ConfigRejected, Problem

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient


@dataclass(frozen=True)
class ResourceClients:
    """The clients that lookups need, made only when first asked for."""

    s3: Callable[[], "S3Client"]
    secretsmanager: Callable[[], "SecretsManagerClient"]
    kms: Callable[[], "KMSClient"]


class ResourceGateway:
    """Finds the full ARN and the encryption key of buckets and secrets."""

    def __init__(self, clients: ResourceClients, place: Place) -> None:
        self._clients = clients
        self._place = place

    def facts(self, service: str, name: str, path: str) -> Facts:
        """What there is to know of the resource `name` of a service.

        `path` is the JSON pointer of the field that names it.

        Raises
        ------
        ConfigRejected
            When there is no such resource here, or it cannot be read.
        """
        lookups: dict[str, Callable[[str, str], Facts]] = {
            "s3": self._bucket,
            "secretsmanager": self._secret,
        }
        return lookups[service](name, path)

    def _bucket(self, name: str, path: str) -> Facts:
        s3 = self._clients.s3()
        owner: Any = {"ExpectedBucketOwner": self._place.account}
        with translated(f"look up bucket {name}"):
            try:
                s3.head_bucket(Bucket=name, **owner)
            except ClientError as error:
                _refuse(error, {"404", "NoSuchBucket"}, path, f"there is no bucket {name!r}")
                _refuse(error, {"403"}, path, f"the bucket {name!r} is not this account's")
                raise
            key = self._bucket_key(s3, name, owner)
        arn = f"arn:{self._place.partition}:s3:::{name}"
        return Facts(arn, self._customer_key(key) if key else None)

    def _bucket_key(self, s3: "S3Client", name: str, owner: Any) -> str | None:
        try:
            found = s3.get_bucket_encryption(Bucket=name, **owner)
        except ClientError as error:
            if error_code(error) == "ServerSideEncryptionConfigurationNotFoundError":
                return None
            raise
        for rule in found["ServerSideEncryptionConfiguration"]["Rules"]:
            default = rule.get("ApplyServerSideEncryptionByDefault", {})
            if str(default.get("SSEAlgorithm", "")).startswith("aws:kms"):
                return default.get("KMSMasterKeyID")
        return None

    def _secret(self, name: str, path: str) -> Facts:
        with translated(f"look up secret {name}"):
            try:
                found = self._clients.secretsmanager().describe_secret(SecretId=name)
            except ClientError as error:
                missing = f"there is no secret {name!r} in this account and region"
                _refuse(error, {"ResourceNotFoundException"}, path, missing)
                raise
        if "DeletedDate" in found:
            raise ConfigRejected([Problem(path, f"the secret {name!r} is scheduled for deletion")])
        here = f":{self._place.region}:{self._place.account}:"
        if here not in found["ARN"]:
            elsewhere = f"{found['ARN']} is in another account or region"
            raise ConfigRejected([Problem(path, f"{elsewhere}; grant it from a stack there")])
        key = found.get("KmsKeyId")
        return Facts(found["ARN"], self._customer_key(key) if key else None)

    def _customer_key(self, key: str) -> str | None:
        """The key's ARN when it is customer-managed; AWS-managed keys need no permission."""
        if key.startswith("alias/aws/") or ":alias/aws/" in key:
            return None
        with translated(f"look up key {key}"):
            found = self._clients.kms().describe_key(KeyId=key)["KeyMetadata"]
        return found["Arn"] if found.get("KeyManager") != "AWS" else None


def _refuse(error: ClientError, codes: set[str], path: str, message: str) -> None:
    if error_code(error) in codes:
        raise ConfigRejected([Problem(path, f"{message}; check the name")]) from error
