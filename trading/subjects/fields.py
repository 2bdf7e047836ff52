"""The fields of an organisation, as its own acts take them. None: unchanged."""

from typing import Any

from pydantic import Field, field_validator

from kernel.command import Cmd
from kernel.errors import Malformed, Text

KINDS = ("buyer", "agent", "supplier")
EMAIL = r"^[^@\s]{1,64}@[^@\s]{1,90}\.[^@\s.]{2,}$"


class Fields(Cmd):
    name: str | None = Field(default=None, min_length=2, max_length=120)
    name_en: str | None = Field(default=None, max_length=160)
    kinds: tuple[str, ...] | None = Field(default=None, min_length=1, max_length=3)
    address: str | None = Field(default=None, max_length=200)
    region: str | None = Field(default=None, pattern=r"^(\d{6})?$")
    contact: str | None = Field(default=None, max_length=80)
    phone: str | None = Field(default=None, pattern=r"^[0-9+() -]{0,32}$")
    email: str | None = Field(default=None, max_length=160, pattern=EMAIL)
    legal_person: str | None = Field(default=None, max_length=80)

    @field_validator("kinds")
    @classmethod
    def known_kinds(cls, kinds: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if kinds is not None and (set(kinds) - set(KINDS) or len(set(kinds)) != len(kinds)):
            raise ValueError("kinds")
        return kinds

    def values(self) -> dict[str, Any]:
        """What was given, ready for the row. Malformed when nothing was."""
        given = {name: getattr(self, name) for name in Fields.model_fields if getattr(self, name) is not None}
        if not given:
            raise Malformed("fields", Text("没有要更改的内容", "Nothing to change"))
        return given | ({"kinds": list(given["kinds"])} if "kinds" in given else {})
