"""`python -m sandbox.samples.role_session NAME`: the access key of the session of a function.

`sam local invoke` hands the caller's credentials to the function. With this key it is held to its
role, as on AWS; only planning may write inline configs, say.
"""

import os
import sys

from botocore.exceptions import BotoCoreError, ClientError

from sandbox.connection import connect, function_key


def main(name: str) -> None:
    """Print the access key of the function with a physical name."""
    url = f"http://127.0.0.1:{os.environ.get('SANDBOX_PORT', '4599')}"
    try:
        print(function_key(connect(url, "lambda", "outside"), name))
    except (BotoCoreError, ClientError) as error:
        raise SystemExit(f"no function {name} in a sandbox at {url} ({error})") from error


if __name__ == "__main__":
    main(sys.argv[1])
