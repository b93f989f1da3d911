"""On a schedule, or for a change that CloudTrail reports: have grants looked at again."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.iam.cloudtrail import IamCall
from latchkey.runtime.clock import now
from latchkey.runtime.observability import failures_logged, logger, metrics
from latchkey.runtime.wiring.jobs import account_check, drift_check, resource_watch

TOLD_BY_CLOUDTRAIL = "AWS API Call via CloudTrail"
ACCOUNT, ACCOUNTS = "check_account", "checked_accounts"
"""Of the reconcile workflow's input for accounts beside the stack's own: one, and all of them."""


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
@failures_logged
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """An event of CloudTrail, or any other, in; out come the grants whose run was started."""
    if event.get("detail-type") == TOLD_BY_CLOUDTRAIL:
        return _heard(event)
    if ACCOUNT in event:
        return _account(str(event[ACCOUNT]))
    if ACCOUNTS in event:
        return _accounts(event[ACCOUNTS], event["outcomes"])
    drifted = drift_check().check(now()).document()
    looked_at, accounts = drifted.pop("looked_at", ()), drifted.pop("accounts", ())
    _count(drifted)
    logger.info("checked", grants=drifted, looked_at=looked_at, accounts=len(accounts))
    return drifted


def _heard(event: dict[str, Any]) -> dict[str, Any]:
    if event["detail"].get("eventSource") != "iam.amazonaws.com":
        started = resource_watch().heard(event["detail"])
        logger.info("heard", grants=started)
        return {"started": started}
    call = IamCall.from_detail(event["detail"])
    heard = drift_check().heard(call, str(event["account"]), now()) if call else None
    logger.info("heard", grant=heard)
    return {"heard": heard}


def _account(account: str) -> dict[str, Any]:
    found, roles = account_check().check(account, now())
    drifted = found.document()
    drifted.pop("account")
    _count(drifted)
    metrics.add_metric(name="RolesUsedPercent", unit="Percent", value=roles.percent)
    logger.info("checked", account=account, grants=drifted)
    return {"account": account}


def _accounts(accounts: list[str], outcomes: list[dict[str, Any]]) -> dict[str, Any]:
    from latchkey.jobs.account_check import fail_for, not_checked

    failed = not_checked(accounts, outcomes)
    metrics.add_metric(name="AccountsNotChecked", unit="Count", value=len(failed))
    logger.info("checked accounts", accounts=len(accounts), failed=failed)
    fail_for(failed, len(accounts))
    return {"accounts": len(accounts)}


def _count(drifted: dict[str, Any]) -> None:
    for reason, found in drifted.items():
        name = f"Roles{reason.title()}" if reason == "unowned" else f"Grants{reason.title()}"
        metrics.add_metric(name=name.replace("_", ""), unit="Count", value=len(found))
