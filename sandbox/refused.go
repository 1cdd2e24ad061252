package sandbox

import "slices"

// Refused is a request whose signature is wrong, for [Config.Explain].
type Refused struct {
	Method      string
	URL         string // path and query as they came, with the wrong signature
	ContentType string
	Body        []byte
	AccessToken string // of the header; empty where there is none
	AppSecret   string // with which the signature should have been made
}

// String names method and nothing that is secret.
func (r Refused) String() string { return "sandbox.Refused(" + r.Method + ")" }

// GoString is String.
func (r Refused) GoString() string { return r.String() }

// explain asks for the mistake behind a wrong signature.
func (c *call) explain() string {
	if c.sb.config.Explain == nil {
		return ""
	}
	return c.sb.config.Explain(Refused{
		Method: c.request.Method, URL: c.path + "?" + c.request.URL.RawQuery,
		ContentType: c.request.Header.Get("Content-Type"), Body: slices.Clone(c.body),
		AccessToken: c.request.Header.Get(tokenHeader), AppSecret: c.app.Secret,
	})
}
