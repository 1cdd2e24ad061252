// Package login serves the authorization host: the consent page, the token
// endpoints, and the control of apps, users and grants. It also answers what an app
// asks about the shops of a grant.
package login

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

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

const expireHelp = `POST   /_sandbox/grants/{id}/expire  its access tokens expire now; {"refresh":true}: its refresh tokens, too
`

// Register binds the operations of the shops and assets of a grant.
func Register(r *gate.Registry) {
	r.Endpoint("/api/v2/token/get", "oauth.GetAccessToken", getToken)
	r.Endpoint("/api/v2/token/refresh", "oauth.RefreshAccessToken", refreshToken)
	for _, path := range []string{"/open/authorize", "/oauth/authorize", "/alliance/creator/auth"} {
		r.Page(path, authorizePage(path))
	}
	r.Steer(
		gate.ControlEndpoint{Pattern: "GET /_sandbox/apps", Help: appsHelp, Handle: getApps},
		gate.ControlEndpoint{Pattern: "POST /_sandbox/apps", Handle: postApp},
		gate.ControlEndpoint{Pattern: "GET /_sandbox/users", Help: usersHelp, Handle: getUsers},
		gate.ControlEndpoint{Pattern: "GET /_sandbox/grants", Help: grantsHelp, Handle: getGrants},
		gate.ControlEndpoint{Pattern: "POST /_sandbox/grants", Help: grantHelp, Handle: postGrant},
		gate.ControlEndpoint{Pattern: "DELETE /_sandbox/grants/{id}", Help: revokeHelp, Handle: deleteGrant},
		gate.ControlEndpoint{Pattern: "POST /_sandbox/grants/{id}/expire", Help: expireHelp, Handle: expireGrant},
		gate.ControlEndpoint{Pattern: "POST /_sandbox/shops/{id}", Help: standingHelp, Handle: postStanding},
	)
	r.ShopPart(standingPart)
	r.ShopCheck(checkStanding)

	r.Handle("authorization.GetAuthorizedShops", getAuthorizedShops)
	r.Handle("authorization.DeauthorizeShop", deauthorizeShop)
	r.Handle("authorization.GetAuthorizedCategoryAssets", getCategoryAssets)
	r.Handle("seller.GetActiveShops", getActiveShops)
	r.Handle("seller.GetSellerPermissions", getSellerPermissions)
	r.Handle("seller.GetSellerStatus", getSellerStatus)
}
