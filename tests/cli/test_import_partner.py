"""`latchkey import` of a second role of a partner says how it becomes a second grant."""

import json

from tests.cli.desk import Desk
from tests.cli.hand_made import QUEUE, allow_statement
from tests.kit.stack.aws import aws

ENDS = ("--expires-at", "2029-12-31T00:00:00Z", "--owner", "data-platform")


def _role(name: str, account: str, external_id: str) -> str:
    condition = {"StringEquals": {"sts:ExternalId": external_id}}
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": "sts:AssumeRole",
        "Condition": condition,
    }
    document = {"Version": "2012-10-17", "Statement": [trust]}
    aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document))
    policy = {"Version": "2012-10-17", "Statement": [allow_statement("sqs:SendMessage", QUEUE)]}
    aws("iam").put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(policy))
    return name


def test_role_of_the_same_account_is_a_second_grant_of_that_partner(desk: Desk) -> None:
    desk.stack.granted()
    found = desk("import", _role("VendorUploadRole", "444455556666", "vendor-5521"), *ENDS)
    assert "those of acme.main" in found.stderr
    assert "--partner acme --grant vendorupload" in found.stderr
    said = ("--partner", "acme", "--grant", "vendorupload")
    again = desk("import", "VendorUploadRole", *ENDS, *said)
    assert "--partner" not in again.stderr
    assert json.loads(again.stdout)["grant"] == "vendorupload"


def test_role_with_the_same_external_id_is_too(desk: Desk) -> None:
    desk.stack.granted()
    found = desk("import", _role("acme-billing-role", "777788889999", "acme-7f3b2c91"), *ENDS)
    assert "--partner acme --grant billing" in found.stderr


def test_name_of_a_live_grant_is_not_taken_again(desk: Desk) -> None:
    desk.stack.granted()
    found = desk("import", _role("acme", "777788889999", "other-5521"), *ENDS)
    assert "acme.main is granted already" in found.stderr
    assert "--partner acme --grant second" in found.stderr


def test_other_partners_are_left_alone(desk: Desk) -> None:
    desk.stack.granted()
    found = desk("import", _role("VendorRole", "777788889999", "vendor-5521"), *ENDS)
    assert found.exit_code == 0
    assert "--partner" not in found.stderr
