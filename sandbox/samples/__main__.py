"""`python -m sandbox.samples`: prepare the sandbox at the port of SANDBOX_PORT."""

import os

from botocore.exceptions import BotoCoreError, ClientError

from sandbox.samples import prepare


def main() -> None:
    """Make what the samples name, and say what there is."""
    url = f"http://127.0.0.1:{os.environ.get('SANDBOX_PORT', '4599')}"
    try:
        made = prepare(url)
    except (BotoCoreError, ClientError, OSError) as error:
        raise SystemExit(f"no sandbox at {url} ({error}); start one with `make sandbox`") from error
    print(f"in the sandbox at {url} there are now: {', '.join(made)}")
    print(f"try: latchkey --endpoint-url {url} plan events/configs/s3_folder_and_secret.json")


if __name__ == "__main__":
    main()
