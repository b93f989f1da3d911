"""`latchkey approve`: shows what waits, as it is planned now, and approves it."""

from typing import TYPE_CHECKING, Any

import click

from latchkey_cli.aws.target import Target
from latchkey_cli.grants.redaction import show_secrets, told

if TYPE_CHECKING:
    from latchkey.grants.author import Author
    from latchkey.grants.record import GrantRecord
    from latchkey_cli.aws.stack import Stack


@click.command(short_help="Approve what waits for approval.")
@click.argument("grant")
@click.option("--reason", default="", help="Why; it stands in the approval, for people.")
@click.option("--policies", is_flag=True, help="Also show the policies of a new grant.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("--timeout", default=300.0, show_default=True, help="Maximum seconds to wait.")
@show_secrets
@click.pass_obj
def command(
    target: Target,
    grant: str,
    reason: str,
    *,
    policies: bool,
    yes: bool,
    timeout: float,
    show_secrets: bool,
) -> None:
    """Plan the change of GRANT (PARTNER.GRANT) that waits, show it, ask, and approve exactly that.

    The approval is a file that only you can write, under your own user ID. It counts if you are in
    a group that has to approve, and did not upload the config yourself: another plan says whether
    it does, and what is missing. Exits with 1 if nothing was approved.
    """
    from latchkey_cli.grants.names import grant_named
    from latchkey_cli.grants.waiting import uploaded_by, waiting_of, write
    from latchkey_cli.output.plans import show_plan
    from latchkey_cli.output.terminal import confirmed, say

    stack = target.open()
    record = waiting_of(stack, grant_named(grant, stack))
    assert record.pending  # else there is nothing to approve
    result = _planned(stack, record, timeout)
    version = result.get("config_version") or record.pending.version
    author = uploaded_by(stack, record, version)
    whose = f"uploaded by {author}" if author else "which nobody knows who uploaded"
    say(f"{record.config_key}, version {version}, {whose}:")
    shown = told(result, stack=stack, secrets=show_secrets)
    show_plan(shown, policies=policies, shown_by="--policies")
    if result.get("digest") != record.pending.digest:
        if record.status == "suspended":
            raise click.ClickException(
                f"{record.id} is suspended, so what waits for it cannot be planned: approve it "
                f"after `latchkey resume {record.id}`, which goes by what was granted before"
            )
        raise click.ClickException(
            "this is not the plan that waits for approval any more: the file, a resource or the "
            f"guardrails changed meanwhile. Run `latchkey reconcile {record.id}`, which asks for "
            "approval of the new plan, and approve that"
        )
    say(f"  digest   {result['digest']}")
    if any(shown.get(part) != result.get(part) for part in ("summary", "allows")):
        raise click.ClickException(
            "a name above has an external ID of this config in it and is left out, whatever it is: "
            "run it with --show-secrets, and look at that name, or reject it"
        )
    if not yes:
        confirmed(f"Approve this for {record.id}?")
    for key in write(stack, record, rejects=False, reason=reason):
        say(f"written: {key}")
    say(_told_by_another_plan(stack, record, author, timeout))


def _told_by_another_plan(
    stack: "Stack", record: "GrantRecord", author: "Author | None", timeout: float
) -> str:
    """What an approval that was written has come to; `author` uploaded what it is of.

    Raises
    ------
    ClickException
        When it does not count.
    """
    from latchkey.grants.pending import awaited
    from latchkey_cli.grants.waiting import user_id

    try:
        result = _planned(stack, record, timeout)
    except click.ClickException as error:
        return f"whether that counts is not known yet: {error.message}"
    needs = awaited(result)
    if needs and record.pending and result.get("digest") != record.pending.digest:
        return "another plan waits by now: a resource or the guardrails changed meanwhile"
    if not needs and record.status == "suspended":
        return f"approved; nobody is missing, and `latchkey resume {record.id}` grants it"
    if not needs:
        return f"approved; nobody is missing, and `latchkey show {record.id}` says when it is done"
    me, _, session = user_id(stack).partition(":")
    if not any({me, session.lower()} & {*need.given} for need in needs):
        why = f"{me} is in none of these groups"
        if author is None:
            why = "S3 has not told who uploaded this version; if this stays, have it uploaded again"
        elif author.user_id == me:
            why = "you, or somebody with your role, uploaded this version"
        raise click.ClickException(
            f"this approval does not count: {why}. It needs {', '.join(map(str, needs))}"
        )
    return f"approved; still needed: {', '.join(map(str, needs))}"


def _planned(stack: "Stack", record: "GrantRecord", timeout: float) -> dict[str, Any]:
    from latchkey_cli.grants.waiting import run_of_plan

    run = run_of_plan(stack, record, timeout)
    if run.failed or run.output.get("outcome") in ("rejected", "failed"):
        problems = [f"{one['path']}: {one['message']}" for one in run.output.get("problems") or ()]
        why = "; ".join(problems) or run.output.get("reason") or f"{run.error}: {run.cause}"
        raise click.ClickException(f"it cannot be granted as it is now: {why}")
    return run.output
