"""The hand-off sheet: what a partner needs to use its grant, and nothing else of this account.

`contents` says what is true, `pasted` what forms ask for, `trying` how to see that it works,
`snippets` what engineers paste. `letter` and `sheet` put them in order as `blocks`, which
`markdown` and `html` write down.
"""
