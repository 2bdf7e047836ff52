"""The desk of everybody, and the tenders of buyers and agencies."""
import web.agent.committee
import web.agent.drafting
import web.agent.running
import web.agent.scoring
import web.agent.stopping
import web.buyer.acts  # noqa: F401  registers the forms
from web.agent import contribution, desk, free, projects

HANDLERS = [*desk.HANDLERS, *projects.HANDLERS, *contribution.HANDLERS, *free.HANDLERS]
