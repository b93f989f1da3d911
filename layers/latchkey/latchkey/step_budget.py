"""How many bytes a run of the workflow may carry, and who may take up how many of them.

Step Functions fails a run whose state has more than 262,144 bytes of UTF-8 (developer guide,
"Service quotas": input or output of a task, state or execution), and no Catch sees it. So whatever
grows with a config has a share here, and cuts itself to it. Unless it says otherwise, a share is in
bytes of JSON.

At its largest a state holds the request, the plan, what was applied, and the result:

| run | shares |
|---|---|
| rejected | `SPARE`, `CONFIG`, `PROBLEMS` twice (plan, result), `LEAST_WORDS` |
| granted | `SPARE`, `CONFIG`, `OUTCOME`, which has `TAGS` four times, `DOCUMENTS` and `WORDS` |
| an order for many | `SPARE`, and `PORTION` grants of `GRANT` bytes |
"""

MOST = 262_144

SPARE = 12_144
"""The execution's name, an error's cause (2,000 characters), and braces."""

CONFIG = 65_536
"""An inline config; a larger one is rejected (docs/contract.md, "Partner config": 64 KiB)."""

OUTCOME = MOST - SPARE - CONFIG
"""A plan and what came of it, beside an inline config."""

PROBLEMS = 65_536
"""All problems of a config: they go through the workflow twice."""

TAGS = 16_384
"""Keys and values of all tags of a config: they go through the workflow four times."""

DOCUMENTS = 4 * (2_048 + 10_240)
"""A role's two documents: as it is, as it is to be, in the changes, in the result."""

SUMMARY = 12_288
DIFFERENCE = 32_768
ALLOWS = 16_384
WORDS = SUMMARY + DIFFERENCE + ALLOWS
"""A plan in words, where there is room for it; else each part has less."""

LEAST_WORDS = 4_096
"""A plan in words, however little room the rest leaves."""

PORTION = 200
"""Grants that an order for many looks at at once."""

GRANT = 512
"""One grant of a bulk order: its name, its run, and its outcome."""
