"""Printed documents: a template and plain data become a PDF; the centre's key signs it."""
from kernel.documents.render import TEMPLATES, pdf, png
from kernel.documents.signing import sign

__all__ = ["TEMPLATES", "pdf", "png", "sign"]
