"""boto3 clients of the sandbox."""

from typing import Any

import boto3
from botocore.config import Config

from sandbox.account import REGION


def connect(
    url: str,
    service: str,
    access_key: str,
    *,
    region: str = REGION,
    token: str | None = None,
    **config: Any,
) -> Any:
    """A client of the sandbox at an address; the access key says who calls (see README.md).

    `config` holds options of botocore's `Config`. A call is not repeated, so that tests see what
    the first answer is.
    """
    return boto3.client(  # type: ignore[call-overload]  # any service
        service,
        endpoint_url=url,
        region_name=region,
        aws_access_key_id=access_key,
        aws_secret_access_key="any",  # noqa: S106 (the sandbox takes any)
        aws_session_token=token,
        config=Config(retries={"total_max_attempts": 1}, **config),
    )


def function_key(client: Any, function: str) -> str:
    """The access key of somebody who has the session of a function's role, by its name.

    `client` is one of Lambda. What functions may do is then what their roles allow, as on AWS.
    """
    role = client.get_function_configuration(FunctionName=function)["Role"]
    return f"lambda.{role.rsplit('/', 1)[-1]}.taken-over"
