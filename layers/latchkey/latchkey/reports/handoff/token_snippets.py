"""What a partner pastes whose identities come with a token: a CI system, a cluster, a cloud."""

from collections.abc import Iterator

from latchkey.reports.handoff.contents import Handoff
from latchkey.reports.handoff.trying import command, left_behind, tried

GITHUB = "token.actions.githubusercontent.com"
TOKEN_FILE = "YOUR-TOKEN-FILE"  # noqa: S105 (a name for a file)
"""Where the provider puts its token; only the partner knows that."""


def profile(grant: Handoff) -> str:
    """A profile for `~/.aws/config`; the AWS CLI and SDKs read the token anew for each session."""
    return (
        f"[profile {grant.name}]\n"
        f"role_arn = {grant.role_arn}\n"
        f"web_identity_token_file = {TOKEN_FILE}\n"
        f"role_session_name = {grant.name}\n"
        f"region = {grant.region}\n"
    )


def commands(grant: Handoff) -> str:
    """Commands of the AWS CLI: the role alone first, then a call for each resource."""
    lines = [
        f"aws --region {grant.region} sts assume-role-with-web-identity --role-arn {grant.role_arn}"
        f" --role-session-name {grant.name} --web-identity-token file://{TOKEN_FILE}"
        " --query Credentials.Expiration",
        f"aws --profile {grant.name} sts get-caller-identity --query Arn",
        *(line for one in grant.tries for line in (*left_behind(one), command(one, grant.name))),
    ]
    return "\n".join(lines) + "\n"


def boto3(grant: Handoff) -> str:
    """A session of boto3 by the profile, which renews itself as long as the token is renewed."""
    lines = [
        "import boto3",
        "",
        f'session = boto3.Session(profile_name="{grant.name}")',
        "",
        'print(session.client("sts").get_caller_identity()["Arn"])',
        *(line for one in grant.tries for line in tried(one)),
    ]
    return "\n".join(lines) + "\n"


def terraform(grant: Handoff) -> str:
    """A provider block of Terraform's."""
    return (
        'provider "aws" {\n'
        f'  alias  = "{grant.name}"\n'
        f'  region = "{grant.region}"\n'
        "\n"
        "  assume_role_with_web_identity {\n"
        f'    role_arn                = "{grant.role_arn}"\n'
        f'    session_name            = "{grant.name}"\n'
        f'    web_identity_token_file = "{TOKEN_FILE}"\n'
        "  }\n"
        "}\n"
    )


def workflow(grant: Handoff) -> str | None:
    """A job of GitHub Actions, where that is the provider; None for any other.

    Source: GitHub Docs, "Configuring OpenID Connect in Amazon Web Services".
    """
    identities = grant.config.web_identities
    audience = next((i.audience for i in identities if i.oidc_provider == GITHUB), None)
    return "\n".join(_workflow(grant, audience)) + "\n" if audience else None


def _workflow(grant: Handoff, audience: str) -> Iterator[str]:
    yield "permissions:"
    yield "  id-token: write"
    yield "  contents: read"
    yield "jobs:"
    yield f"  {grant.name}:"
    yield "    runs-on: ubuntu-latest"
    yield "    steps:"
    yield "      - uses: aws-actions/configure-aws-credentials@v4"
    yield "        with:"
    yield f"          role-to-assume: {grant.role_arn}"
    yield f"          role-session-name: {grant.name}"
    yield f"          aws-region: {grant.region}"
    yield f'          audience: "{audience}"'
    yield "      - run: aws sts get-caller-identity"
