"""`latchkey grants`, `show` and `handoff`."""

from datetime import UTC, datetime, timedelta

import pytest

from latchkey_cli.grants.config_fields import access_of
from latchkey_cli.output.durations import from_now
from tests.cli.desk import Desk, walked
from tests.kit.examples import s3_entry, secret_entry
from tests.kit.stack.aws import FILE, GROUP, KEY, RESULTS_BUCKET, aws


def _soon(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def three(desk: Desk) -> Desk:
    """Three grants: acme.main, acme.second, which ends soon, and one of another partner's."""
    second = {"grant": "second", "expires_at": _soon(3), "access": [secret_entry()]}
    other = {"partner": "globex", "external_id": "globex-1234", "owner": "Billing team"}
    for key, changes in (("acme/main", {}), ("acme/second", second), ("globex/main", other)):
        request = {**FILE, "key": f"partners/{key}.json"}
        desk.stack.upload(None, request["key"], **changes)
        walked(desk.stack, request)
    return desk


def test_grants_are_filtered_and_the_next_to_end_comes_first(three: Desk) -> None:
    for words, names in (
        ([], ["acme.second", "acme.main", "globex.main"]),
        (["--partner", "globex"], ["globex.main"]),
        (["--owner", "billing"], ["globex.main"]),
        (["--resource", "acme/api"], ["acme.second"]),
        (["--resource", "data-bucket/in"], ["acme.main", "globex.main"]),
        (["--expiring", "4d"], ["acme.second"]),
        (["--expiring", "12h"], []),
        (["--expiring", "9999w"], ["acme.second", "acme.main", "globex.main"]),
        (["--status", "suspended"], []),
        (["--status", "active", "--partner", "acme"], ["acme.second", "acme.main"]),
    ):
        found = three.json("grants", *words)
        assert [f"{grant['partner']}.{grant['grant']}" for grant in found] == names, words
        assert "external_id" not in str(found)


def test_table_of_grants_says_who_what_and_until_when(three: Desk) -> None:
    lines = three.ok("grants").splitlines()
    assert lines[0].split() == ["GRANT", "STATUS", "ENDS", "IN", "OWNER", "ACCESS"]
    assert "in 2 days" in lines[1]
    assert "s3 data-bucket/in/ (read-write)" in lines[2]
    assert (
        "no grant is like that; `latchkey grants` lists"
        in three("grants", "--owner", "nobody").stderr
    )


@pytest.mark.parametrize("span", ["soon", "0d", "-1d", "30", "99999d"])
def test_a_span_is_a_number_and_a_unit(desk: Desk, span: str) -> None:
    assert desk("grants", f"--expiring={span}").exit_code == 2


def test_grants_of_many_are_read_a_hundred_at_a_time(desk: Desk) -> None:
    from latchkey.grant_id import GrantId
    from latchkey.grants.record import GrantRecord
    from latchkey_cli.aws.target import Target
    from latchkey_cli.grants.records import records

    stack = Target("latchkey", None, None, None, debug=False).open()
    wanted = [GrantId("acme", f"g{number}") for number in range(230)]
    for grant in wanted[:220]:
        key = {"pk": {"S": f"GRANT#{grant}"}, "sk": {"S": "STATE"}}
        names = {"partner": {"S": "acme"}, "grant": {"S": grant.grant}, "status": {"S": "active"}}
        stack.table.client.put_item(TableName=stack.table.name, Item={**key, **names})
    found = list(records(stack, wanted))
    assert sorted(record.id for record in found) == sorted(wanted[:220])
    assert all(isinstance(record, GrantRecord) for record in found)


def test_show_prints_all_of_a_grant(three: Desk) -> None:
    text = three.ok("show", "acme.main")
    for part in (
        "acme.main: active",
        "partners/acme/main.json",
        "any principal of account 444455556666",
        "only with the external ID of the hand-off",
        "data-bucket/in/",
        "AccessGranted",
        "by schedule at 2030-01-01T00:00:00Z",
    ):
        assert part in text
    assert "acme-7f3b2c91" not in text


def test_show_says_when_the_schedule_is_missing(three: Desk) -> None:
    aws("scheduler").delete_schedule(Name="acme.main", GroupName=GROUP)
    assert "its schedule is MISSING" in three.ok("show", "acme.main")


def test_show_of_a_grant_to_come_says_when_it_begins(desk: Desk) -> None:
    desk.ok("apply", desk.file(starts_at=_soon(5), source_ips=["203.0.113.0/24"]), "--yes")
    text = desk.ok("show", "acme")
    assert "begins " in text
    assert "only from 203.0.113.0/24" in text


def test_show_of_what_is_over_says_so(desk: Desk) -> None:
    desk.ok("apply", desk.file(), "--yes")
    desk.ok("suspend", "acme", "--reason", "incident")
    assert "It allows nothing while it is suspended" in desk.ok("show", "acme")
    desk.ok("revoke", "acme", "--reason", "over")
    text = desk.ok("show", "acme")
    assert "acme.main: revoked" in text
    assert "It allows nothing: it has ended." in text
    assert desk.json("show", "acme")["next_event"] is None


def test_show_as_json_holds_the_history_and_no_external_id(three: Desk) -> None:
    found = three.json("show", "globex")
    assert [event["event"] for event in found["history"]] == ["AccessGranted"]
    assert found["next_event"]["event"] == "ends"
    assert "globex-1234" not in str(found)


def test_grants_are_named_by_partner_or_in_full(three: Desk) -> None:
    for name, code, expected in (
        ("acme", 0, "acme.main"),
        ("globex", 0, "globex.main"),
        ("nobody", 1, "there is no grant nobody.main"),
        ("acme.third", 1, "there is no grant acme.third"),
        ("Acme", 2, "is not the name of a grant"),
        ("acme.*", 2, "names many grants"),
        ("a.b.c", 2, "is not the name of a grant"),
    ):
        found = three("show", name)
        assert found.exit_code == code, name
        assert expected in found.stdout + found.stderr


def test_a_partner_with_several_grants_and_no_main_has_to_be_named_in_full(three: Desk) -> None:
    three.ok("revoke", "acme.main", "--reason", "over")
    assert "acme.second" in three.ok("show", "acme")
    three.ok("apply", three.file(grant="third"), "--yes")
    found = three("show", "acme")
    assert found.exit_code == 2
    assert "acme.second, acme.third" in found.stderr


def test_show_names_each_external_id_when_asked_and_none_otherwise(desk: Desk) -> None:
    ids = ["acme-7f3b2c91", "acme-5a1b9d47"]
    desk.ok("apply", desk.file(external_id=ids), "--yes")
    for words in ([], ["--json"]):
        told = desk.ok("show", "acme", *words)
        assert not any(one in told for one in ids)
    told = desk.ok("show", "acme", "--show-secrets")
    assert all(f"{one} (external ID)" in told for one in ids)
    assert "only with one of the external IDs of the hand-off" in told


def test_handoff_prints_the_sheet_or_writes_the_page(desk: Desk) -> None:
    desk.stack.granted()
    base = KEY.removesuffix(".json")
    for ending in ("md", "html"):
        aws("s3").delete_object(Bucket=RESULTS_BUCKET, Key=f"{base}.handoff.{ending}")
    assert "there is no hand-off sheet of acme.main" in desk("handoff", "acme").stderr
    for ending, text in (("md", "# Hand-off ü\n"), ("html", "<p>Hand-off ü")):
        body = text.encode()
        aws("s3").put_object(Bucket=RESULTS_BUCKET, Key=f"{base}.handoff.{ending}", Body=body)
    assert desk.ok("handoff", "acme") == "# Hand-off ü\n"
    page = desk.folder / "page.html"
    page.write_text("an older one that everybody may read", encoding="utf-8")
    page.chmod(0o644)
    desk.ok("handoff", "acme.main", "--html", "-o", str(page))
    assert page.stat().st_mode & 0o777 == 0o600
    assert page.read_text(encoding="utf-8") == "<p>Hand-off ü"


def test_register_needs_somewhere_to_go(desk: Desk) -> None:
    assert desk("register").exit_code == 2


def test_times_are_shown_as_far_away_as_they_are() -> None:
    now = datetime(2026, 1, 15, 12, tzinfo=UTC)
    expected = {
        "2026-01-15T12:00:30Z": "now",
        "2026-01-15T12:01:00Z": "in 1 minute",
        "2026-01-15T09:00:00Z": "3 hours ago",
        "2026-02-14T12:00:00Z": "in 30 days",
        None: "",
    }
    assert {moment: from_now(moment, now) for moment in expected} == expected


def test_access_of_statements_is_their_resources() -> None:
    statements = [{"Resource": "arn:b"}, {"Resource": ["arn:a", "arn:b"]}]
    config = {"access": [{"service": "custom", "statements": statements}, s3_entry(), "nonsense"]}
    assert access_of(config) == [
        ("custom", "arn:a, arn:b", "statements"),
        ("s3", "data-bucket", "read-write"),
    ]


def test_grant_of_a_scope_names_it(desk: Desk) -> None:
    desk.stack.granted()
    assert "  scope " not in desk.ok("show", "acme")
    desk.stack.guard(scopes=[{"name": "team-a", "prefixes": ["partners/"]}])
    desk.ok("reconcile", "acme", "--reason", "guardrails got scopes")
    assert "  scope        team-a\n" in desk.ok("show", "acme")
