"""Patterns of ARNs against what entries reach."""

import pytest

from latchkey.iam.patterns import covers, overlaps

S3 = "arn:aws:s3:::"


@pytest.mark.parametrize(
    ("pattern", "target", "covered"),
    [
        (f"{S3}data", f"{S3}data", True),
        (f"{S3}data", f"{S3}database", False),
        (f"{S3}data*", f"{S3}database/in/*", True),
        (f"{S3}data/in/*", f"{S3}data/in/*", True),
        (f"{S3}data/in/*", f"{S3}data/in/deep/*", True),
        (f"{S3}data/in/*", f"{S3}data/inbox/*", False),
        (f"{S3}data/in/*", f"{S3}data/*", False),
        (f"{S3}data/?", f"{S3}data/*", False),
        (f"{S3}dat?", f"{S3}data", True),
        (f"{S3}da.a", f"{S3}data", False),
        (f"{S3}*/out/*", f"{S3}data/out/*", True),
        (f"{S3}*/out/*", f"{S3}data/*", False),
    ],
)
def test_pattern_covers_all_of_a_target_or_not(pattern: str, target: str, covered: bool) -> None:
    assert covers(pattern, target) is covered


@pytest.mark.parametrize(
    ("target", "pattern", "touched"),
    [
        (f"{S3}data", f"{S3}data", True),
        (f"{S3}database", f"{S3}data", False),
        (f"{S3}data/*", f"{S3}data/secret/*", True),
        (f"{S3}data/*", f"{S3}data/secret.txt", True),
        (f"{S3}data/in/*", f"{S3}data/secret/*", False),
        (f"{S3}data/in/*", f"{S3}*/in/secret", True),
        (f"{S3}data/in/*", f"{S3}*.key", True),
        (f"{S3}data/in/*", f"{S3}data/in", False),
        (f"{S3}data/in/*", f"{S3}data/??/x", True),
        (f"{S3}data/*", f"{S3}date/*", False),
    ],
)
def test_pattern_touches_a_target_where_both_can_match_one_name(
    target: str, pattern: str, touched: bool
) -> None:
    assert overlaps(target, pattern) is touched
