"""`docs/config.md`, "Web identities": what they are, with well-known providers as examples."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.iam.web_identity import BUILT_IN, keys_of

EXAMPLES: Mapping[str, dict[str, Any]] = {
    "GitHub Actions, one branch and one environment of a repository": {
        "oidc_provider": "token.actions.githubusercontent.com",
        "audience": "sts.amazonaws.com",
        "subject": [
            "repo:northwind/exports:ref:refs/heads/main",
            "repo:northwind/exports:environment:production",
        ],
    },
    "GitLab, one branch of a project (the audience is what the job's `id_tokens` say)": {
        "oidc_provider": "gitlab.com",
        "audience": "https://gitlab.com",
        "subject": "project_path:northwind/exports:ref_type:branch:ref:main",
    },
    "HCP Terraform (Terraform Cloud), plans and applies of a workspace": {
        "oidc_provider": "app.terraform.io",
        "audience": "aws.workload.identity",
        "subject": [
            "organization:northwind:project:data:workspace:exports:run_phase:apply",
            "organization:northwind:project:data:workspace:exports:run_phase:plan",
        ],
    },
    "Google Cloud, a service account by its unique ID (not its address, which can be reused)": {
        "oidc_provider": "accounts.google.com",
        "audience": "https://northwind.example.com",
        "subject": "100018646976219416293",
    },
    "Amazon EKS, a service account of a cluster whose provider is in our IAM": {
        "oidc_provider": "oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E",
        "audience": "sts.amazonaws.com",
        "subject": "system:serviceaccount:northwind:exporter",
    },
}
"""One web identity for each well-known provider, by what it is."""


def web_identities() -> Iterator[str]:
    """The section."""
    yield "## Web identities\n"
    yield (
        "A partner without an identity in AWS, a CI system say, can assume the role by a token of "
        "its identity provider (OpenID Connect). Write the identity in place of an account or ARN: "
        "the provider, the audience that its tokens are for, and the exact subjects. The role "
        "trusts `sts:AssumeRoleWithWebIdentity` of these, within the grant's dates and "
        "`source_ips`; networks of hosted CI systems are seldom known.\n"
    )
    yield (
        "- All principals of a grant are web identities, or none. They send no external ID, so "
        "that `external_id`, `generate_external_id`, `organization_id` and `require_mfa` are "
        "problems. `session_tags` and `source_identity` are for what the token says (`https://aws.amazon.com/"
        "tags`, `https://aws.amazon.com/source_identity`).\n"
        "- The provider is in IAM of the trusting account (`aws iam create-open-id-connect-"
        "provider`), and lists the audience. Built in to AWS, and not to be created: "
        f"{', '.join(f'`{name}`' for name in BUILT_IN)}.\n"
        "- Subjects are exact. Patterns need the guardrail `allow_subject_patterns`, and begin "
        "with a text of the partner's own, never with a wildcard. Providers that many customers "
        "share sign tokens for all of them, so that subjects of GitHub, GitLab and HCP Terraform "
        "have to name the owner, the group or the organization.\n"
        "- A subject or an audience that goes ends the sessions issued so far, as a principal does "
        "([expiry](expiry.md#what-ends-a-session)).\n"
    )
    yield "| provider | condition keys for audience and subject |\n|---|---|"
    for name in ("token.actions.githubusercontent.com", *BUILT_IN):
        keys = keys_of(name)
        also = "".join(f", `{name}:{key}` = `{value}`" for _, key, value in keys.also)
        yield f"| `{name}` | `{name}:{keys.audience}`, `{name}:{keys.subject}`{also} |"
    yield (
        "\nOf Google's tokens, `accounts.google.com:aud` is the claim `azp`, and "
        '`accounts.google.com:oaud` the audience (IAM user guide, "IAM and AWS STS condition '
        'context keys", "Available keys for AWS OIDC federation"). A token without `azp` is not '
        "described there; such a role lets it in only if AWS sets `oaud` for it, too.\n"
    )
    for what, one in EXAMPLES.items():
        yield f"{what}:\n"
        yield f"```json\n{json.dumps(one, indent=2)}\n```\n"
