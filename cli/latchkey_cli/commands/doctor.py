"""`latchkey doctor`: checks the health of the stack."""

import sys

import click

from latchkey_cli.target import Target

_STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red", "skipped": "dim"}


@click.command(short_help="Check whether the stack is healthy.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(target: Target, as_json: bool) -> None:
    """Check the stack, from the queue to the alarms. This command only reads.

    Exits with 1 if a check fails. Checks that are not possible here are skipped.
    """
    from dataclasses import asdict

    from latchkey_cli.examining.examination import examine
    from latchkey_cli.output import console, print_json

    stack = target.open()
    stack.output("GrantWorkflowArn")  # no stack, no checks
    out, verdicts = console(), []
    for name, verdict in examine(stack):
        verdicts.append((name, verdict))
        if not as_json:
            out.print(f"{verdict.status:<8}", style=_STYLES[verdict.status], end="")
            out.print(f"{name:<13}{verdict.text}", soft_wrap=True)
            if verdict.advice:
                out.print(f"{'':21}{verdict.advice}", style="dim", soft_wrap=True)
    if as_json:
        print_json([{"check": name, **asdict(verdict)} for name, verdict in verdicts])
    sys.exit(1 if any(verdict.status == "fail" for _, verdict in verdicts) else 0)
