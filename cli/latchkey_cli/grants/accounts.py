"""The accounts of grants: of the index, of a record, and the names of roles in one of them."""

from collections.abc import Collection, Iterable

from latchkey.grant_id import GrantId
from latchkey.grants.intent import record_with
from latchkey.grants.record import GrantRecord
from latchkey_cli.aws.stack import Stack
from latchkey_cli.grants.config_fields import config_of


def account_of(record: GrantRecord, stack: Stack) -> str:
    """The account of a grant's role; where none was made, the one that its config names."""
    named = config_of(record).get("account")
    return record.account or (str(named) if named else stack.environment.account)


def shown_accounts(records: Iterable[GrantRecord], stack: Stack) -> dict[GrantId, str]:
    """The account of each grant, to be shown; empty texts where all are the stack's own."""
    found = {record.id: account_of(record, stack) for record in records}
    elsewhere = set(found.values()) - {stack.environment.account}
    return found if elsewhere else dict.fromkeys(found, "")


def on_record_in(stack: Stack, account: str | None = None) -> frozenset[GrantId]:
    """The grants that may have a role in an account, the stack's own if None."""
    own = stack.environment.account
    wanted = account or own
    live = {found.id for found in stack.live_grants.of_account(None if wanted == own else wanted)}
    begun = (stack.leases.unrecorded(found.id) for found in stack.live_grants.begun())
    records = filter(None, (record_with(log, None) for log in begun))
    return frozenset({*live, *(one.id for one in records if account_of(one, stack) == wanted)})


def role_names(stack: Stack, grants: Collection[GrantId], there: Collection[str]) -> frozenset[str]:
    """The names of the roles of grants, by the names of roles that are there.

    Only the record of a grant whose role has not the usual name is read.
    """
    usual = {grant: stack.naming.role_name(grant) for grant in grants}
    others = (stack.grants.get(grant) for grant, name in usual.items() if name not in there)
    arns = (record.role_arn for record in others if record and record.role_arn)
    return frozenset((*usual.values(), *(arn.rpartition("/")[2] for arn in arns)))
