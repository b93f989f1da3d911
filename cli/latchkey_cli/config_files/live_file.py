"""The file of a grant as it is in the config bucket now."""

import json
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]
from pathlib import Path

import click
from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code, translated
from latchkey.config.problem import ConfigRejected
from latchkey.config.strict_json import parse_object
from latchkey.grant_id import GrantId
from latchkey.keys import usual_config_key
from latchkey_cli.aws.stack import Stack
from latchkey_cli.config_files.json_positions import scan
from latchkey_cli.config_files.source import ConfigSource
from latchkey_cli.grants.names import no_grant

_FIELD = "/expires_at"


@dataclass(frozen=True)
class LiveFile:
    """The newest version of a file; `tag` is its entity tag."""

    key: str
    tag: str
    body: bytes


def live_file(stack: Stack, grant: GrantId) -> LiveFile:
    """The newest version of a grant's file, accepted or not.

    Raises
    ------
    ClickException
        If there is no such grant, it came without a file, or the file was removed.
    """
    record = stack.grants.get(grant)
    if record and record.inline:
        raise click.ClickException(
            f"{grant} was granted without a file, by an inline config; `latchkey show {grant} "
            "--json` has it"
        )
    key = (record.config_key if record else None) or usual_config_key(grant)
    found = file_at(stack, key)
    if found is None:
        gone = f"the file of {grant}, {key}, was removed; apply one to grant it anew"
        raise click.ClickException(gone if record else no_grant(grant, stack))
    return found


def file_at(stack: Stack, key: str) -> LiveFile | None:
    """The newest version of the file of a key, or None."""
    with translated(f"read {key}"):
        try:
            answer = stack.client("s3").get_object(Bucket=stack.output("ConfigBucketName"), Key=key)
        except ClientError as error:
            if error_code(error) in ("NoSuchKey", "404"):
                return None
            raise
        return LiveFile(key, answer["ETag"], answer["Body"].read())


def with_expiry(live: LiveFile, until: str) -> tuple[ConfigSource, str]:
    """The file with another end, and every other byte as it was; and the end that it has now.

    The one takes the place of the other, unless somebody changes that meanwhile.

    Raises
    ------
    ClickException
        If the file is no JSON object, or has no end to change.
    """
    try:
        document = parse_object(live.body)
    except ConfigRejected as rejected:
        raise click.ClickException(f"{live.key} cannot be renewed: {rejected}") from rejected
    if document.get("confirm_every_days") is not None:
        named = GrantId.named(document.get("partner"), document.get("grant", "main"))
        how = f"confirm it: latchkey confirm {named or 'GRANT'} --reason …"
        raise click.ClickException(f"{live.key} has no fixed end to renew; {how}")
    if not isinstance(document.get("expires_at"), str):
        raise click.ClickException(f"{live.key} has no `expires_at` that could be changed")
    text = live.body.decode("utf-8")
    begin = scan(text).nodes[_FIELD].value
    _, end = scanstring(text, begin + 1, True)
    body = (text[:begin] + json.dumps(until) + text[end:]).encode()
    changed = document | {"expires_at": until}
    source = ConfigSource(Path(live.key), body, changed, replaces=live.tag)
    return source, document["expires_at"]
