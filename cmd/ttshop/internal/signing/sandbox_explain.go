package signing

import (
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sign/explain"
)

// ExplainRefused tells the sandbox's request log which mistake made a signature
// wrong.
func ExplainRefused(r sandbox.Refused) string {
	report, err := explain.Explain(explain.Request{
		Method: r.Method, URL: r.URL, ContentType: r.ContentType, Body: r.Body, AccessToken: r.AccessToken,
	}, r.AppSecret, explain.Options{})
	if err != nil {
		return "" // what cannot be read cannot be explained; the answer says so
	}
	return report.Summary
}
