"""What forms of partners ask for about each resource: by name, by URL, by ARN, with its key."""

import re
from collections.abc import Iterable, Iterator

from latchkey.frozen import Frozen
from latchkey.iam.document import Document
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.values import listed
from latchkey.services.entry import Entry
from latchkey.services.registry import spec

_SID = re.compile(r"Access(\d+)(?!\d)")


class PastedResource(Frozen):
    """One resource: what it is, and the values for a form, each by what it is called."""

    title: str
    values: tuple[tuple[str, str], ...]


def pasted(
    access: Iterable[Entry], policy: Document | None, environment: AwsEnvironment
) -> Iterator[PastedResource]:
    """The resources of a config's `access`.

    Only the policy knows what was looked up: the ends of secrets' ARNs, and keys. Without it keys
    are left out.
    """
    for index, entry in enumerate(access):
        keys, arns = _in_policy(policy, index)
        for info in entry.assumed(environment):
            service = spec(entry.service)
            arn = next((one for one in arns if _is_whole(one, info.arn, service.arn.after)), None)
            arn = arn or info.arn
            values = [*service.pasted(entry.model_dump(), arn, environment)]
            if region := arn.split(":")[3] or environment.region:
                values.append(("Region", region))
            values += [("key ARN (AWS KMS)", key) for key in keys]
            yield PastedResource(service.title, tuple(values))


def _in_policy(policy: Document | None, index: int) -> tuple[list[str], list[str]]:
    """The keys and the other ARNs that the statements of one entry name."""
    keys, others = dict[str, None](), dict[str, None]()
    for statement in listed((policy or {}).get("Statement")):
        found = _SID.match(str(statement.get("Sid", "")))
        if not found or int(found[1]) != index:
            continue
        is_key = all(str(one).startswith("kms:") for one in listed(statement.get("Action")))
        (keys if is_key else others).update(dict.fromkeys(listed(statement.get("Resource"))))
    return [*keys], [*others]


def _is_whole(arn: str, known: str, after: str) -> bool:
    """Whether an ARN is the one that is known, with what AWS puts behind it."""
    return bool(after) and re.fullmatch(re.escape(known) + after, arn, re.ASCII) is not None
