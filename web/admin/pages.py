"""Pages of the centre's staff."""
import web.admin.booking_forms
import web.admin.incidents  # noqa: F401  registers the forms
from web.admin import area, refunds, reviews, rooms

HANDLERS = [*area.HANDLERS, *reviews.HANDLERS, *rooms.HANDLERS, *refunds.HANDLERS]
