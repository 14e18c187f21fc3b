"""What the real provider of the tests says of people: their address, and their groups."""

from oauth2_provider.oauth2_validators import OAuth2Validator


class Claims(OAuth2Validator):
    oidc_claim_scope = {**OAuth2Validator.oidc_claim_scope, "groups": "openid"}  # noqa: RUF012

    def get_additional_claims(self, request):
        user = request.user
        return {"email": user.email, "name": user.username.title(), "groups": [each.name for each in user.groups.all()]}
