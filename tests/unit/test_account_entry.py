"""What may stand beside access to the account's configuration, and what is said of it."""

from typing import Any

import pytest

from latchkey.grants.role_view import view
from latchkey.history.snapshot import managed_by
from latchkey.reports.summary.role_lines import role_lines
from tests.kit.examples import read, role_of, s3_entry, secret_entry

AUDIT = {"service": "account", "allow": "audit"}
READS = s3_entry(allow="read")


@pytest.mark.parametrize(
    ("access", "changes", "paths"),
    [
        ([AUDIT], {}, []),
        ([AUDIT, READS], {}, []),
        ([READS, AUDIT], {}, []),
        ([AUDIT, s3_entry(allow="read", versions=True)], {}, []),
        ([AUDIT, s3_entry(allow="read-write")], {}, ["/access/1/service"]),
        ([AUDIT, s3_entry(allow="write")], {}, ["/access/1/service"]),
        ([AUDIT, secret_entry()], {}, ["/access/1/service"]),
        ([AUDIT, {"service": "account", "allow": "billing"}], {}, ["/access/1/service"]),
        ([AUDIT], {"self_assume": True}, ["/self_assume"]),
        ([{"service": "account", "allow": "ReadOnlyAccess"}], {}, ["/access/0/allow"]),
        ([{"service": "account", "allow": "read"}], {}, ["/access/0/allow"]),
    ],
)
def test_it_stands_alone_or_beside_objects_that_are_read(
    access: list[Any], changes: dict[str, Any], paths: list[str]
) -> None:
    assert [problem.path for problem in read(access=access, **changes).problems] == paths


@pytest.mark.parametrize(
    "allow",
    [
        *("ReadOnlyAccess", "read-only", "readonly", "read", "Read_Only", "READ ONLY"),
        *("AdministratorAccess", "admin", "job-function/PowerUser", "PowerUserAccess"),
    ],
)
def test_policies_that_read_data_are_refused_with_the_reason(allow: str) -> None:
    (problem,) = read(access=[{"service": "account", "allow": allow}]).problems
    assert "reading its configuration only" in problem.message
    assert "'audit', 'view' or 'billing'" in problem.message


def test_words_say_what_counts_as_configuration() -> None:
    texts = [line.text for line in role_lines(None, view(role_of(access=[AUDIT])))]
    assert any("environments of functions" in text for text in texts), texts
    assert any("READ CONFIGURATION FOR AUDITS" in text for text in texts), texts
    assert any(text.startswith("ends at") for text in texts), texts


def test_who_had_access_knows_it() -> None:
    role = role_of(access=[AUDIT])
    (one,) = managed_by(role.managed_access)
    assert (one.resource, one.actions) == (role.managed_access[0], ("account:audit",))
