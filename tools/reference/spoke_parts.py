"""What of spoke.yaml is not in template.yaml: parameters, whom its roles trust, and the rule."""

from typing import Any

from latchkey.iam.spoke import VERSION, VERSION_TAG

PARAMETERS: dict[str, Any] = {
    "HubAccount": {
        "Type": "String",
        "AllowedPattern": "^[0-9]{12}$",
        "Description": "Account of the Latchkey stack that may grant here.",
    },
    "HubRegion": {
        "Type": "String",
        "AllowedPattern": "^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$",
        "Description": "Region of that stack. Roles and boundaries are made in this Region only.",
    },
    "HubStackName": {
        "Type": "String",
        "Default": "latchkey",
        "AllowedPattern": "^[a-z][a-z0-9-]{0,17}$",
        "Description": "Name of that stack.",
    },
    "OrganizationId": {
        "Type": "String",
        "Default": "",
        "AllowedPattern": "^(o-[a-z0-9]{10,32})?$",
        "Description": "Organization that the hub must belong to; empty if it belongs to none.",
    },
    "RolePath": {
        "Type": "String",
        "Default": "/partners/",
        "AllowedPattern": "^/([A-Za-z0-9_+=,.@-]+/)+$",
        "Description": "The stack's parameter of that name. Do not create other roles under it.",
    },
    "RoleNamePrefix": {
        "Type": "String",
        "Default": "partner-",
        "AllowedPattern": "^[A-Za-z0-9_+=,.@-]{1,19}$",
        "Description": "The stack's parameter of that name.",
    },
    "GuardrailsParameterName": {
        "Type": "String",
        "Default": "",
        "AllowedPattern": "^(/latchkey(/[a-zA-Z0-9_.-]+)+)?$",
        "Description": (
            "The stack's parameter of that name. If empty, this template creates the SSM parameter "
            "that this account's owner limits grants by (docs/spokes.md)."
        ),
    },
}

_EMPTY: list[Any] = [{"Ref": "GuardrailsParameterName"}, ""]
_HOME = {"Fn::FindInMap": ["Partitions", {"Ref": "AWS::Partition"}, "HomeRegion"]}
_IN_HUB_REGION: dict[str, Any] = {"Fn::Equals": [{"Ref": "AWS::Region"}, {"Ref": "HubRegion"}]}
_HAS_ORGANIZATION: dict[str, Any] = {"Fn::Not": [{"Fn::Equals": [{"Ref": "OrganizationId"}, ""]}]}

CONDITIONS: dict[str, Any] = {
    "IsNamedLatchkey": {"Fn::Equals": [{"Ref": "HubStackName"}, "latchkey"]},
    "OwnGuardrails": {"Fn::Equals": _EMPTY},
    "HasOrganization": _HAS_ORGANIZATION,
    "InHubRegion": _IN_HUB_REGION,
    "MakesGuardrails": {"Fn::And": [{"Condition": "InHubRegion"}, {"Condition": "OwnGuardrails"}]},
    # IAM's events are in the partition's home Region only; the hub's bus asks for the organization.
    "Forwards": {
        "Fn::And": [
            {"Fn::Equals": [{"Ref": "AWS::Region"}, _HOME]},
            {"Condition": "HasOrganization"},
        ]
    },
}

HOME_REGIONS = {
    "aws": "us-east-1",
    "aws-cn": "cn-north-1",
    "aws-eusc": "eusc-de-east-1",
    "aws-iso": "us-iso-east-1",
    "aws-iso-b": "us-isob-east-1",
    "aws-iso-e": "eu-isoe-west-1",
    "aws-iso-f": "us-isof-south-1",
    "aws-us-gov": "us-gov-west-1",
}
"""The Region of IAM's control plane by partition: where botocore's endpoint of IAM signs for."""

MAPPINGS = {"Partitions": {name: {"HomeRegion": one} for name, one in HOME_REGIONS.items()}}

OUTPUTS: dict[str, Any] = {
    "HubAccountId": {
        "Description": "Account of the stack that may grant here.",
        "Value": {"Ref": "HubAccount"},
    },
    "SpokeVersion": {
        "Description": "Version of this template.",
        "Value": VERSION,
    },
}


def guardrails(hub: dict[str, Any]) -> dict[str, Any]:
    """The parameter by which the account's owner narrows what may be granted: all, at first.

    Its properties are the hub's, and frozen as they are there (docs/upgrading.md).
    """
    return {
        "Type": "AWS::SSM::Parameter",
        "Condition": "MakesGuardrails",
        "DeletionPolicy": "RetainExceptOnCreate",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "Name": _of_hub(hub["Name"]),
            "Description": "Limits what may be granted to partners here (docs/spokes.md)",
            "Type": hub["Type"],
            "Tier": hub["Tier"],
            "Value": hub["Value"],
        },
    }


def _of_hub(name: dict[str, Any]) -> dict[str, Any]:
    text, names = name["Fn::Sub"]
    branches = names["Path"]["Fn::If"]
    sub = {"Fn::Sub": branches[2]["Fn::Sub"].replace("${AWS::StackName}", "${HubStackName}")}
    return {"Fn::Sub": [text, {"Path": {"Fn::If": [*branches[:2], sub]}}]}


def trust(function_role: dict[str, Any]) -> dict[str, Any]:
    """Whom a role of a spoke trusts: the one function's role of the hub, and nobody else.

    By account and `aws:PrincipalArn`, since a role that is named as the principal would become a
    unique ID as soon as it is made anew (IAM user guide, "AWS JSON policy elements: Principal").
    """
    organization = {"aws:PrincipalOrgID": {"Ref": "OrganizationId"}}
    allow = {
        "Effect": "Allow",
        "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${HubAccount}:root"}},
        "Action": "sts:AssumeRole",
        "Condition": {
            "ArnEquals": {"aws:PrincipalArn": function_role},
            "StringEquals": {
                "Fn::If": ["HasOrganization", organization, {"Ref": "AWS::NoValue"}],
            },
        },
    }
    return {"Version": "2012-10-17", "Statement": [allow]}


def role(name: str, trusts: dict[str, Any], policies: list[dict[str, Any]]) -> dict[str, Any]:
    """A role of a spoke; sessions last an hour at most, and role chaining allows no more."""
    return {
        "Type": "AWS::IAM::Role",
        "Condition": "InHubRegion",
        "Properties": {
            "RoleName": {"Fn::Sub": "${HubStackName}-spoke-" + name},
            "Description": "Used by one function of the Latchkey stack in the hub account",
            "MaxSessionDuration": 3600,
            "AssumeRolePolicyDocument": trusts,
            "Policies": policies,
            "Tags": [{"Key": VERSION_TAG, "Value": VERSION}],
        },
    }


def forwarding(pattern: dict[str, Any]) -> dict[str, Any]:
    """The rule that tells the hub of changes to partner roles, and the role that it does so by."""
    names = {
        "Names": {
            "Fn::If": ["IsNamedLatchkey", "latchkey", {"Fn::Sub": "latchkey-${HubStackName}"}]
        }
    }
    bus = {
        "Fn::Sub": [
            "arn:${AWS::Partition}:events:${HubRegion}:${HubAccount}:event-bus/${Names}-spoke_events",
            names,
        ]
    }
    put = {"Sid": "ForwardToHub", "Effect": "Allow", "Action": "events:PutEvents", "Resource": bus}
    rule = {"Fn::Sub": "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*"}
    assumes = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
            "ArnLike": {"aws:SourceArn": rule},
        },
    }
    document = {"Version": "2012-10-17"}
    return {
        "ForwardRole": {
            "Type": "AWS::IAM::Role",
            "Condition": "Forwards",
            "Properties": {
                "RoleName": {"Fn::Sub": "${HubStackName}-spoke-forward"},
                "Description": "Lets the rule tell the Latchkey stack of changes to partner roles",
                "AssumeRolePolicyDocument": {**document, "Statement": [assumes]},
                "Policies": [
                    {"PolicyName": "forward", "PolicyDocument": {**document, "Statement": [put]}}
                ],
            },
        },
        "ForwardRule": {
            "Type": "AWS::Events::Rule",
            "Condition": "Forwards",
            "Properties": {
                "Description": "Tells the Latchkey stack of changes to partner roles",
                "EventPattern": pattern,
                "Targets": [
                    {"Id": "hub", "Arn": bus, "RoleArn": {"Fn::GetAtt": "ForwardRole.Arn"}}
                ],
            },
        },
    }
