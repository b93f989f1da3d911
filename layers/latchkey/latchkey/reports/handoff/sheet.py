"""The sheet: a letter first, a technical note second."""

from collections.abc import Iterator
from typing import Any

from latchkey.reports.handoff import snippets, token_snippets
from latchkey.reports.handoff.blocks import Block, Code, Heading, Paragraph, SheetTable
from latchkey.reports.handoff.contents import Handoff
from latchkey.reports.handoff.faults import faults
from latchkey.reports.handoff.letter import letter
from latchkey.reports.handoff.token_snippets import TOKEN_FILE
from latchkey.text import json_text


def title(grant: Handoff) -> str:
    """What the sheet is called."""
    return f"Access for {grant.partner}: {grant.grant}"


def blocks(grant: Handoff) -> Iterator[Block]:
    """All of the sheet below its title; of access that has ended only what it was."""
    yield from letter(grant)
    if grant.phase != "ended":
        yield from _note(grant)


def _note(grant: Handoff) -> Iterator[Block]:
    yield Heading("Technical note", part=True)
    yield Heading("Permissions policy", 3)
    yield from _policy(grant)
    yield Heading("Profile", 3)
    by_token = bool(grant.config.web_identities)
    paste: Any = token_snippets if by_token else snippets
    yield Paragraph(_by_token() if by_token else _by_default(grant))
    yield Code("ini", paste.profile(grant))
    if by_token and (job := token_snippets.workflow(grant)):
        yield Heading("GitHub Actions", 3)
        yield Paragraph("A job that gets the session; its runs have to have a subject from above.")
        yield Code("yaml", job)
    yield Heading("Try it", 3)
    yield Paragraph(_how(grant))
    yield Code("sh", paste.commands(grant))
    yield Heading("Python", 3)
    how = "by the profile above" if by_token else "without a profile"
    yield Paragraph(f"boto3, {how}; it renews the session by itself.")
    yield Code("python", paste.boto3(grant))
    yield Heading("Terraform", 3)
    yield Code("hcl", paste.terraform(grant))
    yield Heading("When it does not work", 3)
    yield SheetTable(("what you see", "what it means"), tuple(faults(grant)))


def _policy(grant: Handoff) -> Iterator[Block]:
    if grant.policy is None:
        known = "is suspended" if grant.phase == "suspended" else "was not read"
        yield Paragraph(f"Not shown, since the role {known}; the table above says what is allowed.")
        return
    yield Paragraph(
        "What sessions of the role may do, as it stands in IAM. You need not attach it anywhere."
    )
    yield Code("json", json_text(grant.policy, indent=2))


def _by_default(grant: Handoff) -> str:
    return (
        "For `~/.aws/config`. The profile `default` has to be one of the principals above; its own "
        f"policy has to allow `sts:AssumeRole` on the role. {_mfa(grant)}".rstrip()
    )


def _by_token() -> str:
    return (
        "For `~/.aws/config`. No identity in AWS is needed: the token of your provider says who "
        f"comes. Put the file that the provider writes it to in place of `{TOKEN_FILE}`."
    )


def _mfa(grant: Handoff) -> str:
    return "Put your MFA device in place of `YOUR-DEVICE`." if grant.config.require_mfa else ""


def _how(grant: Handoff) -> str:
    session = f"`arn:…:assumed-role/{grant.role}/{grant.name}`"
    told = (
        "With the AWS CLI. The first tells until when the session lasts, the second answers "
        f"{session}, and then come calls for each resource."
    )
    if any(one.leaves for one in grant.tries):
        told += (
            " Above a call that leaves something behind stands what that is: skip it if need be."
        )
    if any(one.asks for one in grant.tries):
        told += " Put what you know in place of what begins with `YOUR-`."
    return told
