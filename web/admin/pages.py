"""Pages of the centre's staff."""
import web.admin.booking_forms
import web.admin.green_acts
import web.admin.incidents  # noqa: F401  registers the forms
from web.admin import area, green, refunds, reviews, rooms, rooms_booking, rooms_move, rooms_plan, rooms_use, rooms_week

HANDLERS = [*area.HANDLERS, *green.HANDLERS, *reviews.HANDLERS, *rooms.HANDLERS, *rooms_booking.HANDLERS, *rooms_move.HANDLERS, *rooms_plan.HANDLERS, *rooms_week.HANDLERS, *rooms_use.HANDLERS, *refunds.HANDLERS]
