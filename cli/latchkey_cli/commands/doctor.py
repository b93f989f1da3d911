"""`latchkey doctor`: checks the health of the stack."""

import sys

import click

from latchkey_cli.aws.target import Target

_STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red", "skipped": "dim"}


@click.command(short_help="Check whether the stack is healthy.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(target: Target, as_json: bool) -> None:
    """Check the stack, from the queue to the alarms. This command only reads.

    Exits with 1 if a check fails. Checks that are not possible here are skipped.
    """
    from dataclasses import asdict

    from latchkey_cli.health_checks.checks import run_checks
    from latchkey_cli.output.terminal import print_json, say, say_parts

    stack = target.open()
    stack.output("GrantWorkflowArn")  # an error here ends the command
    results = []
    for name, result in run_checks(stack):
        results.append((name, result))
        if not as_json:
            status = (f"{result.status:<8}", _STYLES[result.status])
            say_parts(status, (f"{name:<15}{result.text}", ""))
            if result.advice:
                say(f"{'':23}{result.advice}", style="dim")
    if as_json:
        print_json([{"check": name, **asdict(result)} for name, result in results])
    sys.exit(1 if any(result.status == "fail" for _, result in results) else 0)
