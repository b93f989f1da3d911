"""Contacts of owners that nobody can be reached by, or that would act on a page."""

CONTACTS = (
    "platform",
    "@platform",
    "platform@",
    "platform@localhost",
    "Platform <platform@example.com>",
    "a@example.com,b@example.com",
    "platform@example.com\nBcc: x@example.com",
    "platform@ex\u0430mple.com",
    "javascript:alert(1)",
    "data:text/html,x",
    "//example.com",
    "ftp://example.com",
    "https://",
    "https://example.com@evil.example.net/",
    "https://user:pass@example.com/",
    'https://example.com/"onmouseover=alert(1)',
    "https://example.com/<script>",
    "https://example.com/a b",
    "https://example.com/\u202e",
    "https://-example.com/",
    "https://example..com/",
    "https://example.com:port/",
    "https://example.com\\evil",
    "https://example.com/" + "x" * 240,
)
"""What is neither an address nor a URL that can be opened as it stands."""
