"""The portal: everything that anybody may read without signing in."""
from web.public import dossiers, figures, home, ledger, notices, opendata, rulebook, scripts, status, tenders, verify

HANDLERS = [
    *home.HANDLERS, *tenders.HANDLERS, *dossiers.HANDLERS, *notices.HANDLERS, *rulebook.HANDLERS, *figures.HANDLERS, *ledger.HANDLERS, *verify.HANDLERS,
    *opendata.HANDLERS, *scripts.HANDLERS, *status.HANDLERS,
]
