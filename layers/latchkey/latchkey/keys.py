"""Every name that Latchkey makes: of files in its buckets, items in its table, and runs.

Users and IAM policies rely on them (docs/contract.md; conditions on `dynamodb:LeadingKeys`).
"""

import hashlib

from latchkey.grant_id import GrantId

CONFIG_PREFIX = "partners/"
CONFIG_SUFFIX = ".json"

RESULT = ".result.json"
RESULT_TEXT = ".result.md"
SHEET = ".handoff.md"
SHEET_PAGE = ".handoff.html"
_LONGEST_ENDING = max(RESULT, RESULT_TEXT, SHEET, SHEET_PAGE, key=len)

INLINE_CONFIGS = "inline/"
"""In the config bucket, where planning writes the configs that came with the workflow's input."""

APPROVALS, REJECTING = "approvals/", "reject/"
"""In the config bucket, where everybody may write under their own `aws:userid` only."""

APPROVER_GROUP = r"[a-z][a-z0-9-]{0,31}"

LONGEST_KEY = 1024
"""Bytes in UTF-8 (S3 user guide, "Naming Amazon S3 objects")."""

INLINE = "workflow/"
MISPLACED = "misplaced/"
LONG = "long/"
"""In the results bucket, where what is not beside a config stands; no config's key begins so."""

LONGEST_SESSION_NAME = 64

STATE, LEASE, USED = "STATE", "LEASE", "USED"
CLAIM = "CLAIM"
EXTERNAL_ID = "EXTERNAL_ID"
ROLE_NAME = "ROLE_NAME"
SCOPE = "SCOPE"
EVENT = "EVENT#"
SWEEP, ROUND = "SWEEP", "ROUND"
ACCOUNT = "ACCOUNT"
CHAIN = "CHAIN"
ACCESS = "ACCESS#"
AUTHOR = "AUTHOR#"
VERSION = "VERSION#"
OF_GRANT = "GRANT#"


def is_config_key(key: str) -> bool:
    """Whether a file of the config bucket is a partner config, by its key."""
    return key.startswith(CONFIG_PREFIX) and key.endswith(CONFIG_SUFFIX)


def usual_config_key(grant: GrantId) -> str:
    """Where a grant's config goes when nobody says where."""
    return f"{CONFIG_PREFIX}{grant.partner}/{grant.grant}{CONFIG_SUFFIX}"


def inline_config_key(grant: GrantId) -> str:
    """Where the config of a grant is that came with the workflow's input."""
    return f"{INLINE_CONFIGS}{grant}{CONFIG_SUFFIX}"


def approval_prefix(group: str, grant: GrantId, digest: str) -> str:
    """What the keys of a group's approvals of a desired state begin with."""
    return f"{APPROVALS}{group}/{grant}/{digest}/"


def config_place(key: str | None, grant: GrantId | None) -> str | None:
    """The key that says which scope a config is of: its file's or, inline, where it is kept."""
    return key or (inline_config_key(grant) if grant else None)


def result_stem(config_key: str | None, grant: GrantId | None) -> str | None:
    """What the keys of a config's results or, without a config, of a grant's begin with.

    The stems of any two keys or grants differ, and none followed by one of the endings above is
    another followed by one, so that nobody's upload writes over the files of somebody else's.

    - `partners/x/y.json`: `partners/x/y`
    - a key that no config may have: below `misplaced/`, the whole key
    - one that leaves no room for the longest ending: below `long/`, its SHA-256 in hexadecimal
    - workflow input: `workflow/<partner>.<grant>`
    """
    if not config_key:
        return f"{INLINE}{grant}" if grant else None
    if is_config_key(config_key):
        stem = config_key.removesuffix(CONFIG_SUFFIX)
    else:
        stem = f"{MISPLACED}{config_key}"
    raw = config_key.encode("utf-8", "surrogatepass")
    fits = len(stem.encode("utf-8", "surrogatepass")) + len(_LONGEST_ENDING) <= LONGEST_KEY
    return stem if fits else f"{LONG}{hashlib.sha256(raw).hexdigest()}"


def beside_result(key: str, ending: str) -> str:
    """The key of another file that belongs to a result."""
    return key.removesuffix(RESULT) + ending


def result_key(config_key: str | None, grant: GrantId | None, ending: str = RESULT) -> str | None:
    """Where a result or, by its ending, a file that belongs to it goes, if anywhere.

    `partners/x/y.json` gives `partners/x/y.result.json`; `result_stem` has the other keys.
    """
    stem = result_stem(config_key, grant)
    return stem + ending if stem else None


def plan_key(run: str) -> str:
    """Where the plan workflow's result goes: to a place of its own, beside no config's result."""
    return f"plans/{run}{RESULT}"


def grant_partition(grant: GrantId) -> str:
    """The partition key of all items of a grant."""
    return f"GRANT#{grant}"


def account_partition(account: str) -> str:
    """The partition key of what is known of an account beside the stack's own."""
    return f"{ACCOUNT}#{account}"


def file_partition(key: str) -> str:
    """The partition key of all items of a config file."""
    return f"CONFIG#{key}"


def author_partition(key: str) -> str:
    """The partition key of who wrote the versions of a config file."""
    return f"{AUTHOR}{key}"


def author_sort_key(version: str) -> str:
    """The sort key of who wrote a version, by S3's version ID."""
    return f"{VERSION}{version}"


def claim_partition(external_id: str) -> str:
    """The partition key of the claim on an external ID."""
    return f"{EXTERNAL_ID}#{external_id}"


def scope_partition(partner: str) -> str:
    """The partition key of the claim on a partner, of the scope that used it first."""
    return f"{SCOPE}#{partner}"


def role_name_partition(account: str, name: str) -> str:
    """The partition key of the claim on the name of a role, which is the same in any case."""
    return f"{ROLE_NAME}#{account}#{name.lower()}"


def partner_partition(partner: str) -> str:
    """The partition key of the names of a partner's grants."""
    return f"PARTNER#{partner}"


def resource_partition(name: str) -> str:
    """The partition key of the grants that named a resource (`<service>:<name>`)."""
    return f"RESOURCE#{name}"


def lease_partition(grant: GrantId) -> str:
    """The partition key of a grant's lease, with its intent log."""
    return f"{LEASE}#{grant}"


def use_partition(grant: GrantId) -> str:
    """The partition key of when a grant was last used."""
    return f"{USED}#{grant}"


def plan_partition(run: str) -> str:
    """The partition key of what a run planned."""
    return f"PLAN#{run}"


def applied_partition(run: str) -> str:
    """The partition key of what a run's changes came to."""
    return f"APPLIED#{run}"


def event_sort_key(at: str, run: str) -> str:
    """The sort key of an event: in the order of time (`times.stamp`), and once per run."""
    return f"{EVENT}{at}#{run}"


def access_sort_key(at: str, run: str) -> str:
    """The sort key of what a grant allows from a time on."""
    return f"{ACCESS}{at}#{run}"


def run_of(execution: str) -> str:
    """The name of a run, by the ARN of its execution."""
    return execution.rsplit(":", 1)[-1]


def session_name(run: str) -> str:
    r"""What a run's sessions in other accounts are called, so that their CloudTrail names the run.

    64 of `[\w+=,.@-]` at most (STS API reference, AssumeRole); what is longer, or has others, is
    told apart by a digest.
    """
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "_+=,.@-") else "-" for c in run)
    if plain == run and 2 <= len(run) <= LONGEST_SESSION_NAME:
        return run
    digest = hashlib.sha256(run.encode()).hexdigest()[:12]
    return f"{plain[: LONGEST_SESSION_NAME - 13]}-{digest}"


def file_run_prefix(key: str) -> str:
    """What the names of all runs for a config file begin with, and few others do."""
    stem = key.removeprefix(CONFIG_PREFIX)
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in stem)
    return f"file-{plain[:50]}-"


def file_run(key: str, message_id: str) -> str:
    """The run for a config file; a message that is delivered twice names the same one."""
    digest = hashlib.sha256(f"{message_id} {key}".encode()).hexdigest()[:16]
    return f"{file_run_prefix(key)}{digest}"


def grant_run(reason: str, grant: GrantId, once: object) -> str:
    """The name of a run that checks a grant; `once` distinguishes runs of one reason."""
    return f"{reason}-{grant}-{once}"


def approval_run(grant: GrantId, key: str, message_id: str) -> str:
    """The run that counts a grant's approvals; a message that comes twice names the same one."""
    digest = hashlib.sha256(f"{message_id} {key}".encode()).hexdigest()[:16]
    return grant_run("approval", grant, digest)


def order_suffix(execution: str) -> str:
    """What the runs of an order for many end with, so that ordering twice names the same ones.

    The workflow names them `grant_run("order", grant, order_suffix(execution))`.
    """
    return hashlib.sha256(execution.encode()).hexdigest()[:12]


def follow_up_run(grant: GrantId, planned_at: str) -> str:
    """The run that follows another, which was planned at a time (`times.stamp`)."""
    return grant_run("check", grant, "".join(filter(str.isdigit, planned_at)))
