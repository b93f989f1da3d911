"""Authors, by the forms in which S3 names who made a request."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.grants.author import Author, Kind
from latchkey.jobs.intake import changed_files

FORMS: tuple[tuple[str, str, str | None, Kind], ...] = (
    ("AWS:AROAEXAMPLEID0000ROLE:alice", "AROAEXAMPLEID0000ROLE", "alice", "role"),
    (
        "AWS:AROAEXAMPLEID0000ROLE:alice@example.com",
        "AROAEXAMPLEID0000ROLE",
        "alice@example.com",
        "role",
    ),
    ("AWS:AIDAEXAMPLEID0000USER", "AIDAEXAMPLEID0000USER", None, "user"),
    ("AWS:123456789012", "123456789012", None, "root"),
    ("AWS:123456789012:bob", "123456789012", "bob", "federated"),
    ("s3.amazonaws.com", "s3.amazonaws.com", None, "service"),
    ("AROAEXAMPLEID0000ROLE:s3-replication", "AROAEXAMPLEID0000ROLE", "s3-replication", "role"),
    ("A3NL1KOZZKEXAMPLE", "A3NL1KOZZKEXAMPLE", None, "other"),
    ("AWS:ANONYMOUS", "ANONYMOUS", None, "other"),
    ("AWS:AROAEXAMPLEID0000ROLE", "AROAEXAMPLEID0000ROLE", None, "other"),
    # what would be read as somebody else's by whoever cuts at a colon stays in one piece
    ("AWS:AROAEXAMPLEID0000ROLE:a:b", "AROAEXAMPLEID0000ROLE:a:b", None, "other"),
    ("AWS:AROAEXAMPLEID0000ROLE:", "AROAEXAMPLEID0000ROLE:", None, "other"),
    ("AWS:AIDAEXAMPLEID0000USER:alice", "AIDAEXAMPLEID0000USER:alice", None, "other"),
    ("AWS:aroaexampleid0000role:alice", "aroaexampleid0000role:alice", None, "other"),
    ("AWS:AROAEXAMPLEID0000ROLE:al\u200bice", "AROAEXAMPLEID0000ROLE:al\u200bice", None, "other"),
)


@pytest.mark.parametrize(("principal", "user_id", "session", "kind"), FORMS)
def test_author_is_who_s3_names(
    principal: str, user_id: str, session: str | None, kind: Kind
) -> None:
    author = Author.of_notification(principal)
    assert author == Author(user_id, session)
    assert author.kind == kind
    assert Author.from_document(author.document()) == author


@pytest.mark.parametrize("principal", [None, "", "  ", 7, {}, []])
def test_nobody_is_named_by_nothing(principal: object) -> None:
    assert Author.of_notification(principal) is None


@given(st.text(max_size=600), st.text(max_size=600))
def test_two_principals_are_never_one_author(one: str, other: str) -> None:
    first, second = (Author.of_notification(f"AWS:{text[:250]}") for text in (one, other))
    assert (first == second) == (one[:250] == other[:250])


def _told(event: str, version: object, principal: object = "AWS:AIDAEXAMPLEID0000USER") -> object:
    record = {
        "eventName": event,
        "userIdentity": {"principalId": principal},
        "s3": {"bucket": {"name": "b"}, "object": {"key": "partners/a.json", "versionId": version}},
    }
    (file,) = changed_files({"Records": [record]})
    return file.version


@pytest.mark.parametrize(
    ("event", "version", "told"),
    [
        ("ObjectCreated:Put", "v1", "v1"),
        ("ObjectCreated:Post", "v1", "v1"),
        ("ObjectCreated:Copy", "v1", "v1"),
        ("ObjectCreated:CompleteMultipartUpload", "v1", "v1"),
        ("ObjectRemoved:DeleteMarkerCreated", "m1", "m1"),
        ("LifecycleExpiration:DeleteMarkerCreated", "m1", "m1"),
        # whoever removes or restores a version has not written it
        ("ObjectRemoved:Delete", "v1", None),
        ("LifecycleExpiration:Delete", "v1", None),
        ("ObjectRestore:Completed", "v1", None),
        # without versions, one name stands for whatever anybody writes
        ("ObjectCreated:Put", "null", None),
        ("ObjectCreated:Put", "", None),
        ("ObjectCreated:Put", None, None),
    ],
)
def test_only_who_makes_a_version_is_its_author(
    event: str, version: object, told: str | None
) -> None:
    assert _told(event, version) == told
    assert _told(event, version, None) is None
