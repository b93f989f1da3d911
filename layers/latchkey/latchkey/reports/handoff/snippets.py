"""What a partner pastes: each ready to run, and run by a test as it stands."""

import json
from collections.abc import Iterator

from latchkey.reports.handoff.contents import Handoff
from latchkey.reports.handoff.trying import command, left_behind, tried

CHAINED = 3600
"""Seconds; a session that is taken from another role's session lasts no longer (IAM user guide,
"Role chaining"), and a partner's service mostly is one."""


_BOTO3 = """\
from functools import partial

import boto3
import botocore.session
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialProvider,
    DeferredRefreshableCredentials,
)

own = botocore.session.get_session()  # finds your own credentials as it always does


class Granted(CredentialProvider):
    METHOD = "granted"

    def load(self):
        fetcher = AssumeRoleCredentialFetcher(
            client_creator=partial(own.create_client, region_name="{region}"),
            source_credentials=own.get_credentials(),
            role_arn="{role}",
            extra_args={{
                {arguments},
            }},
        )
        return DeferredRefreshableCredentials(fetcher.fetch_credentials, self.METHOD)


granted = botocore.session.get_session()
granted.get_component("credential_provider").insert_before("env", Granted())
session = boto3.Session(botocore_session=granted, region_name="{region}")

print(session.client("sts").get_caller_identity()["Arn"])
{calls}
"""


def profile(grant: Handoff) -> str:
    """A profile for `~/.aws/config`."""
    return "\n".join(_profile(grant)) + "\n"


def _profile(grant: Handoff) -> Iterator[str]:
    yield f"[profile {grant.name}]"
    yield f"role_arn = {grant.role_arn}"
    if grant.external_id:
        yield f"external_id = {grant.external_id}"
    yield "source_profile = default"
    yield f"role_session_name = {grant.name}"
    yield f"duration_seconds = {CHAINED}"
    yield f"region = {grant.region}"
    if grant.config.require_mfa:
        yield f"mfa_serial = {_device(grant)}"


def boto3(grant: Handoff) -> str:
    """A session of boto3 that takes new credentials by itself whenever the old ones run out.

    It puts a credential provider before all others, which is botocore's documented way in
    (`CredentialResolver.insert_before`); the fetcher renews what it fetched.
    """
    given = {"RoleSessionName": grant.name, "DurationSeconds": CHAINED}
    given |= {"ExternalId": grant.external_id} if grant.external_id else {}
    given |= {"SerialNumber": _device(grant)} if grant.config.require_mfa else {}
    arguments = ",\n                ".join(f'"{k}": {json.dumps(v)}' for k, v in given.items())
    calls = "\n".join(line for one in grant.tries for line in tried(one))
    return (
        _BOTO3.format(
            role=grant.role_arn, region=grant.region, arguments=arguments, calls=calls
        ).rstrip("\n")
        + "\n"
    )


def commands(grant: Handoff) -> str:
    """Commands of the AWS CLI: the role alone first, then a call for each resource."""
    external = f" --external-id {grant.external_id}" if grant.external_id else ""
    device = (
        f" --serial-number {_device(grant)} --token-code 123456" if grant.config.require_mfa else ""
    )
    lines = [
        f"aws --region {grant.region} sts assume-role --role-arn {grant.role_arn}"
        f" --role-session-name {grant.name}{external}{device} --query Credentials.Expiration",
        f"aws --profile {grant.name} sts get-caller-identity --query Arn",
        *(line for one in grant.tries for line in (*left_behind(one), command(one, grant.name))),
    ]
    return "\n".join(lines) + "\n"


def terraform(grant: Handoff) -> str:
    """A provider block of Terraform's."""
    return "\n".join(_terraform(grant)) + "\n"


def _terraform(grant: Handoff) -> Iterator[str]:
    yield 'provider "aws" {'
    yield f'  alias  = "{grant.name}"'
    yield f'  region = "{grant.region}"'
    yield ""
    yield "  assume_role {"
    yield f'    role_arn     = "{grant.role_arn}"'
    if grant.external_id:
        yield f'    external_id  = "{grant.external_id}"'
    yield f'    session_name = "{grant.name}"'
    yield f'    duration     = "{CHAINED}s"'
    yield "  }"
    yield "}"


def _device(grant: Handoff) -> str:
    """Where the MFA device of the first principal's user would be; only the partner knows it."""
    account = grant.config.named_principals[0].account
    return f"arn:{grant.role_arn.split(':')[1]}:iam::{account}:mfa/YOUR-DEVICE"
