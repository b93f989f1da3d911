"""The hand-off sheet: what a partner needs to use its grant, and nothing else of this account.

`contents` says what is true, `trying` how to see that it works, `snippets` what to paste, `sheet`
puts them in order, `markdown` and `html` write that down.
"""
