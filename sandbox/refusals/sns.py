"""What SNS refuses."""

import unicodedata

from sandbox.iam.request import Refusal, Request

_LESS_THAN = 100


def subject(request: Request) -> None:
    """Subjects have no line breaks or control characters, and less than 100 characters.

    https://docs.aws.amazon.com/sns/latest/api/API_Publish.html, "Subject".
    """
    text = request.parameters.get("Subject")
    if text is None:
        return
    control = any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in text)
    if not text or control or len(text) >= _LESS_THAN:
        raise Refusal("InvalidParameter", "Invalid parameter: Subject", 400)
