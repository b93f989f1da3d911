"""Fields of the wrong kind, out of bounds, or with a text that is none of theirs."""

from collections.abc import Iterator
from typing import Any

from tests.kit.examples import config_document, s3_entry
from tests.kit.hostile import statements
from tests.kit.hostile.case import Hostile, bad
from tests.kit.hostile.contacts import CONTACTS
from tests.kit.hostile.names import ENTRIES, field_of
from tests.kit.hostile.tokens import CONTROLS, INVISIBLE

_FULL: dict[str, Any] = {
    **config_document(),
    "grant": "main",
    "generate_external_id": False,
    "starts_at": "2027-01-01T00:00:00Z",
    "max_session_duration": 3600,
    "source_ips": ["203.0.113.0/24"],
    "organization_id": "o-a1b2c3d4e5",
    "owner_contact": "platform@example.com",
    "require_mfa": True,
    "session_tags": ["Project"],
    "source_identity": True,
    "self_assume": True,
    "account": "123456789012",
    "role_name": "AcmeReader",
    "status": "active",
    "tags": {},
}
_KINDS: tuple[Any, ...] = (None, True, 7, 0.5, "x", "", [], {}, [[]], [None], {"a": {}}, 10**30)
_LEGAL: dict[str, tuple[Any, ...]] = {
    "purpose": ("x",),
    "owner": ("x",),
    "starts_at": (None,),
    "source_ips": (None,),
    "organization_id": (None,),
    "owner_contact": (None,),
    "generate_external_id": (True,),
    "require_mfa": (True,),
    "session_tags": (None, True),
    "source_identity": (True,),
    "self_assume": (True,),
    "account": (None,),
    "role_name": (None, "x"),
    "tags": ({},),
}


def cases() -> Iterator[Hostile]:
    """All of them."""
    yield from _kinds()
    yield from _missing()
    yield from _sentences()
    yield from _bounds()
    yield from statements.cases()


def _legal(field: str, value: Any) -> bool:
    return any(value == one and type(value) is type(one) for one in _LEGAL.get(field, ()))


def _kinds() -> Iterator[Hostile]:
    for field, given in _FULL.items():
        for kind in _KINDS:
            if not _legal(field, kind):
                yield bad(f"{field} is {kind!r:.20}", f"/{field}", **{field: kind})
        if not isinstance(given, list) and field != "external_id":
            yield bad(f"{field} in a list", f"/{field}", **{field: [given]})
    for which, entry in ENTRIES.items():
        field = field_of(which)
        for kind in _KINDS:
            if kind != "x" and not (field == "prefix" and kind is None):
                path = f"/access/0/{field}"
                yield bad(f"{which} is {kind!r:.20}", path, access=[entry | {field: kind}])
        for kind in (None, True, ["read"], "READ", "read ", "admin", "*"):
            path = "/access/0/allow"
            access = [entry | {"allow": kind}]
            yield bad(f"{path} of {which} is {kind!r}", path, access=access)
        extra = [entry | {"Condition": {}, "Effect": "Deny"}]
        yield bad(f"{which} with an Effect", "/access/0/Effect", access=extra)
    for kind in ("s3", 7, {}, [s3_entry()], {"service": None}, {"service": {}}):
        yield bad(f"an entry is {kind!r:.30}", "/access/0", access=[kind])
    for kind in (444455556666, True, {}, {"AWS": "*"}, ["444455556666"], 4.4e11):
        yield bad(f"a principal is {kind!r}", "/principals/0", principals=[kind])
    for kind in (7, {}, ["blue"]):
        yield bad(f"a tag is {kind!r}", "/tags/team", tags={"team": kind})
        yield bad(f"a range is {kind!r}", "/source_ips/0", source_ips=[kind])


def _missing() -> Iterator[Hostile]:
    for field in config_document():
        yield bad(f"no {field}", f"/{field}", field)
    for which, entry in ENTRIES.items():
        field = field_of(which)
        for left in ("allow", "service", *({field} - {"prefix"})):
            access = [{name: value for name, value in entry.items() if name != left}]
            yield bad(f"{which} entry without {left}", "/access/0", access=access)
    both = {"external_id": "acme-7f3b2c91", "generate_external_id": True}
    yield bad("external ID given and generated", "/generate_external_id", **both)
    swapped = [ENTRIES["queue"] | {"service": "sns"}]
    yield bad("a queue in SNS", "/access/0", access=swapped)


def _sentences() -> Iterator[Hostile]:
    for field in ("purpose", "owner"):
        for token in (*CONTROLS, *INVISIBLE, "\x07", "\b", "\u00a0", "\ue000"):
            yield bad(f"{field} with {token!a}", f"/{field}", **{field: f"a{token}b"})
            yield bad(f"{field} of {token!a}", f"/{field}", **{field: token})
        for text in (" ", "\t", "x" * 257):
            yield bad(f"{field} is {text!r:.9}", f"/{field}", **{field: text})


def _bounds() -> Iterator[Hostile]:
    for field, texts in {
        "partner": ("A", "a", "-acme", "1acme", "acme.main", "x" * 23, "acme ", "acme/main", "a_b"),
        "grant": ("Main", "m", "main/..", "x" * 23, "..", "main.acme", "m\u0430in"),
        "external_id": (
            "1234567",
            ["acme-7f3b2c91", "1234567"],
            ["acme-7f3b2c91", "wild*card"],
            ["acme-7f3b2c91", {"StringLike": "*"}],
            [f"acme-{number:04}" for number in range(6)],
            [["acme-7f3b2c91"]],
            "x" * 1_225,
            "with space",
            "acme;drop",
            "(acme-7f3b)",
            "ä" * 9,
        ),
        "organization_id": ("o-", "r-a1b2", "o-A1B2C3D4E5", "o-a1b2c3d4e5/*", "o-" + "a" * 33),
        "max_session_duration": (3_599, 43_201, -3_600, 2**31, 2**63, 2**64),
        "account": (
            "12345678901",
            "1" * 13,
            "١" * 12,
            "*",
            "a" * 12,
        ),
        "role_name": ("x" * 65, "a/b", "/a", "a b", "ä", "a*", "a\n", "${aws:username}", "a:b"),
        "version": (2, 2**31, 2**64),
        "status": ("Active", "ACTIVE", "expired", "deleted", "active ", "act\u0456ve"),
    }.items():
        for text in texts:
            yield bad(f"{field} is {text!a:.20}", f"/{field}", **{field: text})
    for text in CONTACTS:
        yield bad(f"contact {text!a}", "/owner_contact", owner_contact=text)
    for text in (
        "*",
        "0.0.0.0/0",
        "::/0",
        "0/0",
        "203.0.113.0/33",
        "203.0.113.9/24",
        "203.0.113",
        "203.0.113.0/-1",
        "203.0.113.0/24/24",
        "203.0.113.0/255.255.255.0",
        "0xCB.0.113.0",
        "3405803776",
        "0203.0.113.0/24",
        "2001:db8::/129",
        "2001:db8:::/32",
        "fe80::1%eth0/128",
        'fe80::1%"}${aws:username}*/128',
        "localhost",
        " 203.0.113.0/24",
        "10.0.0.0/8",
        "172.16.9.0/24",
        "192.168.1.1",
        "169.254.0.0/16",
        "127.0.0.1",
        "100.64.0.0/10",
        "239.0.0.1",
        "fd00::/8",
        "fe80::/64",
        "ff02::1",
        "::1",
        "::ffff:203.0.113.0/120",
        "::ffff:10.0.0.0/104",
    ):
        yield bad(f"range {text!r}", "/source_ips/0", source_ips=[text])
    yield bad("21 ranges", "/source_ips", source_ips=["203.0.113.0/24"] * 21)
    for number, tags in enumerate(
        (
            {"": "x"},
            {"x" * 129: "x"},
            {"x": "x" * 257},
            {"aws:x": "x"},
            {"AWS:x": "x"},
            {"Aws:Tag": "x"},
            {"latchkey:grant": "evil.main"},
            {"LatchKey:stack": "other"},
            {"latch\u212aey:grant": "evil.main"},
            {"x": "aws:x"},
            {"x": "AwS:x"},
            {"team": "x", "Team": "y"},
            {"team": "a,b"},
            {"team": "a(b)"},
            {"team": "\u200b"},
            {"team": "\U0001f600"},
            {"team": "x\n"},
            {f"x{n}": "" for n in range(41)},
            {f"x{n}": "\u65e5" * 256 for n in range(30)},
        )
    ):
        yield bad(f"tags ({number}) {tags!a:.30}", "/tags", tags=tags)
    for keys in (
        ["latchkey:grant"],
        ["LATCHKEY:Stack"],
        ["latch\u212aey:x"],
        ["aws:x"],
        ["*"],
        ["te?m"],
        ["${aws:username}"],
        ["a\nb"],
        ["a\u200bb"],
        ["a,b"],
        ["team", "TEAM"],
        ["x" * 129],
        [f"k{n}" for n in range(51)],
        [["team"]],
        {"team": True},
        "true",
        "*",
        1,
        False,
    ):
        yield bad(f"session tags {keys!a:.30}", "/session_tags", session_tags=keys)
    own = {"session_tags": ["team"], "tags": {"Team": "x"}}
    yield bad("a session tag that is a tag of the role", "/session_tags", **own)
    yield bad("11 principals", "/principals", principals=["444455556666"] * 11)
    yield bad("21 entries", "/access", access=[s3_entry()] * 21)
