"""`latchkey new`: writes a config file for a new grant."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from latchkey_cli.aws.account_options import account_id
from latchkey_cli.aws.target import Target
from latchkey_cli.config_files.end_options import end_options


@click.command(short_help="Write the config file of a new grant.")
@click.argument("grant", required=False)
@click.option("--purpose", help="Why access is needed, in one line.")
@click.option("--owner", help="The team that answers for the grant.")
@click.option("--owner-contact", help="Where the partner reaches it: an address or a URL.")
@click.option(
    "--principal", "principals", multiple=True, help="An account, role or user; once for each."
)
@click.option("--external-id", help="The external ID that the partner gave you.")
@click.option("--generate-external-id", is_flag=True, help="Have Latchkey generate one.")
@end_options
@click.option(
    "--access",
    multiple=True,
    metavar="SERVICE:RESOURCE:ALLOW",
    help="What to allow, such as s3:reports/in:read; once for each.",
)
@click.option(
    "--account",
    metavar="ID",
    callback=account_id,
    help="The account to grant in (docs/spokes.md); the stack's own if omitted.",
)
@click.option("--template", "as_template", is_flag=True, help="Print an example to change by hand.")
@click.option("--offline", is_flag=True, help="Do not look up whether the resources exist.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file.")
@click.pass_obj
def command(
    target: Target,
    /,
    grant: str | None,
    until: str | None,
    span: str | None,
    access: tuple[str, ...],
    as_template: bool,
    offline: bool,
    output: Path | None,
    **fields: Any,
) -> None:
    """Write a config file for GRANT (PARTNER or PARTNER.GRANT).

    At a terminal you are asked for what the options do not say; elsewhere what is missing is an
    error. Access ends after 90 days unless you say otherwise. If AWS can be reached, a resource
    that does not exist is an error, with the names of similar ones. Nothing is uploaded: `latchkey
    apply` does that.
    """
    from latchkey_cli.config_files.draft import template

    now = datetime.now(UTC)
    _require_free(output)
    if as_template:
        _write(template(now), output)
        return
    answers = _answers(grant, fields) | {"access": _entries(access)}
    _write(_text(target, answers, (until, span), now, offline=offline), output)


def _text(
    target: Target,
    answers: dict[str, Any],
    end: tuple[str | None, str | None],
    now: datetime,
    *,
    offline: bool,
) -> str:
    from latchkey_cli.config_files.diagnosis import OfflineContext, diagnose
    from latchkey_cli.config_files.draft import draft, text_of, usual_end
    from latchkey_cli.config_files.ends import end_of
    from latchkey_cli.config_files.existing_names import ExistingNames
    from latchkey_cli.config_files.interview import Interview
    from latchkey_cli.output.problems import print_problems
    from latchkey_cli.output.terminal import interactive, say

    names = ExistingNames(None if offline or answers["account"] else target.open)
    if answers["account"] and not offline:
        where = f"account {answers['account']}"
        say(f"resources in {where} are not looked up now; latchkey plan does that", err=True)
    answers["expires_at"] = end_of(*end, now)
    if missing := [message for entry in answers["access"] for message in names.missing(entry)]:
        raise click.ClickException("; ".join(missing))
    if interactive():
        accounts = [] if offline or answers["account"] else _accounts(target)
        answers = Interview(answers, names, now, accounts).hold()
    answers["expires_at"] = answers["expires_at"] or usual_end(now)
    text = text_of(draft(answers))
    problems = diagnose(text.encode(), OfflineContext(now))
    if problems:
        print_problems("the new file", problems)
        if not interactive() and (options := _not_given(answers)):
            say(f"without a terminal nobody is asked: give {', '.join(options)} too", err=True)
        raise click.exceptions.Exit(1)
    return text


def _not_given(answers: dict[str, Any]) -> list[str]:
    """The options that say what a config needs and these answers do not."""
    needs = {
        "partner": "GRANT",
        "purpose": "--purpose",
        "owner": "--owner",
        "principals": "--principal",
        "access": "--access",
    }
    missing = [option for name, option in needs.items() if not answers.get(name)]
    if not (answers.get("external_id") or answers.get("generate_external_id")):
        missing.append("--external-id or --generate-external-id")
    return missing


def _accounts(target: Target) -> list[str]:
    """The accounts to choose from; none where that cannot be read, as `plan` would say."""
    from botocore.exceptions import BotoCoreError, ClientError

    from latchkey.errors import LatchkeyError
    from latchkey_cli.spokes.known import guardrails

    try:
        return sorted(guardrails(target.open()).read()[0].allowed_accounts)
    except (click.ClickException, LatchkeyError, BotoCoreError, ClientError):
        return []


def _answers(grant: str | None, fields: dict[str, Any]) -> dict[str, Any]:
    from latchkey_cli.grants.names import parse_name

    partner, name = parse_name(grant) if grant else (None, None)
    given = {"partner": partner, "grant": name, **fields}
    return given | {"principals": [*fields["principals"]]}


def _entries(access: tuple[str, ...]) -> list[dict[str, Any]]:
    from latchkey_cli.config_files.draft import entry_of

    try:
        return [entry_of(text) for text in access]
    except ValueError as error:
        raise click.UsageError(f"--access: {error}") from None


def _require_free(output: Path | None) -> None:
    """Refuse a place that cannot take the file, before anybody answers questions.

    Raises
    ------
    UsageError
        If there is a file already, or no such folder.
    """
    if output is None:
        return
    if output.exists():
        raise click.UsageError(f"{output} is there already; nothing was written")
    if not output.parent.is_dir():
        raise click.UsageError(f"there is no folder {output.parent}; nothing was written")


def _write(text: str, output: Path | None) -> None:
    from latchkey_cli.output.files import write_secret
    from latchkey_cli.output.terminal import print_bytes, say

    if output is None:
        print_bytes(text.encode())
        return
    write_secret(output, text.encode())
    say(f"written to {output}; next: latchkey plan {output}", err=True)
