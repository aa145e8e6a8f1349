"""Root of the addresses: every page lives under its language, so a link keeps its language."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", include("torap.web.root_urls")),
    *i18n_patterns(
        # An administrator sets a new password; nothing is sent by e-mail.
        path("account/password/reset/", RedirectView.as_view(pattern_name="account_login")),
        # Addresses of people are kept by the administrator, where the ledger hears of it.
        path("account/email/", RedirectView.as_view(pattern_name="me")),
        path("account/", include("allauth.account.urls")),
        path("account/2fa/", include("allauth.mfa.urls")),
        path("", include("torap.web.urls")),
    ),
]
