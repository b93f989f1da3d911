"""What commands print of one grant has no external ID of the partner's other grants."""

from tests.cli.desk import Desk
from tests.kit.stack.aws import FILE

OTHER_ID = "another-0f8fad5b"


def test_show_and_grants_leave_out_those_of_the_other_grants(desk: Desk) -> None:
    desk.stack.granted()
    desk.stack.upload(None, "partners/other.json", grant="other", external_id=OTHER_ID)
    desk.stack.run({**FILE, "key": "partners/other.json"})
    reason = f"they say that {OTHER_ID} works"
    desk.stack.run({"action": "suspend", "partner": "acme", "grant": "main", "reason": reason})
    shown = ("show", "acme.main"), ("show", "acme.main", "--json")
    for words in (*shown, ("grants", "--json", "--status", "suspended")):
        told = desk.ok(*words)
        assert "they say that" in told, words
        assert OTHER_ID not in told, words
    assert OTHER_ID in desk.ok("show", "acme.main", "--show-secrets")
