package webhook

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ttshop-go/ttshop/sign"
)

// App is an app whose deliveries are received: its key and its secrets. It
// never shows a secret. The zero value accepts no delivery.
type App struct {
	key     string
	signers []*sign.Signer // newest first
}

// NewApp returns an app. While a secret is being rotated, pass the new one and then
// the old one: a delivery signed with either is genuine.
func NewApp(key string, secrets ...string) (App, error) {
	if key == "" {
		return App{}, errors.New("webhook: the app key is empty; pass the one shown in Partner Center")
	}
	if len(secrets) == 0 {
		return App{}, fmt.Errorf("webhook: app %s has no secret; pass the one shown in Partner Center", key)
	}
	app := App{key: key}
	for i, secret := range secrets {
		switch {
		case secret == "":
			return App{}, fmt.Errorf("webhook: secret %d of app %s is empty; anyone could sign with it", i+1, key)
		case strings.TrimSpace(secret) != secret:
			return App{}, fmt.Errorf("webhook: secret %d of app %s begins or ends with white space; it was probably copied with a line end", i+1, key)
		}
		app.signers = append(app.signers, sign.New(secret))
	}
	return app, nil
}

// Key returns the app key.
func (a App) Key() string { return a.key }

// Sign returns the signature of a delivery with the newest secret: the value of
// its Authorization header. It is empty for the zero App.
func (a App) Sign(body []byte) string {
	if len(a.signers) == 0 {
		return ""
	}
	return a.signers[0].SignWebhook(a.key, body)
}

// String names the app without its secrets.
func (a App) String() string { return "webhook.App(" + a.key + ")" }

// GoString is String, so that no fmt verb walks into the app.
func (a App) GoString() string { return a.String() }
