"""What is the same in every stand-in and never changes.

To be read in this order: `accounts`, `sites` (with their projects and types), `teams` (and groups),
`workflows`, `options`, `fields`, `screens`.
"""
