package oauth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/internal/wire"
)

// Paths of the token endpoints.
const (
	exchangePath = "/api/v2/token/get"
	refreshPath  = "/api/v2/token/refresh"
)

// responseLimit bounds the answer of a token endpoint, in bytes.
const responseLimit = 1 << 20

// Exchange exchanges an auth code for a token. If the code is wrong, used or
// older than 30 minutes, the error is a [*ttshop.Error] of class
// [ttshop.ErrUnauthorized].
func (a *App) Exchange(ctx context.Context, code string) (ttshop.Token, error) {
	if code == "" {
		return ttshop.Token{}, fmt.Errorf("oauth: exchange: %w: the auth code is empty", ttshop.ErrInvalidRequest)
	}
	return a.fetch(ctx, "oauth.Exchange", exchangePath, url.Values{"auth_code": {code}, "grant_type": {"authorized_code"}})
}

// Refresh exchanges a refresh token for a new token. The answer may carry another
// refresh token: store the token returned and forget the old one. If the platform
// sends no refresh token, the old one is kept. If the refresh token has expired,
// the error is a [*ttshop.Error] of class [ttshop.ErrUnauthorized]: the user must
// authorize the app again.
func (a *App) Refresh(ctx context.Context, refreshToken ttshop.Secret) (ttshop.Token, error) {
	if refreshToken == "" {
		return ttshop.Token{}, fmt.Errorf("oauth: refresh: %w: the refresh token is empty", ttshop.ErrInvalidRequest)
	}
	token, err := a.fetch(ctx, "oauth.Refresh", refreshPath, url.Values{"refresh_token": {refreshToken.Reveal()}, "grant_type": {"refresh_token"}})
	if err == nil && token.RefreshToken == "" {
		token.RefreshToken = refreshToken
	}
	return token, err
}

// fetch asks a token endpoint. The parameters are secrets and part of the URL: no
// error and no log record may show it.
func (a *App) fetch(ctx context.Context, name, path string, query url.Values) (ttshop.Token, error) {
	if a.Key == "" || a.Secret == "" {
		return ttshop.Token{}, fmt.Errorf("%s: %w: the app's key or secret is empty", name, ttshop.ErrInvalidRequest)
	}
	query.Set("app_key", a.Key)
	query.Set("app_secret", a.Secret.Reveal())
	start := time.Now()
	token, err := a.get(ctx, name, path, query)
	if a.Logger != nil {
		level, text := slog.LevelDebug, "token endpoint"
		attrs := []slog.Attr{slog.String("operation", name), slog.Duration("duration", time.Since(start))}
		if err != nil {
			level, text = slog.LevelWarn, "token endpoint failed"
			attrs = append(attrs, slog.String("error", err.Error()))
		}
		a.Logger.LogAttrs(ctx, level, text, attrs...)
	}
	return token, err
}

func (a *App) get(ctx context.Context, name, path string, query url.Values) (ttshop.Token, error) {
	client := http.Client{Timeout: requestTimeout}
	if a.HTTPClient != nil {
		client = *a.HTTPClient
	}
	// A redirect would carry the secrets to another address.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

	req, err := http.NewRequestWithContext(ctx, http.MethodGet, cmp.Or(a.Endpoint, DefaultEndpoint)+path+"?"+query.Encode(), nil)
	if err != nil {
		return ttshop.Token{}, fmt.Errorf("%s: the endpoint is not a valid address; use, for example, %s", name, DefaultEndpoint)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "ttshop-go/"+ttshop.Version)
	lost := func(err error) error {
		// An exchange or a refresh may have used up the code or the refresh token.
		return &ttshop.TransportError{Operation: name, Write: true, Sent: true, Tries: 1, Err: err}
	}
	resp, err := client.Do(req)
	if err != nil {
		if urlError, ok := errors.AsType[*url.Error](err); ok {
			err = urlError.Err
		}
		return ttshop.Token{}, &ttshop.TransportError{Operation: name, Write: true, Sent: wire.MaySent(err), Tries: 1, Err: err}
	}
	defer resp.Body.Close()
	answer, err := wire.ReadLimited(resp.Body, resp.ContentLength, responseLimit)
	if err != nil {
		return ttshop.Token{}, lost(fmt.Errorf("read answer: %w", err))
	}
	var data tokenData
	envelope, err := wire.DecodeEnvelope(answer, &data)
	if err == nil && envelope.Code == 0 && resp.StatusCode == http.StatusOK {
		token, odd, err := data.token(answer, time.Now())
		if err != nil {
			return ttshop.Token{}, lost(err)
		}
		if len(odd) > 0 && a.Logger != nil {
			a.Logger.LogAttrs(ctx, slog.LevelWarn, "the platform's answer is odd", slog.String("operation", name),
				slog.String("open_id", token.OpenID), slog.String("odd", strings.Join(odd, "; ")))
		}
		return token, nil
	}
	if err != nil && resp.StatusCode == http.StatusOK {
		return ttshop.Token{}, lost(err)
	}
	return ttshop.Token{}, &ttshop.Error{
		Operation: name, HTTPStatus: resp.StatusCode, Code: envelope.Code, CodeText: redact(envelope.CodeText, query), Message: redact(envelope.Message, query),
		RequestID: envelope.RequestID, Tries: 1, Write: true,
	}
}

// redact takes the secrets of a query out of a text of the platform.
func redact(text string, query url.Values) string {
	for _, key := range []string{"app_secret", "auth_code", "refresh_token"} {
		text = wire.Mask(text, query.Get(key), "[secret]")
	}
	return text
}
