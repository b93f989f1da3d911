"""What one bad file can cost: lookups, bytes on their way through the workflow, odd spellings."""

import json
from typing import Any

import pytest

from latchkey.config.problem import PROBLEMS, ConfigRejected, Problem
from latchkey.config.rules import MOST_NAMED
from latchkey.grants.role import OWNER_TAG, desired_role
from latchkey.workflow.request import FileRequest, parse_request
from tests.kit.examples import NAMING, config, policy, read, s3_entry

RESOURCES = [f"arn:aws:s3:::bucket-{n}" for n in range(20)]
STATEMENTS = [{"Action": "s3:ListBucketVersions", "Resource": RESOURCES}] * 10
CUSTOM = {"service": "custom", "statements": STATEMENTS}


def _told(**changes: Any) -> dict[str, str]:
    return {problem.path: problem.message for problem in read(**changes).problems}


def test_entries_beyond_the_longest_list_are_not_looked_up() -> None:
    found = read(access=[s3_entry()] * 900)
    assert found.problems
    assert len(found.sound["access"]) == 20


def test_what_names_more_than_can_be_granted_is_not_looked_up() -> None:
    assert read(access=[CUSTOM]).config
    assert MOST_NAMED == 200
    for changes in ({}, {"purpose": ""}):
        found = read(access=[CUSTOM, s3_entry()], **changes)
        message = next(p.message for p in found.problems if p.path == "/access")
        assert message.startswith("201 resources are named, where 200 are the most")
        assert found.sound["access"] == []


@pytest.mark.parametrize(("field", "most"), [("Action", 30), ("Resource", 20)])
def test_long_lists_of_a_statement_are_counted_before_they_are_read(field: str, most: int) -> None:
    statement = {**STATEMENTS[0], field: ["x"] * 9_000}
    told = _told(access=[{"service": "custom", "statements": [statement]}])
    assert told == {f"/access/0/statements/0/{field}": f"too many: 9000, where {most} are the most"}


def test_problems_are_cut_to_what_the_workflow_carries() -> None:
    rejected = ConfigRejected(Problem(f"/{n}", "\U0001d538" * 5_000) for n in range(90))
    first, *others = rejected.problems
    assert len(json.dumps([p.document() for p in rejected.problems])) < PROBLEMS + 1_000
    assert first == Problem("/0", "\U0001d538" * 1_000 + "…")
    assert others[-1] == Problem("", "and 85 more problems; mend these first")


def test_few_short_problems_stay_as_they_are() -> None:
    problems = tuple(Problem(f"/{n}", "x" * 1_000) for n in range(9))
    assert ConfigRejected(problems).problems == problems


def test_number_of_thousands_of_digits_is_shown_in_part() -> None:
    assert len(_told(version=10**4000)["/version"]) < 100


@pytest.mark.parametrize(
    "text",
    [
        'fe80::1%"}${aws:username}*/128',
        "fe80::%eth0/64",
        "10.0.0.0/255.0.0.0",
        "10.0.0.0/0.0.0.255",
    ],
)
def test_ranges_are_written_as_cidr_only(text: str) -> None:
    assert "write CIDR" in _told(source_ips=[text])["/source_ips/0"]


@pytest.mark.parametrize("text", ["203.0.113.0/24", "203.0.113.7", "2001:db8::/32", "2001:DB8::1"])
def test_ranges_of_both_families_are_read(text: str) -> None:
    assert not _told(source_ips=[text])


@pytest.mark.parametrize("value", ["aws:x", "AWS:x"])
def test_tag_values_of_aws_are_refused(value: str) -> None:
    assert "reserved" in _told(tags={"team": value})["/tags"]
    assert not _told(tags={"team": f"x {value}"})


def test_owner_that_looks_like_a_tag_of_aws_is_still_a_tag() -> None:
    role = desired_role(config(owner="aws:team"), NAMING, policy("a:B"), policy("a:B"))
    assert role.tags[OWNER_TAG] == "_team"


def test_all_tags_together_have_a_size() -> None:
    tags = {f"{n:04}": "\U0001d538" * 255 for n in range(16)}
    assert not _told(tags=tags)
    message = "all tags together have 16385 bytes, where 16384 are the most"
    assert _told(tags=tags | {"0000": "x" + "\U0001d538" * 255})["/tags"] == message


@pytest.mark.parametrize("letter", ["a", "é", "\U0001f600"])
def test_key_is_as_long_as_s3_allows(letter: str) -> None:
    size = len(letter.encode())
    room = 1024 - len("partners/") - len(".json")
    longest = f"partners/{letter * (room // size)}{'a' * (room % size)}.json"
    found = parse_request({"bucket": "config-bucket", "key": longest})
    assert isinstance(found, FileRequest)
    with pytest.raises(ConfigRejected, match="/key: a key of S3 has 1024 bytes at most, not 1025"):
        parse_request({"bucket": "config-bucket", "key": f"a{longest}"})


def test_offsets_have_no_more_than_59_minutes() -> None:
    assert not _told(expires_at="2030-01-01T00:00:00+05:59")
    assert "RFC 3339" in _told(expires_at="2030-01-01T00:00:00+05:60")["/expires_at"]
