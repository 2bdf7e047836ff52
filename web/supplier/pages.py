"""Everything a supplier sees: its bids, one bid's workspace, receipts, and the raw way in for ciphertext."""
from web.supplier import bids, keys, receipts, uploads

HANDLERS = [*bids.HANDLERS, *receipts.HANDLERS, *uploads.HANDLERS, *keys.HANDLERS]
