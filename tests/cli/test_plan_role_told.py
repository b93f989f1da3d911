"""The role that `latchkey plan` tells for the partner is the one that the file asks for."""

import json
from typing import Any

import pytest

from tests.cli.desk import Desk


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"account": "222233334444"}, "222233334444:role/partners/partner-acme.main"),
        ({"role_name": "Vendor"}, "123456789012:role/partners/Vendor"),
        ({"account": "22223333444"}, None),
        ({"role_name": "no name"}, None),
    ],
)
def test_a_rejected_file_tells_no_role_but_the_one_that_it_asks_for(
    desk: Desk, fields: dict[str, Any], told: str | None
) -> None:
    page = json.loads(desk("plan", desk.file(external_id=None, **fields), "--json").stdout)
    assert page["outcome"] == "rejected"
    assert page["role_arn"] == (told and f"arn:aws:iam::{told}")
    arns = [need["value"] for need in page["partner_needs"] if need["what"] == "role ARN"]
    assert arns == ([page["role_arn"]] if told else [])


def test_the_partner_is_told_the_name_that_it_demands(desk: Desk) -> None:
    page = desk.json("plan", desk.file(role_name="Vendor"))
    needs = {need["what"]: need["value"] for need in page["partner_needs"]}
    assert (needs["role ARN"], needs["role name"]) == (page["role_arn"], "Vendor")


def test_a_rejected_plan_of_a_live_grant_tells_nothing_to_ask_for_first(desk: Desk) -> None:
    misspelt = [{"service": "s3", "bucket": "data-bukket", "allow": "read"}]
    path = desk.file(access=misspelt)
    assert "may ask for first" in desk("plan", path).stdout
    desk.stack.granted()
    found = desk("plan", path)
    assert "data-bukket" in found.stdout + found.stderr
    assert "may ask for first" not in found.stdout
    assert json.loads(desk("plan", path, "--json").stdout)["partner_needs"] == []
