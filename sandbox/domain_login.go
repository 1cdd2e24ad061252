package sandbox

const (
	appsHelp = `GET    /_sandbox/apps            the apps; POST {"app_key":…,"app_secret":…,"redirect_url":…,"scopes":[…]} adds one
`
	usersHelp = `GET    /_sandbox/users           who can authorize an app: sellers, creators, a partner
`
	grantsHelp = `GET    /_sandbox/grants          who allowed which app what
`
	grantHelp = `POST   /_sandbox/grants          {"app_key":…,"user":…,"scopes":[…]} authorizes without a browser, answers tokens
`
	revokeHelp = `DELETE /_sandbox/grants/{id}     revokes
`
)

// registerLogin binds the operations of the shops and assets of a grant.
func registerLogin(r *registry) {
	r.endpoint("/api/v2/token/get", "oauth.GetAccessToken", getToken)
	r.endpoint("/api/v2/token/refresh", "oauth.RefreshAccessToken", refreshToken)
	for _, path := range []string{"/open/authorize", "/oauth/authorize", "/alliance/creator/auth"} {
		r.page(path, authorizePage(path))
	}
	r.steer(
		controlEndpoint{pattern: "GET /_sandbox/apps", help: appsHelp, handle: getApps},
		controlEndpoint{pattern: "POST /_sandbox/apps", handle: postApp},
		controlEndpoint{pattern: "GET /_sandbox/users", help: usersHelp, handle: getUsers},
		controlEndpoint{pattern: "GET /_sandbox/grants", help: grantsHelp, handle: getGrants},
		controlEndpoint{pattern: "POST /_sandbox/grants", help: grantHelp, handle: postGrant},
		controlEndpoint{pattern: "DELETE /_sandbox/grants/{id}", help: revokeHelp, handle: deleteGrant},
	)

	r.handle("authorization.GetAuthorizedShops", getAuthorizedShops)
	r.handle("authorization.GetAuthorizedCategoryAssets", getCategoryAssets)
	r.handle("seller.GetActiveShops", getActiveShops)
	r.handle("seller.GetSellerPermissions", getSellerPermissions)
}
