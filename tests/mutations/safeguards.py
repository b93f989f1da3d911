"""The safeguards against loss and half-done work: without any one of them a test fails.

Each is taken away as a breakage, and only the tests named with it run.
"""

from tests.mutations.breakages import Breakage
from tests.mutations.history import HISTORY

_LEASES = "aws/leases.py"
_TABLE = "aws/grant_table.py"
_APPLYING = "workflow/apply.py"
_WORKFLOW = "statemachine"
_TEMPLATE = "."

_FAILURES = ("tests/integration/test_failures.py",)
_TAKEOVER = ("tests/integration/test_takeover.py",)
_SAFEGUARDS = ("tests/integration/test_safeguards.py",)
_APPLY = ("tests/unit/test_apply_plan.py",)
_TELLING = ("tests/integration/test_telling.py",)
_CONTRACT = ("tests/contract/test_workflow.py", "tests/contract/test_template.py")

SAFEGUARDS = (
    Breakage(
        "the lease",
        _LEASES,
        'free = "attribute_not_exists(lease_owner) OR lease_owner = :me OR lease_until < :now"',
        'free = "attribute_not_exists(nothing) OR lease_owner = :me OR lease_until < :now"',
        tests=_FAILURES,
    ),
    Breakage(
        "taking over an expired lease",
        _LEASES,
        "OR lease_until < :now",
        "OR (lease_until = :me AND lease_until < :now)",
        tests=_FAILURES,
    ),
    Breakage(
        "the lease renewed before anything is applied",
        _LEASES,
        '"lease_owner = :me AND lease_until >= :now"',
        '"attribute_not_exists(nothing) OR lease_owner = :me OR lease_until >= :now"',
        tests=_FAILURES,
    ),
    Breakage(
        "only its owner gives a lease back",
        _LEASES,
        'ConditionExpression="lease_owner = :me",\n'
        '                    ExpressionAttributeValues=serialized({":me": owner}),',
        "",
        tests=_SAFEGUARDS,
    ),
    Breakage(
        "a version that came before the lease was had is read inside the lease",
        "workflow/plan/config_loader.py",
        "        if context.unrecorded or not _untouched(reference, context.record):\n"
        "            file = self.files.newest(key)\n",
        "",
        tests=_SAFEGUARDS,
    ),
    Breakage(
        "the conditional write of the record",
        _TABLE,
        '"ConditionExpression": "lease_owner = :me",',
        '"ConditionExpression": "attribute_not_exists(nothing) OR lease_owner = :me",',
        tests=_FAILURES,
    ),
    Breakage(
        "an event is written once",
        _TABLE,
        '{"Put": {**name, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}',
        '{"Put": {**name, "Item": item}}',
        tests=("tests/integration/test_records.py",),
    ),
    Breakage(
        "what was recorded is begun no more",
        _TABLE,
        '"UpdateExpression": "REMOVE begun"',
        '"UpdateExpression": "REMOVE nothing"',
        tests=_SAFEGUARDS,
    ),
    Breakage(
        "what was begun is recorded by whoever comes next",
        "workflow/plan/diff.py",
        "if context.reference.earlier or context.unrecorded:",
        "if context.reference.earlier:",
        tests=_TAKEOVER,
    ),
    Breakage(
        "the refusal of foreign roles",
        "grants/plan.py",
        "if not observed.owned_by(stack, grant):",
        "if False:",
        tests=_FAILURES,
    ),
    Breakage(
        "the partial-batch answer of the function",
        "app.py",
        "for message in failed]}",
        "for message in failed[:0]]}",
        folder="functions/intake_config",
        tests=("tests/integration/test_intake.py",),
    ),
    Breakage(
        "the partial-batch answer in the template",
        "template.yaml",
        "            FunctionResponseTypes: [ReportBatchItemFailures]\n",
        "",
        folder=_TEMPLATE,
        tests=_CONTRACT,
    ),
    Breakage(
        "the dead-letter queue",
        "template.yaml",
        "        deadLetterTargetArn: !GetAtt ConfigDeadLetterQueue.Arn\n",
        "        deadLetterTargetArn: !GetAtt ConfigQueue.Arn\n",
        folder=_TEMPLATE,
        tests=_CONTRACT,
    ),
    Breakage(
        "a message that comes twice starts one run",
        "keys.py",
        'f"{message_id} {key}"',
        'f"{__import__("uuid").uuid4()} {key}"',
        tests=("tests/integration/test_intake.py",),
    ),
    Breakage(
        "reading back what was written",
        _APPLYING,
        "if observed and not plan_role(plan.desired, observed):",
        "if observed:",
        tests=_APPLY,
    ),
    Breakage(
        "reading back what was removed",
        _APPLYING,
        'if not self.iam.exists(plan.role or ""):',
        "if True:",
        tests=_APPLY,
    ),
    Breakage(
        "planning anew where IAM is not as planned for",
        _APPLYING,
        "changes = [*self._rest(plan, done), *self._again(plan)]",
        "changes = [*self._rest(plan, done)]",
        tests=_APPLY,
    ),
    Breakage(
        "the schedule before the role",
        "workflow/plan/diff.py",
        "        *plan_schedule(str(context.grant), ends, snapshot.schedule),\n"
        "        *(() if reported else plan_role(desired, observed)),\n",
        "        *(() if reported else plan_role(desired, observed)),\n"
        "        *plan_schedule(str(context.grant), ends, snapshot.schedule),\n",
        tests=("tests/integration/test_lifecycle.py", *_SAFEGUARDS),
    ),
    Breakage(
        "an external ID once made stays",
        "aws/external_ids.py",
        "SET external_id = if_not_exists(external_id, :candidate)",
        "SET external_id = :candidate",
        tests=_SAFEGUARDS,
    ),
    Breakage(
        "a file that another run looked at meanwhile is looked at again",
        "aws/config_files.py",
        '            "ConditionExpression": " AND ".join(conditions),\n',
        '            "ConditionExpression": "attribute_not_exists(nothing) OR grants = :grants",\n',
        tests=_SAFEGUARDS,
    ),
    Breakage(
        "a removed file that had granted nothing still has not when that is recorded",
        "aws/config_files.py",
        " AND attribute_not_exists(grants)",
        " AND attribute_not_exists(nothing)",
        tests=_SAFEGUARDS,
    ),
    Breakage(
        "one partner for one external ID",
        "aws/external_ids.py",
        '"attribute_not_exists(grants) OR partner = :partner"',
        '"attribute_not_exists(nothing)"',
        tests=_SAFEGUARDS,
    ),
    Breakage(
        "external IDs of a failed change are kept in mind",
        "workflow/failures.py",
        "maybe = tuple(sorted({*plan.state.external_ids, *plan.released}))",
        "maybe = plan.state.external_ids",
        tests=_TAKEOVER,
    ),
    Breakage(
        "a file is noted before its role is made",
        "workflow/plan/secure.py",
        "    return request.key\n",
        "    return None\n",
        tests=("tests/integration/test_convergence.py", "tests/integration/test_file_and_grant.py"),
    ),
    Breakage(
        "whoever a schedule wakes reads the grant again",
        "grants/lifecycle.py",
        "if ended := expired(config.expires_at, now):",
        'if ended := expired(now if reason == "expiry schedule" else config.expires_at, now):',
        tests=("tests/integration/test_expiry_and_sweep.py",),
    ),
    Breakage(
        "a version that expired before it was read ends the grant",
        "workflow/plan/config_loader.py",
        "min(now, file.modified)",
        "now",
        tests=("tests/integration/test_expiry_and_sweep.py",),
    ),
    Breakage(
        "who tells late looks whether a newer run has recorded since",
        "workflow/notify.py",
        "            self._catch_up(key, result)",
        "            pass",
        tests=_TELLING,
    ),
    Breakage(
        "the end of a grant that never was leaves no sheet",
        "workflow/notify.py",
        "if self.results.is_of(key, grant):",
        "if True:",
        tests=_TELLING,
    ),
    Breakage(
        "events that the bus does not take are no success",
        "aws/event_bus.py",
        'if answer["FailedEntryCount"]:',
        "if False:",
        tests=_TELLING,
    ),
    Breakage(
        "no external ID in what anybody may hear",
        "reports/outcome_event.py",
        'found = found.replace(text, "(external ID)")',
        "pass",
        tests=_TELLING,
    ),
    Breakage(
        "coalescing only what is settled",
        "grants/file_record.py",
        'wanting = item["outcome"] == "failed" or (',
        "wanting = False or (",
        tests=("tests/integration/test_coalescing.py",),
    ),
    Breakage(
        "register that forgets external IDs of the past",
        "jobs/register.py",
        "hidden = before.external_ids | {",
        "hidden = frozenset() | {",
        tests=("tests/integration/test_register.py",),
    ),
    Breakage(
        "register that writes over a newer one",
        "aws/register_files.py",
        '{"IfMatch": etag} if etag else {"IfNoneMatch": "*"}',
        "{}",
        tests=("tests/integration/test_register.py",),
    ),
    Breakage(
        "register that trusts events alone",
        "jobs/register.py",
        "or _differs(state, known.get(str(grant)))",
        "or str(grant) not in known",
        tests=("tests/integration/test_register.py",),
    ),
    Breakage(
        "register whose data can end their block",
        "reports/register/page.py",
        'for character in "<>&"',
        'for character in ">&"',
        tests=("tests/unit/test_register_page.py",),
    ),
    *HISTORY,
)
