"""What STS refuses."""

from sandbox.iam.request import Refusal, Request
from sandbox.refusals import tags


def session_tags(request: Request) -> None:
    """At most 50 session tags, with keys and values as IAM takes them.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, "Tags.member.N".
    """
    asked = request.parameters.get("Tags") or []
    tags.check(asked)
    if len(asked) > tags.MOST:
        text = (
            f"1 validation error detected: Value '{len(asked)} tags' at 'tags' failed to satisfy "
            f"constraint: Member must have length less than or equal to {tags.MOST}"
        )
        raise Refusal("ValidationError", text)
