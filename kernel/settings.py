"""Settings from the environment: `MINGBIAO_…`. Defaults give a working centre in ./var on SQLite."""
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One installation is one centre. Amounts of bytes unless the name says otherwise."""

    model_config = SettingsConfigDict(env_prefix="MINGBIAO_")

    home: Path = Path("./var")
    database_url: str = ""
    blob_url: str = ""  # s3://bucket/prefix; empty: a folder under home
    font_path: str = ""  # folders with Chinese fonts for documents, separated by ':'
    smtp_url: str = ""  # smtp://user:password@host:port; empty: messages stay in the outbox
    mail_from: str = "noreply@localhost"
    sms_url: str = ""  # HTTP gateway that takes {"to","text"} as JSON
    witness_urls: str = ""  # add-checkpoint addresses, separated by spaces
    paper_limit: int = 50 * 2**20
    part_limit: int = 8 * 2**30
    sheet_limit: int = 20 * 2**20
    form_limit: int = 2**20
    argon_time: int = 3
    argon_memory_kib: int = 65536
    staff_idle_minutes: int = 15
    supplier_idle_minutes: int = 60
    secure_cookies: bool = True
    origin_url: str = Field(default="http://localhost:8000", description="address users see; passkeys are bound to its host")

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.home.resolve()}/mingbiao.db"
