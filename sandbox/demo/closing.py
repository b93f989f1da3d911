"""What is said at the end of the story."""

HONEST = (
    "Not shown here, since moto does not do it: IAM's eventual consistency and quotas, resource "
    "policies and key policies of the buckets and secrets, service control policies. The sandbox "
    "checks trust policies, and the policies of sessions; everybody else may do everything."
)

NEXT = (
    ("make sandbox", "the same, left running; it says how to go on"),
    ("make samples cli", "what the sample configs name; the command line"),
    (".venv/bin/latchkey new", "asks for what a config needs, and writes it"),
    ("less docs/getting-started.md", "how to deploy it to AWS"),
)
