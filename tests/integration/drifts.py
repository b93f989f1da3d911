"""Kinds of change that somebody can make to a partner role by hand, and the words for them."""

from tests.integration.role_edits import (
    ANYTHING,
    MANAGED,
    POLICY,
    Drift,
    add_statement,
    add_values,
    called,
    delete_role,
    drop_condition,
    drop_elements,
    drop_first_action,
    make_anew,
    permissions_edited,
    set_condition,
    set_elements,
    trust_edited,
)

OTHER = "111122223333"


DRIFTS = (
    called("boundary: taken off", "delete_role_permissions_boundary", "boundary", "taken off"),
    called(
        "boundary: replaced",
        "put_role_permissions_boundary",
        "boundary",
        f"replaced by {MANAGED}",
        PermissionsBoundary=MANAGED,
    ),
    called("managed policy attached", "attach_role_policy", MANAGED, "attached", PolicyArn=MANAGED),
    called(
        "managed policy of the account attached",
        "attach_role_policy",
        "arn:aws:iam::123456789012:policy/extra",
        "attached",
        PolicyArn="arn:aws:iam::123456789012:policy/extra",
    ),
    called(
        "inline policy added",
        "put_role_policy",
        "inline policy extra",
        "added",
        PolicyName="extra",
        PolicyDocument=ANYTHING,
    ),
    called(
        "inline policy added under a like name",
        "put_role_policy",
        "inline policy Latchkey-Access",
        "added",
        PolicyName="Latchkey-Access",
        PolicyDocument=ANYTHING,
    ),
    called("policy deleted", "delete_role_policy", POLICY, "deleted", PolicyName=POLICY),
    called(
        "policy replaced",
        "put_role_policy",
        "statement added: Allow * on *",
        PolicyName=POLICY,
        PolicyDocument=ANYTHING,
    ),
    permissions_edited(
        "action added", add_values("Action", "s3:DeleteBucket"), "s3:DeleteBucket added"
    ),
    permissions_edited("all actions", set_elements(Action="s3:*"), "s3:* added"),
    permissions_edited("action removed", drop_first_action, "Action", "removed"),
    permissions_edited(
        "resource added", add_values("Resource", "arn:aws:s3:::other"), "arn:aws:s3:::other added"
    ),
    permissions_edited("all resources", set_elements(Resource="*"), "* added"),
    permissions_edited("conditions removed", drop_elements("Condition"), "Condition", "removed"),
    permissions_edited(
        "expiry later",
        set_condition("DateLessThan", "aws:CurrentTime", "2099-01-01T00:00:00Z"),
        "2099-01-01T00:00:00Z added",
    ),
    permissions_edited(
        "expiry removed",
        drop_condition("DateLessThan", "aws:CurrentTime"),
        "DateLessThan",
        "removed",
    ),
    permissions_edited(
        "effect turned", set_elements(Effect="Deny"), "Effect", "Deny added", "Allow removed"
    ),
    permissions_edited(
        "statement added",
        add_statement(Sid="More", Effect="Allow", Action="iam:*", Resource="*"),
        "statement added: Allow iam:* on *",
    ),
    permissions_edited(
        "statement without a Sid added",
        add_statement(Effect="Allow", Action="sqs:*", Resource="*"),
        "statement added: Allow sqs:* on *",
    ),
    permissions_edited(
        "deny added",
        add_statement(Effect="Deny", Action="s3:GetObject", Resource="*"),
        "statement added: Deny s3:GetObject",
    ),
    permissions_edited(
        "statement removed", lambda document: document["Statement"].pop(), "statement", "removed"
    ),
    permissions_edited(
        "all but an action",
        lambda document: (
            drop_elements("Action")(document),
            set_elements(NotAction="iam:*")(document),
        ),
        "NotAction changed: iam:* added",
    ),
    permissions_edited(
        "all but a resource",
        lambda document: (
            drop_elements("Resource")(document),
            set_elements(NotResource="arn:aws:s3:::other")(document),
        ),
        "NotResource changed: arn:aws:s3:::other added",
    ),
    permissions_edited(
        "statement renamed", set_elements(Sid="Renamed"), "statement added", "removed"
    ),
    trust_edited("anybody", set_elements(Principal="*"), "Principal", "* added"),
    trust_edited("another account", set_elements(Principal={"AWS": OTHER}), f"AWS {OTHER} added"),
    trust_edited(
        "a further account",
        set_elements(Principal={"AWS": ["444455556666", OTHER]}),
        f"AWS {OTHER} added",
    ),
    trust_edited(
        "a service",
        set_elements(Principal={"Service": "ec2.amazonaws.com"}),
        "Service ec2.amazonaws.com",
    ),
    trust_edited(
        "an identity provider",
        set_elements(Principal={"Federated": "cognito-identity.amazonaws.com"}),
        "Federated cognito-identity.amazonaws.com added",
    ),
    trust_edited(
        "no external ID",
        drop_condition("StringEquals", "sts:ExternalId"),
        "sts:ExternalId",
        "removed",
    ),
    trust_edited(
        "another external ID",
        set_condition("StringEquals", "sts:ExternalId", "chosen-by-them"),
        "Condition",
    ),
    trust_edited(
        "expiry later",
        set_condition("DateLessThan", "aws:CurrentTime", "2099-01-01T00:00:00Z"),
        "2099-01-01T00:00:00Z added",
    ),
    trust_edited("conditions removed", drop_elements("Condition"), "Condition", "removed"),
    trust_edited(
        "statement added",
        add_statement(Effect="Allow", Principal={"AWS": OTHER}, Action="sts:AssumeRole"),
        "statement added: Allow by AWS 111122223333 sts:AssumeRole",
    ),
    trust_edited(
        "action added",
        set_elements(Action=["sts:AssumeRole", "sts:TagSession"]),
        "sts:TagSession added",
    ),
    trust_edited("nobody", set_elements(Effect="Deny"), "Effect", "Deny added"),
    called(
        "longer session",
        "update_role",
        "longest session",
        "3600 s to 43200 s",
        MaxSessionDuration=43200,
        Description="Nightly export (owner: data-platform)",
    ),
    called(
        "description", "update_role", "description", "Nothing to see", Description="Nothing to see"
    ),
    called(
        "owner's tag changed",
        "tag_role",
        "tag latchkey:owner",
        "somebody",
        Tags=[{"Key": "latchkey:owner", "Value": "somebody"}],
    ),
    called(
        "owner's tag removed", "untag_role", "latchkey:owner", "removed", TagKeys=["latchkey:owner"]
    ),
    Drift("role deleted", delete_role, ("role partner-acme.main", "deleted")),
    Drift("role made anew by hand", make_anew, (POLICY, "deleted")),
)
"""More than forty; each is found by the drift check and put back by the run that it starts."""

TAKES_AWAY = {
    "boundary: replaced",
    "policy deleted",
    "permissions: action removed",
    "permissions: deny added",
    "permissions: effect turned",
    "permissions: statement removed",
    "permissions: statement renamed",
    "trust: a service",
    "trust: an identity provider",
    "trust: another account",
    "trust: another external ID",
    "trust: nobody",
}
"""Those that take something away, too: that is kept (`test_repair_never_widens.py`)."""
