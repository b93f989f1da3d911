"""What it comes to that an account could not be reached, as the record of its grant says it."""

import pytest

from latchkey.grants.unreached import failure_reason

CAUSE = "account 444455556666 has no role for this step"


@pytest.mark.parametrize("error", ["SpokeMismatch", "SpokeNotEnrolled", "SpokeUnreachable"])
@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("expired", "ended by its dates, role remains"),
        ("revoked", "not revoked, role remains"),
        ("suspended", "not suspended, role remains as it was"),
        ("updated", "not carried out"),
        ("", "not carried out"),
    ],
)
def test_what_was_not_done_comes_before_its_cause(error: str, wanted: str, said: str) -> None:
    assert failure_reason(error, CAUSE, wanted) == f"{error}: {said}: {CAUSE}"


@pytest.mark.parametrize("wanted", ["expired", "revoked", "suspended", "updated"])
def test_of_what_failed_in_an_account_that_was_reached_nobody_knows_what_remains(
    wanted: str,
) -> None:
    """The step may have got as far as the role."""
    assert failure_reason("Throttled", CAUSE, wanted) == f"Throttled: {CAUSE}"
