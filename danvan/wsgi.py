import sys

from common.loading import nothing_collected
from danvan.environment import use_settings

use_settings()
try:
    with nothing_collected():
        from django.core.wsgi import get_wsgi_application

        application = get_wsgi_application()
except SystemExit:  # a wrong setting
    sys.exit(4)  # gunicorn halts on its code for an application that does not load; on others it starts workers for ever
