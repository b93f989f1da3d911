"""How a hub hears of changes to partner roles in other accounts: its bus, and spoke.yaml's rule."""

import botocore.session
import pytest

from tests.contract.filled_template import (
    HUB,
    ORGANIZATION,
    SPOKE,
    Filled,
    hub_template,
    spoke_template,
)
from tests.kit.template import template


def test_home_regions_are_where_requests_to_iam_are_signed_for() -> None:
    """By botocore's endpoints: a partition's only endpoint of IAM, and its credential scope."""
    session = botocore.session.get_session()
    resolver = session.get_component("endpoint_resolver")
    mapped = template("spoke.yaml")["Mappings"]["Partitions"]
    assert mapped.keys() == {*session.get_available_partitions()}
    for partition, one in mapped.items():
        if partition in ("aws-eusc", "aws-iso-e"):  # of which botocore has no endpoint of IAM
            (region,) = session.get_available_regions("sts", partition)
        else:
            found = resolver.construct_endpoint("iam", None, partition_name=partition)
            region = found["credentialScope"]["region"]
        assert one == {"HomeRegion": region}, partition


def test_rule_hears_what_the_hubs_hears_but_for_the_hubs_own_sessions() -> None:
    trail = template()["Resources"]["CheckDriftFunction"]["Properties"]["Events"]["Trail"]
    hub = hub_template().value(trail["Properties"]["Pattern"])
    spoke = spoke_template().properties("ForwardRule")["EventPattern"]
    own = spoke["detail"].pop("userIdentity")
    del hub["detail"]["userIdentity"]
    assert spoke == hub
    base = f"arn:aws:iam::{SPOKE}:role/latchkey-spoke-"
    names = [base + name for name in ("grant", "revoke", "suspend")]
    issuer = {"arn": [{"exists": False}, {"anything-but": names}]}
    assert own == {"sessionContext": {"sessionIssuer": issuer}}


@pytest.mark.parametrize("stack", ["latchkey", "prod"])
def test_events_go_to_the_hubs_bus_under_the_role_that_it_lets_in(stack: str) -> None:
    hub = Filled("template.yaml", HUB, stack, OrganizationId=ORGANIZATION)
    spoke = spoke_template(stack)
    bus = hub.properties("SpokeEventBus")["Name"]
    (target,) = spoke.properties("ForwardRule")["Targets"]
    assert target["Arn"] == f"arn:aws:events:us-east-1:{HUB}:event-bus/{bus}"
    let_in = hub.properties("SpokeEventBusPolicy")["Statement"]["Condition"]
    name = spoke.properties("ForwardRole")["RoleName"]
    assert let_in == {
        "ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::*:role/{name}"},
        "StringEquals": {"aws:PrincipalOrgID": ORGANIZATION},
    }
    (policy,) = spoke.properties("ForwardRole")["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Action"], statement["Resource"]) == ("events:PutEvents", target["Arn"])


def test_a_hub_of_no_organization_has_no_bus_for_spokes_and_no_spoke_of_it_forwards() -> None:
    kinds = ("SpokeEventBus", "SpokeEventBusPolicy", "SpokeRule", "SpokeRulePermission")
    assert not [name for name in kinds if hub_template().made(name)]
    conditions = template("spoke.yaml")["Conditions"]
    assert {"Condition": "HasOrganization"} in conditions["Forwards"]["Fn::And"]
    assert not spoke_template(OrganizationId="").holds({"Condition": "HasOrganization"})
