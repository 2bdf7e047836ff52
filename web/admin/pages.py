"""Pages of the centre's staff."""
import web.admin.booking_forms  # noqa: F401  registers the forms
from web.admin import area, refunds, reviews, rooms, rooms_plan

HANDLERS = [*area.HANDLERS, *reviews.HANDLERS, *rooms.HANDLERS, *rooms_plan.HANDLERS, *refunds.HANDLERS]
