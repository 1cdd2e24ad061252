// Package oauth takes an app through the authorization of a seller, creator or
// partner: the link to send them to, the callback they come back with, and the
// token endpoints.
//
//	app := &oauth.App{Key: key, Secret: secret, ServiceID: serviceID}
//	state := oauth.NewState()                             // keep it in the session
//	link, err := app.AuthorizeURL(oauth.Seller, state)    // send the seller there
//	callback, err := oauth.ParseCallback(r.URL.Query(), state)
//	token, err := app.Exchange(ctx, callback.Code)
//
// The redirect URL is set in Partner Center; the platform ignores one in the
// link.
package oauth
