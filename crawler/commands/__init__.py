"""What people type. Each module with a `Command` is one; docs/commands.md shows them all.

Modules here are imported at every start of `scrapy`, whatever the command: what is heavy is imported where it is used.
"""
