"""Root of the addresses: every page lives under its language, so a link keeps the language it was copied in."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    path("", include("torap.web.root_urls")),
    *i18n_patterns(
        path("account/", include("allauth.account.urls")),
        path("account/2fa/", include("allauth.mfa.urls")),
        path("", include("torap.web.urls")),
    ),
]
