"""Amazon Simple Email Service: sending from one identity."""

from collections.abc import Mapping
from typing import Any

from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import TEST_NAME, Call
from latchkey.services.spec import Service

_SIMULATOR = "success@simulator.amazonses.com"


class _Ses(Service):
    @override
    def describe(self, rest: str) -> str | None:
        """An identity, or the configuration set that it sends with."""
        configuration_set = rest.removeprefix("configuration-set/")
        if configuration_set != rest and "*" not in configuration_set:
            return f"configuration set {configuration_set}"
        return super().describe(rest)

    @override
    def try_call(self, entry: Mapping[str, Any], arn: str) -> Call:
        """An e-mail to the mailbox simulator, which SES has for tests (developer guide)."""
        identity = arn.partition(f":{self.arn.before}")[2]
        sender = identity if "@" in identity else f"{TEST_NAME}@{identity}"
        content = {"Subject": {"Data": TEST_NAME}, "Body": {"Text": {"Data": TEST_NAME}}}
        given = {
            "FromEmailAddress": sender,
            "Destination": {"ToAddresses": [_SIMULATOR]},
            "Content": {"Simple": content},
        }
        leaves = "an e-mail to the mailbox simulator, which counts as sent"
        return Call("sesv2", "send-email", given, "MessageId", leaves)


SPEC = _Ses(
    name="ses",
    title="SES",
    field="identity",
    resource_type="AWS::SES::EmailIdentity",
    arn=ArnForm(
        r"(?:[A-Za-z0-9._%+-]{1,64}@)?[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?",
        "a domain or an e-mail address",
        before="identity/",
    ),
    actions={"send": ("ses:SendEmail", "ses:SendRawEmail")},
    labels={
        "send": "SendEmail SendRawEmail",
        "send by template": "SendTemplatedEmail",
        "list names": "ListEmailIdentities",
    },
    options=("discover",),
    discovers=("ses:ListEmailIdentities",),
    own=("configuration-set/latchkey-*",),
    boundary=(
        "ListEmailIdentities",
        "SendEmail",
        "SendRawEmail",
        "SendTemplatedEmail",
    ),
    also=frozenset({"ses:SendRawEmail"}),
    changed_by=(
        "ses:CreateEmailIdentity",
        "ses:DeleteEmailIdentity",
    ),
    lookup=("ses:GetEmailIdentity", "ses:ListEmailIdentities"),
    key_use=False,
    example={"identity": "news.northwind.example", "allow": "send"},
    example_implied=("arn:aws:ses:us-east-1:123456789012:configuration-set/newsletters",),
)
