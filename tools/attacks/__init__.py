"""Attacks on a running stack, by who makes them: each tries something, and asserts what must hold.

To add an attack, write a function with `@attack` in its attacker's module; its docstring says what
is tried. To add an attacker, write a module with `run = suite(__name__)`, and name it in
`__main__`. Attackers have real sessions (boto3, credentials of STS) that the sandbox holds to their
policies; `Ground` makes them.
"""
