"""What the kit puts in the place of botocore's and moto's work for each request does the same."""

from typing import Any

import boto3
import pytest
from botocore.auth import AUTH_TYPE_MAPS, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import NoCredentialsError
from moto import backend_index
from moto.core.request import Request

from sandbox.moto_fixes.replacing import plain_moto
from tests.kit import moto_speed

signers: dict[str, Any] = AUTH_TYPE_MAPS
_FORM = "application/x-www-form-urlencoded; charset=utf-8"
REQUESTS: list[tuple[str, str, dict[str, Any], Any]] = [
    ("GET", "https://bucket.s3.amazonaws.com/a%2Fb%20c+d/%C3%A9.json?versionId=1&x", {}, None),
    ("PUT", "https://bucket.s3.amazonaws.com/key", {"X-Amz-Meta-My_Key": b"v", "B": "1"}, b"\x00"),
    ("POST", "https://sqs.us-east-1.amazonaws.com/", {"Content-Type": _FORM}, "Action=Go&N=%26"),
    (
        "POST",
        "http://localhost:4566",
        {"x-amz-target": "a.B", "Host": "other"},
        b'{"a": "\xc3\xa9"}',
    ),
    ("DELETE", "https://iam.amazonaws.com", {"Transfer-Encoding": "chunked"}, ""),
]


@pytest.mark.parametrize("given", REQUESTS, ids=lambda given: given[0])
def test_requests_are_what_moto_makes_of_them(given: tuple[Any, ...]) -> None:
    with plain_moto():
        as_moto = Request.from_primitives(*given)
        moto_speed.make_requests_directly()
        made = Request.from_primitives(*given)
    assert made.get_data() == as_moto.get_data()
    assert (made.raw_url, made.form, dict(made.args)) == (
        as_moto.raw_url,
        as_moto.form,
        dict(as_moto.args),
    )
    kept = {"wsgi.input", "wsgi.errors", "werkzeug.request"}
    environ = {name: value for name, value in as_moto.environ.items() if name not in kept}
    assert {name: value for name, value in made.environ.items() if name not in kept} == environ


def test_addresses_are_of_the_service_that_moto_says() -> None:
    names = set(moto_speed.CALLED) | {"athena", "lambda", "ecr", "glue", "logs", "kinesis", "ses"}
    urls = [boto3.client(name).meta.endpoint_url + "/" for name in sorted(names)]  # type: ignore[call-overload]
    urls += ["https://a-bucket.s3.amazonaws.com/key", "https://s3.eu-west-1.amazonaws.com/b/k"]
    with plain_moto():
        as_moto = [_services(url) for url in urls]
        moto_speed.look_at_what_is_called_first()
        assert [_services(url) for url in urls] == as_moto
    assert all(as_moto)


def _services(url: str) -> list[str]:
    return [name for name, pattern in backend_index.backend_url_patterns if pattern.match(url)]


@pytest.mark.parametrize("token", [None, "token"])
def test_requests_say_all_that_a_signature_says(token: str | None) -> None:
    given = Credentials("AKIDAKIDAKIDAKIDAKID", "secret", token)
    asked = [AWSRequest("PUT", "https://s3.amazonaws.com/b/k", data=b"") for _ in range(2)]
    signed, unsigned = asked
    SigV4Auth(given, "s3", "us-east-1").add_auth(signed)
    signer = signers["s3v4"](given, "s3", "us-east-1")
    for _ in range(2):
        signer.add_auth(unsigned)
    assert sorted(unsigned.headers.keys()) == sorted(signed.headers.keys())
    assert unsigned.headers["X-Amz-Security-Token"] == token
    said = [
        headers["Authorization"].split(",")[0] for headers in (signed.headers, unsigned.headers)
    ]
    assert said[0] == said[1]


def test_without_credentials_there_is_no_request() -> None:
    with pytest.raises(NoCredentialsError):
        signers["v4"](None, "iam", "us-east-1").add_auth(AWSRequest("GET", "https://a"))
