"""gunicorn: no control socket in the home folder, workers renewed now and then."""

control_socket_disable = True
max_requests = 5000
max_requests_jitter = 500
timeout = 60
accesslog = None
