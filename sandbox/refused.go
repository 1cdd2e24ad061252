package sandbox

import "slices"

// refusal is a request whose signature is wrong.
type refusal struct {
	Method      string
	URL         string // path and query as they came, with the wrong signature
	ContentType string
	Body        []byte
	AccessToken string // of the header; empty where there is none
	AppSecret   string // with which the signature should have been made
}

// String names method and nothing that is secret.
func (r refusal) String() string { return "sandbox.Refused(" + r.Method + ")" }

// GoString is String.
func (r refusal) GoString() string { return r.String() }

// explain asks for the mistake behind a wrong signature.
func (c *call) explain() string {
	if c.sb.settings.explain == nil {
		return ""
	}
	return c.sb.settings.explain(refusal{
		Method: c.request.Method, URL: c.path + "?" + c.request.URL.RawQuery,
		ContentType: c.request.Header.Get("Content-Type"), Body: slices.Clone(c.body),
		AccessToken: c.request.Header.Get(tokenHeader), AppSecret: c.app.Secret,
	})
}
