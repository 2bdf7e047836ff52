"""What a server worker imports: the app over the centre of the environment, with the ticker beside it."""
from kernel.centre import Centre
from kernel.logs import configure
from kernel.settings import Settings
from kernel.ticker import Ticker
from trading.incidents.silence import note_silence
from web.app import create_app
from web.look.scripts import publish_scripts

configure()
centre = Centre(Settings())
ticker = Ticker(centre)
before = [] if centre.rehearsal or centre.row is None else [lambda: note_silence(centre)]
before += [] if centre.row is None else [lambda: publish_scripts(centre)]
app = create_app(centre, on_start=[*before, ticker.start], on_stop=[ticker.stop])
