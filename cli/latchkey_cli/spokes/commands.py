"""What to run, and what comes next, to enrol an account or to take one off again."""

from shlex import quote

from latchkey_cli.aws.stack import Stack
from latchkey_cli.spokes.enrolment import parameters, regions, spoke_stack
from latchkey_cli.spokes.known import guardrails
from latchkey_cli.spokes.template import NAME, at_first


def commands(stack: Stack, account: str) -> str:
    """The commands of a stack by itself and of a stack set, then that of the hub."""
    name, hub = spoke_stack(stack), f"--stack {quote(stack.name)} --region {stack.region}"
    given = {one: value for one, value in parameters(stack).items() if value}
    overrides = " ".join(quote(f"{one}={value}") for one, value in given.items())
    pairs = " ".join(
        f"ParameterKey={one},ParameterValue={quote(value)}" for one, value in given.items()
    )
    alone = [
        f"aws cloudformation deploy --region {region} --stack-name {name} --template-file {NAME} "
        f"--capabilities CAPABILITY_NAMED_IAM --parameter-overrides {overrides}"
        for region in regions(stack)
    ]
    several = [
        f"aws cloudformation create-stack-set --region {stack.region} --stack-set-name {name} "
        f"--template-body file://{NAME} --capabilities CAPABILITY_NAMED_IAM "
        "--permission-model SERVICE_MANAGED "
        f"--auto-deployment Enabled=true,RetainStacksOnAccountRemoval=true --parameters {pairs}",
        f"aws cloudformation create-stack-instances --region {stack.region} --stack-set-name "
        f"{name} --regions {' '.join(regions(stack))} --deployment-targets "
        f"OrganizationalUnitIds=OU,Accounts={account},AccountFilterType=INTERSECTION",
    ]
    return "\n".join(
        [
            f"latchkey spokes template -o {NAME}",
            "",
            f"# Either a stack by itself, with credentials of account {account}:",
            *alone,
            "",
            "# Or a stack set, with those of the organization's management account or of a",
            "# delegated administrator; OU is the organizational unit, or the root's ID:",
            *several,
            "",
            "# Then, as whoever may write the hub's guardrails:",
            f"latchkey spokes allow {account} {hub}",
        ]
    )


def next_steps(stack: Stack, account: str, profile: str, *, allowed_there: bool) -> str:
    """What is left to do once the stack is there, with the account's own guardrails or without."""
    parameter = guardrails(stack)
    says = [
        f"  the account's owner says in {parameter.name} there what may be granted:",
        "  at first no custom statements, no account entries, no open ends",
    ]
    allowed = account in parameter.read()[0].allowed_accounts
    allow = f"latchkey spokes allow {account}   # as whoever may write {parameter.name} in the hub"
    return "\n".join(
        [
            "",
            "Next:",
            *([] if allowed else [f"  {allow}"]),
            f'  write "account": "{account}" into a config, and latchkey plan FILE',
            *(says if allowed_there else _missing(stack, account, parameter.name, profile)),
            "  latchkey spokes shows how the account is once the hourly drift check has read it",
        ]
    )


def _missing(stack: Stack, account: str, name: str, profile: str) -> list[str]:
    return [
        f"  account {account} has no guardrails in {name}, so nothing is granted",
        "  there until its owner writes them, such as those of spoke.yaml:",
        f"  aws ssm put-parameter --profile {quote(profile)} --region {stack.region} "
        f"--name {name} --type String --tier Intelligent-Tiering --value {quote(at_first())}",
    ]


def removal(stack: Stack) -> list[str]:
    """How a spoke's stacks are deleted, once nothing is granted there."""
    return [
        f"delete it there, or in its stack set: aws cloudformation delete-stack --stack-name "
        f"{spoke_stack(stack)} --region {region}"
        for region in regions(stack)
    ]
