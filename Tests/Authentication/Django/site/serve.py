"""Creates the tables and serves the site on a free loopback port, which is the last word of the line it prints."""

import os
from wsgiref.simple_server import make_server

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

from django.core.management import call_command  # noqa: E402 - the settings must be named first
from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()
call_command("migrate", verbosity=0)
server = make_server("127.0.0.1", 0, application)
print("Serving on", server.server_port, flush=True)
server.serve_forever()
