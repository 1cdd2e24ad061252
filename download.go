package ttshop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// Download copies the document behind a link of an answer, such as a shipping label,
// to a writer and returns its media type. The link carries its own permission: neither
// the access token nor a signature goes along, and redirects are followed. A link is
// a secret while it lasts and is in no error.
//
// A document that is gone, or whose link has expired, is [ErrNotFound]: make the call
// that gave the link again. [ErrUnavailable] may pass. Nothing was written then; after
// a failure on the way, part of the document was. [WithTimeout] and the like do not
// count, only the context's deadline does.
func (c *Client) Download(ctx context.Context, link string, to io.Writer) (contentType string, err error) {
	if c.err != nil {
		return "", c.err
	}
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", fmt.Errorf("download: %w: the link is not a web address", ErrInvalidRequest)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return "", fmt.Errorf("download from %s: %w", u.Host, withoutURL(err))
	}
	req.Header.Set("User-Agent", c.userAgent)
	following := *c.http
	following.CheckRedirect = nil
	resp, err := following.Do(req)
	if err != nil {
		err = withoutURL(err)
		if cause := context.Cause(ctx); cause != nil {
			return "", fmt.Errorf("download from %s: %w", u.Host, errors.Join(cause, err))
		}
		return "", fmt.Errorf("download from %s: %w: %w", u.Host, ErrUnavailable, err)
	}
	defer resp.Body.Close()
	switch s := resp.StatusCode; {
	case s >= 200 && s < 300:
	case s == http.StatusForbidden, s == http.StatusNotFound, s == http.StatusGone:
		return "", fmt.Errorf("download from %s: %w: HTTP %d; the link may have expired, ask for it again", u.Host, ErrNotFound, s)
	case s == http.StatusTooManyRequests, s >= 500:
		return "", fmt.Errorf("download from %s: %w: HTTP %d", u.Host, ErrUnavailable, s)
	default:
		return "", fmt.Errorf("download from %s: HTTP %d", u.Host, s)
	}
	if _, err := io.Copy(to, resp.Body); err != nil {
		return "", fmt.Errorf("download from %s: copy: %w", u.Host, withoutURL(err))
	}
	return resp.Header.Get("Content-Type"), nil
}
