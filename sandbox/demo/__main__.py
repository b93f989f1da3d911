"""`python -m sandbox.demo`: exit status 0 only when all that it says was found to hold."""

import sys

from sandbox import Sandbox
from sandbox.demo.screen import Screen
from sandbox.demo.story import Story


def main() -> int:
    """Start a sandbox on a free port and tell the story in it."""
    screen = Screen()
    screen.say("Starting the sandbox: the project's own template.yaml on an in-process AWS.")
    with Sandbox() as box:
        return Story(box, screen).tell()


if __name__ == "__main__":
    sys.exit(main())
