"""`latchkey group-id`: the unique ID of a role or a user, for a group of approvers."""

import click

from latchkey_cli.aws.target import Target


@click.command(name="group-id", short_help="Print the unique ID of a role or a user.")
@click.argument("name")
@click.pass_obj
def command(target: Target, name: str) -> None:
    """Print the unique ID of NAME, a role or an IAM user by name or ARN, for a group of approvers.

    A name may be given to another role one day; a unique ID never is. Roles of IAM Identity Center
    are named AWSReservedSSO_<permission set>_<digits>.
    """
    from botocore.exceptions import ClientError

    from latchkey.aws.error_codes import error_code
    from latchkey_cli.output.terminal import say

    iam, bare = target.open().client("iam"), name.rpartition("/")[2]
    looks = {
        "role": lambda: iam.get_role(RoleName=bare)["Role"],
        "user": lambda: iam.get_user(UserName=bare)["User"],
    }
    kinds = [kind for kind in looks if f":{kind}/" in name] or list(looks)
    found = []
    for kind in kinds:
        try:
            found.append(looks[kind]())
        except ClientError as error:
            if error_code(error) != "NoSuchEntity":
                raise
    if not found:
        raise click.ClickException(f"there is no role and no IAM user named {bare}")
    if len(found) > 1:
        raise click.ClickException(f"a role and a user are named {bare}: give the ARN")
    (one,) = found
    arn = str(one["Arn"])
    if name.startswith("arn:") and arn != name:
        raise click.ClickException(f"{name} is {arn}: give that ARN if you mean it")
    say(str(one.get("RoleId") or one.get("UserId")))
