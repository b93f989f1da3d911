"""Web identities that are anybody's, or none; and what a role says for one that is sound."""

import json
from collections.abc import Iterator
from typing import Any

from tests.kit.examples import PARTNER_ACCOUNT
from tests.kit.hostile.case import Hostile, bad, good
from tests.kit.tokens import identity

_GOOGLE = {
    "oidc_provider": "accounts.google.com",
    "audience": "https://acme.example.com",
    "subject": "100018646976219416293",
}


def cases() -> Iterator[Hostile]:
    """All of them."""
    for field, values in {
        "oidc_provider": (
            "*",
            "",
            "https://gitlab.com",
            "GITLAB.COM",
            "localhost",
            "x.com/${a}",
            1,
        ),
        "audience": ("*", "", "a\u202eb", "${aws:username}", ["a"], None),
        "subject": ("*", "?", "", "${sts:RoleSessionName}", "repo:*", "repo:a*/b:c", [], [1], {}),
        "claims": ({"repository": "acme/app"},),
    }.items():
        for value in values:
            one = identity(**{field: value})
            where = f"/principals/0/{field}"
            yield bad(f"identity with {field} {value!a}", where, "external_id", principals=[one])
    yield bad("identity beside an account", "/principals", principals=[PARTNER_ACCOUNT, identity()])
    yield bad("identity with an external ID", "/external_id", principals=[identity()])
    yield bad("identity that is a list", "/principals/0", principals=[[identity()]])
    yield good("an identity of Google's", "external_id", principals=[_GOOGLE])
    two = [_GOOGLE, {**_GOOGLE, "subject": ["1", "100018646976219416293", "1"]}]
    yield good("one identity twice", "external_id", principals=two)


def deviations(document: dict[str, Any], trust: dict[str, Any], dates: Any) -> Iterator[str]:
    """Where a trust policy says other than the config's identities of Google."""
    subjects = {s for one in document["principals"] for s in _listed(one["subject"])}
    names = {one["audience"] for one in document["principals"]}
    google = _GOOGLE["oidc_provider"]
    (statement,) = json.loads(json.dumps(trust["Statement"]))
    equals = statement["Condition"].pop("StringEquals")
    if {*_listed(equals.pop(f"{google}:sub"))} != subjects or equals != {
        f"{google}:oaud": names.pop()
    }:
        yield f"trust: {json.dumps(equals)}"
    expected = {
        "Sid": "WebIdentity",
        "Effect": "Allow",
        "Principal": {"Federated": [google]},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": dates,
    }
    if statement != expected:
        yield f"trust: {statement}"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
