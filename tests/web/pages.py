"""A browser without scripts for tests of pages: reads HTML, keeps cookies, sends forms with their token."""
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from litestar.testing import TestClient

from kernel.centre import Centre
from kernel.identity.records import Person
from tests.worlds.readers import site

TOKEN = re.compile(r'name="_csrf_token" value="([^"]+)"')


class Reader:
    """One visitor. get and send give the answer without following where it leads."""

    def __init__(self, client: Any, lang: str = "zh") -> None:
        self.client, self.lang = client, lang
        client.cookies.set("lang", lang)

    def get(self, path: str) -> Any:
        return self.client.get(path, follow_redirects=False)

    def send(self, path: str, page: str, **values: Any) -> Any:
        """Posts to path with the token that stands on the page."""
        found = TOKEN.search(self.get(page).text)
        assert found, f"{page} has no form"
        return self.client.post(path, data={"_csrf_token": found[1], **values}, follow_redirects=False)

    def sign_in(self, centre: Centre, person: str, area: bool = False) -> "Reader":
        """By one click, as the person with this id or log-in name."""
        with centre.reading() as session:
            row = session.get(Person, person)
        answer = self.send("/sign-in", "/sign-in", kind="rehearsal", login=row.login if row else person, next="/me", **({"area": "yes"} if area else {}))
        assert answer.status_code == 303, answer.text
        return self


@contextmanager
def reader(centre: Centre, lang: str = "zh") -> Iterator[Reader]:
    with TestClient(site(centre)) as client:
        yield Reader(client, lang)
