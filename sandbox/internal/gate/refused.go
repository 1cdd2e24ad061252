package gate

import (
	"slices"
)

// Refusal is a request whose signature is wrong.
type Refusal struct {
	Method      string
	URL         string // path and query as they came, with the wrong signature
	ContentType string
	Body        []byte
	AccessToken string // of the header; empty where there is none
	AppSecret   string // with which the signature should have been made
}

// String names method and nothing that is secret.
func (r Refusal) String() string { return "sandbox.Refused(" + r.Method + ")" }

// GoString is String.
func (r Refusal) GoString() string { return r.String() }

// explain asks for the mistake behind a wrong signature.
func (c *Call) explain() string {
	if c.Gate.Settings.Explain == nil {
		return ""
	}
	return c.Gate.Settings.Explain(Refusal{
		Method: c.Request.Method, URL: c.Path + "?" + c.Request.URL.RawQuery,
		ContentType: c.Request.Header.Get("Content-Type"), Body: slices.Clone(c.Body),
		AccessToken: c.Request.Header.Get(tokenHeader), AppSecret: c.App.Secret,
	})
}
