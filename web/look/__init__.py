"""The visual language: tokens, layers, icons and one Jinja macro per component."""
