"""A person's way in and own pages."""
from web.account import letters, me, rehearsal, sign_in, subject

HANDLERS = [*sign_in.HANDLERS, *me.HANDLERS, *rehearsal.HANDLERS, *subject.HANDLERS, *letters.HANDLERS]
