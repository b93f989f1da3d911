"""Who wrote the versions of config files, as S3 told intake.

Each version of a file has an item of its own, which is written once and which only intake may
write: neither what a run is started with nor who starts it has a say in it, and a version has the
author that S3 named, whichever run reads it (docs/decisions/0058-authors.md).
"""

from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code, translated
from latchkey.aws.table import Item, Table, serialized
from latchkey.grants.author import Author
from latchkey.keys import author_partition, author_sort_key


class Authors:
    """Notes and reads the authors of files' versions."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def note(self, key: str, version: str, author: Author) -> None:
        """Note who wrote a version; what is noted stays, however often it is told."""
        item = {"pk": author_partition(key), "sk": author_sort_key(version), **author.document()}
        with translated(f"note the author of {key}"):
            try:
                self._table.client.put_item(
                    TableName=self._table.name,
                    Item=serialized(item),
                    ConditionExpression="attribute_not_exists(pk)",
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise

    def of(self, key: str, version: str | None) -> Author | None:
        """Who wrote a version of a file; None where S3 has not told (yet)."""
        if version is None:
            return None
        return author_in(self._table.get(author_partition(key), author_sort_key(version)))


def author_in(item: Item | None) -> Author | None:
    """The author that an item of the table names."""
    return Author.from_document(item) if item else None
