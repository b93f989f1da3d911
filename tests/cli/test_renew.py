"""`latchkey get`, `diff` and `renew`: the file in the bucket, and a later end for its grant."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from latchkey_cli.config_files import application
from latchkey_cli.config_files.live_file import live_file, with_expiry
from tests.cli.desk import Desk
from tests.kit.examples import config_document
from tests.kit.stack.aws import CONFIG_BUCKET, KEY, aws

ODD = (
    b'{"version":1,\t"partner" : "acme", "purpose":"Nightly \\u0065xport \xc3\xbc",\r\n'
    b' "owner": "data-platform",  "principals":["444455556666"],"external_id":"acme-7f3b2c91",\n'
    b'"expires_at"\n:\t"2030-01-01T00:00:00\\u005a"  ,"access":[{"service":"s3","bucket":'
    b'"data-bucket","prefix":"in","allow":"read-write"}]}\n\n'
)
"""A valid file as no program would write it."""


def _granted(desk: Desk, body: bytes) -> None:
    path = desk.folder / "granted.json"
    path.write_bytes(body)
    desk.ok("apply", str(path), "--yes", "--key", KEY)


def _there() -> bytes:
    found: bytes = aws("s3").get_object(Bucket=CONFIG_BUCKET, Key=KEY)["Body"].read()
    return found


def test_get_is_the_file_byte_by_byte(desk: Desk) -> None:
    _granted(desk, ODD)
    path = desk.folder / "got.json"
    desk.ok("get", "acme", "-o", str(path))
    assert path.read_bytes() == ODD
    assert path.stat().st_mode & 0o777 == 0o600
    assert desk("get", "acme").stdout_bytes == ODD
    assert "there is no grant acme.other" in desk("get", "acme.other").stderr


def test_renew_changes_the_date_and_not_another_byte(desk: Desk) -> None:
    _granted(desk, ODD)
    said = desk.ok("renew", "acme.main", "--until", "2031-06-30T18:00:00Z", "--yes")
    assert "extends by" in said
    assert "2031-06-30" in said
    assert "in the policies, only dates change" in said
    assert "aws:CurrentTime" not in said, "the summary tells all of it"
    assert _there() == ODD.replace(b'"2030-01-01T00:00:00\\u005a"', b'"2031-06-30T18:00:00Z"')
    record = desk.json("show", "acme.main")
    assert "2031-06-30T18:00:00Z" in json.dumps(record)


@pytest.mark.parametrize("ends", ["\\u005a", "+00:00", ".5Z"])
def test_every_way_to_write_the_date_is_replaced_whole(desk: Desk, ends: str) -> None:
    body = ODD.replace(b"\\u005a", ends.encode())
    aws("s3").put_object(Bucket=CONFIG_BUCKET, Key="partners/acme/main.json", Body=body)
    from latchkey.grant_id import GrantId
    from latchkey_cli.aws.stack import Stack

    stack = Stack("latchkey", region="us-east-1", profile=None, endpoint_url=None)
    source, present = with_expiry(live_file(stack, GrantId("acme", "main")), "2031-01-01T00:00:00Z")
    assert json.loads(source.body) == json.loads(body) | {"expires_at": "2031-01-01T00:00:00Z"}
    assert present == json.loads(body)["expires_at"]


def test_a_period_counts_from_now_and_a_date_is_its_last_second(desk: Desk) -> None:
    _granted(desk, ODD)
    desk.ok("renew", "acme", "--for", "9y", "--yes")
    end = datetime.fromisoformat(json.loads(_there())["expires_at"])
    assert abs(end - datetime.now(UTC) - timedelta(days=9 * 365)) < timedelta(minutes=5)
    desk.ok("renew", "acme", "--until", "2040-06-30", "--yes")
    assert json.loads(_there())["expires_at"] == "2040-06-30T23:59:59Z"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "give the new end"),
        (("--until", "2031-01-01", "--for", "90d"), "not both"),
        (("--until", "soon"), "'soon' is no end of access; write a time"),
        (("--until", "90d"), "give --for 90d"),
        (("--for", "long"), "write a period, like 90d"),
        (("--until", "2030-01-01T00:00:00Z"), "not later than the present end"),
        (("--until", "2029-01-01"), "not later than the present end"),
        (("--until", "2031-01-01"), "there is no terminal for confirmation"),
    ],
)
def test_what_renews_nothing_is_said_and_nothing_is_uploaded(
    desk: Desk, words: tuple[str, ...], said: str
) -> None:
    _granted(desk, ODD)
    found = desk("renew", "acme", *words)
    assert found.exit_code == 2
    assert said in found.stderr
    assert _there() == ODD


def test_a_file_that_somebody_changed_meanwhile_is_not_replaced(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _granted(desk, ODD)
    other = json.dumps(config_document(purpose="Changed by a colleague")).encode()
    real = application.planned

    def planned(*args: Any, **kwargs: Any) -> Any:
        plan = real(*args, **kwargs)
        aws("s3").put_object(Bucket=CONFIG_BUCKET, Key=KEY, Body=other)
        return plan

    monkeypatch.setattr(application, "planned", planned)
    found = desk("renew", "acme", "--until", "2031-01-01", "--yes")
    assert found.exit_code == 1
    assert "was changed or removed since it was read; nothing was uploaded" in found.stderr
    assert _there() == other


def test_a_file_that_somebody_removed_meanwhile_is_not_put_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _granted(desk, ODD)
    real = application.planned

    def planned(*args: Any, **kwargs: Any) -> Any:
        plan = real(*args, **kwargs)
        aws("s3").delete_object(Bucket=CONFIG_BUCKET, Key=KEY)
        return plan

    monkeypatch.setattr(application, "planned", planned)
    found = desk("renew", "acme", "--until", "2031-01-01", "--yes")
    assert found.exit_code == 1
    assert "nothing was uploaded" in found.stderr
    assert aws("s3").list_objects_v2(Bucket=CONFIG_BUCKET).get("Contents", []) == []


def test_a_grant_without_a_file_is_not_renewed(desk: Desk) -> None:
    _granted(desk, ODD)
    aws("s3").delete_object(Bucket=CONFIG_BUCKET, Key=KEY)
    assert "was removed" in desk("renew", "acme", "--for", "90d", "--yes").stderr


def test_renewing_an_invalid_file_says_what_is_wrong_and_changes_nothing(desk: Desk) -> None:
    _granted(desk, ODD)
    broken = ODD.replace(b'"owner"', b'"owners"')
    aws("s3").put_object(Bucket=CONFIG_BUCKET, Key=KEY, Body=broken)
    found = desk("renew", "acme", "--until", "2031-01-01", "--yes")
    assert found.exit_code == 1
    assert "/owner: missing" in found.stdout
    assert _there() == broken


def test_diff_is_of_the_lines_without_external_ids(desk: Desk) -> None:
    path = desk.file()
    found = desk("diff", path)
    assert (found.exit_code, "applying" in found.stdout) == (1, True)
    desk.ok("apply", path, "--yes")
    assert desk.ok("diff", path).endswith("is the same as partners/acme/main.json\n")
    desk.file(require_mfa=True, external_id="acme-99999999")
    found = desk("diff", path)
    assert found.exit_code == 1
    assert '+  "require_mfa": true' in found.stdout
    assert "acme-7f3b2c91" not in found.stdout + found.stderr
    assert "acme-99999999" not in found.stdout + found.stderr
    assert '+  "external_id": "acme-99999999"' in desk("diff", path, "--show-secrets").stdout
    Path(path).write_text(
        json.dumps(config_document(external_id="acme-99999999"), indent=2), encoding="utf-8"
    )
    assert "they differ in external IDs" in desk("diff", path).stdout
