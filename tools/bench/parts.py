"""The parts of the bench: what each measures becomes rows of the report."""

import json
from collections import Counter
from pathlib import Path

from tests.kit.stack.spokes import SPOKES
from tools.bench import burst as bursting
from tools.bench import calls as calling
from tools.bench import cold as cold_start
from tools.bench import cost as costing
from tools.bench import drifting, filing, memory, sweeping
from tools.bench import planning as pure
from tools.bench import quotas as limits
from tools.bench import sizes as weighing
from tools.bench import spokes as elsewhere
from tools.bench import urgency as urgent
from tools.bench import warm as running
from tools.bench.report import Report, Row
from tools.bench.rounds import measure as a_day_of

_HELD = json.loads(Path(__file__).with_name("calls.json").read_text())


def calls(report: Report, _: bool) -> None:
    """Calls of AWS by operation, exactly, and why each is needed."""
    for operation in calling.OPERATIONS:
        run = calling.counted(operation)
        writes, before, proof = operation.iam
        name, part = operation.name, "AWS calls"
        add = report.add
        add(Row(part, f"{name}: IAM writes", len(run.iam_writes), "", None, writes, exact=True))
        reads = calling.iam_reads(run)
        add(Row(part, f"{name}: IAM reads", reads, "", None, before + proof, exact=True))
        others = calling.others(run)
        add(Row(part, f"{name}: all others", others, "", None, operation.others, exact=True))
        add(
            Row(
                part,
                f"{name}: to notify of it, once it is recorded",
                len(run.notify_calls),
                "",
                exact=True,
            )
        )
        if calling.made(run) != _HELD[name]:
            report.fail(f"{name} does not make the calls in calls.json: {calling.made(run)}")
        there = calling.counted(operation, SPOKES[0])
        if calling.made(there) != calling.expected_elsewhere(operation, there):
            report.fail(f"{name} elsewhere makes others than expected: {calling.made(there)}")
        here, all_there = (len(one.calls) + len(one.notify_calls) for one in (run, there))
        more = f"{name}: all in another account, next to here"
        add(Row(part, more, all_there, "", here, None, exact=True))
        for call, number in sorted(Counter(run.calls + run.notify_calls).items()):
            print(f"      {number} {call:36} {calling.WHY.get(call, 'NO REASON GIVEN')}")


def sizes(report: Report, _: bool) -> None:
    """Layers and functions as built."""
    found = weighing.measure()
    held = json.loads(weighing.HELD.read_text())
    for name, size in found.items():
        report.add(Row("sizes", name, size / 1e6, "MB", held[name] / 1e6, 1.01, exact=True))
    report.fail(*weighing.grown(found))


def cold(report: Report, full: bool) -> None:
    """Cold starts by processor time, and memory."""
    part = "cold start, against boto3 with the same clients"
    found = list(cold_start.measure(9 if full else 3))
    for start in found:
        name = f"{start['function'].removesuffix('Function')} ({len(start['clients'])} clients)"
        report.add(Row(part, name, start["ms"], "ms", start["floor_ms"], start["limit"]))
    for start in found:
        name = start["function"].removesuffix("Function")
        report.add(
            Row(
                "memory after a cold start",
                name,
                start["memory_mb"],
                "MB",
                start["floor_memory_mb"],
            )
        )
    report.more["cold"] = {start["function"]: start for start in found}


def warm(report: Report, full: bool) -> None:
    """Handler code against the same calls one after another."""
    for delay, rounds in ((0, 20 if full else 10), (80, 5 if full else 2)):
        part = f"warm path, {delay} ms added to each call"
        for found in running.measure(delay, rounds):
            limit = 1.25 if delay == 0 else 0.7 if found["operation"] == "create" else None
            row = Row(part, found["operation"], found["ms"], "ms", found["floor_ms"], limit)
            report.add(row)


def planning(report: Report, full: bool) -> None:
    """Pure planning, as multiples of parsing the same file."""
    for entries in (1, 20):
        base = 0.0
        for name, call in pure.operations(pure.config_file(entries)):
            took = pure.best(call, 0.5 if full else 0.05) * 1e6
            base = base or took
            report.add(
                Row(f"planning, {entries} entries, against json.loads", name, took, "µs", base)
            )


def scale(report: Report, full: bool) -> None:
    """What the sweep and the drift check read."""
    floor = None
    for live in (1_000, 10_000, 100_000) if full else (1_000, 10_000):
        scanned, seconds = sweeping.sweep(live)
        items = float(sum(scanned))
        floor = floor or items
        name = f"sweep, {live:,} live, {sweeping.DUE} due ({seconds:.2f} s, moto's)"
        report.add(Row("items read", name, items, "items", floor, 2.0, exact=True))
    for roles in (1_000, 10_000, 100_000) if full else (300,):
        found = drifting.measure(roles)
        name = f"drift, {roles:,} roles, {drifting.CHANGED} changed ({found['seconds']:.1f} s)"
        most = found["most_pages"]
        report.add(Row("calls", f"{name}: pages", found["pages"], "", None, most, exact=True))
        started = found["started"]
        limit = drifting.CHANGED
        report.add(Row("calls", f"{name}: runs started", started, "", None, limit, exact=True))
    round_ = a_day_of(5_000)
    name = f"daily round, {round_['looks']:,} looks, spread over {round_['minutes']:,} minutes"
    report.add(Row("calls", f"{name}: all", round_["calls"], "", None, 13 * 5_000, exact=True))
    report.add(Row("calls", f"{name}: cost", round_["usd_a_day"], "USD a day", None, 2.0))
    for what in ("iam", "s3"):
        share = 100 * round_[f"{what}_share"]
        most = f"{name}: busiest minute, of {what.upper()}'s rate"
        report.add(Row("calls", most, share, "%", None, 10.0, exact=True))
    files = 5_000 if full else 300
    counted = filing.measure(files)
    name = f"file check, {files:,} files ({counted['seconds']:.1f} s)"
    for what in ("listed", "records"):
        most = counted[f"most_{what}"]
        report.add(Row("calls", f"{name}: {what}", counted[what], "", None, most, exact=True))


def spokes(report: Report, full: bool) -> None:
    """What sweep and drift check read where there are many other accounts."""
    accounts, live, due = (250, 10_000, 25) if full else (10, 400, 5)
    base, of_base = elsewhere.sweep(accounts, live, due), accounts + due
    for what, more in (
        ("", (accounts, live, due)),
        (", 10 times as many due", (accounts, live, 10 * due)),
        (", 10 times as many live", (accounts, 10 * live, due)),
        (", a tenth of the accounts", (accounts // 10, live, due)),
    ):
        found = elsewhere.sweep(*more) if what else base
        name = f"sweep, {accounts} accounts, {live:,} live, {due} due{what}"
        most = (more[0] + more[2]) / of_base
        report.add(Row("items", name, found["items"], "", base["items"], most, exact=True))
        report.add(Row("calls", name, found["queries"], "", None, more[0] + 1, exact=True))
    for number, each in ((accounts, live // accounts), (5, 400) if full else (2, 120)):
        checked = elsewhere.drift(number, each)
        name = f"drift, {number} accounts with {each} roles each ({checked['seconds']:.1f} s)"
        queries, runs = checked["home_queries"], checked["started"]
        pages = -(-each // 100)
        most = sum(elsewhere.CHECK.values()) + 2 * pages - 1 if pages > 1 else 8
        of_one = sum(checked["unchanged"].values())
        add = report.add
        add(Row("calls", f"{name}: queries in the hub", queries, "", None, number + 2, exact=True))
        add(Row("calls", f"{name}: of an account as it was", of_one, "", None, most, exact=True))
        add(Row("calls", f"{name}: runs", runs, "", None, elsewhere.CHANGED, exact=True))


def burst(report: Report, full: bool) -> None:
    """Many uploads at once."""
    found = bursting.measure(1_000 if full else 40)
    part = f"burst of {found['grants']:,} uploads, against one alone"
    report.add(Row(part, "calls per grant", found["calls"], "", found["floor_calls"], 1.05))
    report.add(Row(part, "seconds per grant", found["seconds"], "s", found["floor_seconds"], 1.0))


def urgency(report: Report, full: bool) -> None:
    """Orders that take access away, amid uploads."""
    uploads = 300 if full else 120
    part = f"orders amid {uploads} uploads: those that ended meanwhile"
    for found in urgent.measure(uploads, warm=4.0 if full else 2.0):
        name, limit = found["order"], urgent.MOST - 1
        before = f"{name}, until its first IAM call"
        report.add(Row(part, before, found["before_iam"], "", None, limit, exact=True))
        done = f"{name}, until done ({found['seconds']:.1f} s)"
        report.add(Row(part, done, found["before_done"], ""))
        if found["left"] < urgent.MOST:
            report.fail(f"{name}: only {found['left']} uploads were left to be overtaken")


def cost(report: Report, full: bool) -> None:
    """Money, and the table that memory sizes were chosen by."""
    for found in costing.measure():
        part = f"{found['what']} for a year ({costing.AS_OF})"
        report.add(Row(part, f"{found['goes_to']} ({found['share']:.0%})", found["usd"], "USD"))
    starts = report.more.get("cold") or {s["function"]: s for s in cold_start.measure(2)}
    steps = {
        "plan_grant": "PlanGrantFunction",
        "grant_access": "GrantAccessFunction",
        "record_outcome": "RecordOutcomeFunction",
    }
    colds = {step: starts[function]["ms"] for step, function in steps.items()}
    for found in memory.table(memory.measured(20 if full else 6), colds):
        name = f"{found['step']}, {found['memory_mb']} MB: {found['ms']:.0f} ms, cold"
        part = "memory sizes, by model (USD per 1,000 beside)"
        report.add(Row(part, f"{name} ({found['usd_per_1000']:.4f} USD)", found["cold_ms"], "ms"))


def quotas(report: Report, _: bool) -> None:
    """How many accounts, and how long."""
    for found in limits.measure(1_000, 10_000, 100_000, 1_000_000):
        name = f"{found['grants']:,} grants: {found['accounts']} accounts"
        part = "minutes to create, simulated; floor: one account without a quota of roles"
        report.add(Row(part, name, found["sharded_minutes"], "min", found["one_account_minutes"]))
    for found in limits.measure_hub(10_000, 250):
        name = f"10,000 in 250 accounts, {found['concurrency']} at once: {found['binds']}"
        report.add(Row("minutes to create in a hub, simulated", name, found["minutes"], "min"))
