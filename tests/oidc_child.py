"""A real identity provider as a process of its own: Django OAuth Toolkit on loopback, with people whose groups can be
changed by its own means. Prints where it listens, and ends with its standard input.

Arguments: a folder, the address that people come back to, and the one they are led to after they signed out."""

import os
import sys
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings

folder, back, out = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
LOGIN = """<!doctype html><title>Sign in</title><h1>University sign-in</h1><form method="post">{% csrf_token %}
{{ form.as_p }}<input type="hidden" name="next" value="{{ next }}"><button>Sign in</button></form>"""


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


server = make_server("127.0.0.1", 0, lambda *_: [], server_class=Server, handler_class=Quiet)
home = f"http://127.0.0.1:{server.server_port}"
(folder / "registration").mkdir(parents=True)
(folder / "registration" / "login.html").write_text(LOGIN)
settings.configure(
    SECRET_KEY="of-this-test-alone",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="__main__",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    LOGIN_URL="/accounts/login/",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "provider.db"}},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "oauth2_provider",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [folder],
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    ],
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    OAUTH2_PROVIDER={
        "OIDC_ENABLED": True,
        "OIDC_ISS_ENDPOINT": home,
        "OIDC_RSA_PRIVATE_KEY": (folder.parent / "provider.pem").read_text(),
        "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
        "OIDC_RP_INITIATED_LOGOUT_ALWAYS_PROMPT": False,
        "OAUTH2_VALIDATOR_CLASS": "oidc_claims.Claims",
        "SCOPES": {"openid": "who you are", "email": "your address", "profile": "your name"},
        "PKCE_REQUIRED": True,
    },
)
django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402 - Django is set up before it is looked at
from django.contrib.auth.views import LoginView  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import include, path  # noqa: E402
from oauth2_provider.models import get_application_model  # noqa: E402


def groups(request: HttpRequest) -> HttpResponse:
    """What an administrator of the provider does: `/groups?user=NAME&in=GROUP&in=GROUP`."""
    user = User.objects.get(username=request.GET["user"])
    user.groups.set([Group.objects.get_or_create(name=name)[0] for name in request.GET.getlist("in")])
    return HttpResponse()


urlpatterns = [
    path("accounts/login/", LoginView.as_view()),
    path("groups", groups),
    path("", include("oauth2_provider.urls")),
]
call_command("migrate", verbosity=0)
for name in ("ada", "eve"):
    User.objects.create_user(name, f"{name}@example.edu", "correct horse")
get_application_model().objects.create(
    name="Ringmark",
    client_id="ringmark",
    client_secret=os.environ["CLIENT_SECRET"],
    client_type="confidential",
    authorization_grant_type="authorization-code",
    redirect_uris=back,
    post_logout_redirect_uris=out,
    algorithm="RS256",
    skip_authorization=True,
)
server.set_app(get_wsgi_application())
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdout.write(f"{home}\n")
sys.stdout.flush()
sys.stdin.read()
