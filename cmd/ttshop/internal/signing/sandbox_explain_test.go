package signing

import (
	"net/url"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sign"
)

func TestExplainRefused(t *testing.T) {
	t.Parallel()
	const secret, path = "planted-secret", "/order/202309/orders/search"
	query := url.Values{"app_key": {"k"}, "timestamp": {"1700000000"}, "page_size": {"20"}}
	signature := sign.New(secret).Sign(sign.Request{Path: path, Query: query}) // without the body
	got := ExplainRefused(sandbox.Refused{
		Method: "POST", URL: path + "?" + query.Encode() + "&sign=" + signature,
		ContentType: "application/json", Body: []byte(`{"order_status":"UNPAID"}`), AppSecret: secret,
	})
	if !strings.Contains(got, "body") || strings.Contains(got, secret) {
		t.Errorf("explained as %q", got)
	}
	if got := ExplainRefused(sandbox.Refused{URL: "/x?a=%", AppSecret: secret}); got != "" {
		t.Errorf("what cannot be read is explained as %q", got)
	}
}
